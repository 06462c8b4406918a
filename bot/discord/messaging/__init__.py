"""Messages: what they hold, how they reach Discord, and how text of others is made harmless first.

A `Message` as Footnote means it goes in, calls of discord.py go out. It imports `bot.presenting` and nothing else of
this front end.
"""
