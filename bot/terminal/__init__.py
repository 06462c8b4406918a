"""The terminal front end: an answer, hits or a report come in; lines, JSON or a conversation come out."""
