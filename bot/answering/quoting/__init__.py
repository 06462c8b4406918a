"""Quoting: sentences come in, cited statements in the documents' own words come out.

Imports the answer's nouns, of the index its nouns and `language`; no other step.
"""
