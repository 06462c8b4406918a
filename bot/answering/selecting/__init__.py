"""Selecting: evidence comes in, the sentences that answer best and how sure that is come out.

Has the best passages read by `reading`; imports the nouns of evidence and of an answer, and `index.language`.
"""
