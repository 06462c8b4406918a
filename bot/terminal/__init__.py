"""The terminal front end: an answer, hits or a report come in; lines, JSON or a conversation come out.

Imports `presenting` and the nouns of the answering and of the index; neither Discord's front end nor the evaluation.
"""
