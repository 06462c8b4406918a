"""Presenting: what happened comes in, typed, and the English that both front ends show comes out.

Imports the nouns of `bot.answering` and of `index` alone; it knows neither Discord nor the terminal.
"""
