"""Generating: a question and passages come in, what a chat model wrote and the passages support comes out.

Everything that is asked of a chat model goes through `ChatSession`: answers, and what `understanding` asks. Imports
LangChain, the answer's nouns, `selecting`, `quoting` and `verifying`.
"""
