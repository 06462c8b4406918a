"""Everything that talks to people. `bot.app` puts it together."""
