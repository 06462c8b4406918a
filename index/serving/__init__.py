"""Serving: a pinned generation and a question come in, hits and evidence come out. Imports nothing of `building`."""
