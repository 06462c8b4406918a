"""Verifying: a draft and sentences come in, a supported statement or the reason against it comes out."""
