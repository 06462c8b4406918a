"""Quoting: sentences come in, cited statements in the documents' own words come out."""
