"""Quoting: sentences come in, cited statements in the documents' own words come out.

Imports `selecting` and the answer's nouns, of the index its nouns and `language`.
"""
