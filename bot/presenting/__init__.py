"""Presenting: what happened comes in, typed, and the words that both front ends show come out, in a reader's language.

Where something stands, how old it is, a quote in its context, what went wrong; and nothing of it with a secret in it.
Imports the nouns of `bot.answering` and `index` alone; each front end makes the text harmless for its own screen.
"""
