"""Composing: what was found for a question comes in, an `Answer` comes out, quoted or written, or a refusal.

Imports every step below it, for the last word of each; nothing of it knows how the question was understood or searched.
"""
