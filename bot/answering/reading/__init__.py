"""Reading: a question and passages come in; whether each passage answers it, how surely, and where, comes out.

Imports of the index its nouns and `models`, no other step.
"""
