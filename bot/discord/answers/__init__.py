"""From a question to the messages that answer it, whatever it was asked with.

A question and the conversation before it come in, messages go out through a reply. It imports `messaging`, `work`,
the store and `bot.presenting`, and no feature.
"""
