"""Verifying: a draft and sentences come in, a supported statement or a rejection, which is data, comes out."""
