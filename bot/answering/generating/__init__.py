"""Generating: a question and passages come in, what a chat model wrote and the passages support comes out.

And statements come in, and come out in the asker's language. Everything that is asked of a chat model goes through
`ChatSession`: answers, translations, and what `understanding` asks. Imports LangChain, the answer's nouns, `quoting`
and `verifying`.
"""
