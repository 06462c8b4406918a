"""Selecting: evidence comes in, the sentences that answer best and how sure that is come out.

Imports the nouns of evidence and `index.language`, no other step.
"""
