"""Verifying: a draft and sentences come in, a supported statement or a rejection, which is data, comes out.

Imports `quoting`, of the index its nouns and `language`; never the chat model whose drafts it judges.
"""
