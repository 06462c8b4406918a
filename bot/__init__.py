"""Everything that talks to people: questions come in, answers go out. `bot.app` puts it together.

Imports `index`, which imports nothing of it.
"""
