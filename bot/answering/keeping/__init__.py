"""Keeping: answers come in, and are there again when they are asked for: JSON of them, and the cache of written ones.

Imports the answer's nouns alone.
"""
