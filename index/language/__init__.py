"""What is known about languages: text comes in; tokens, terms, sentences and its language come out.

`languages/` holds one module for each language with its tables, and nothing outside it lists words of a language to
tell pronouns, negation, months or names by. Imports `index.documents` alone.
"""
