"""What people can do with the bot: one module a feature, with its command, its buttons, its forms and its messages.

A feature is a cog that is given exactly what it works with, and that names the component actions it answers. It imports
`answers`, `work`, `messaging`, the store and `bot.presenting`; `bot.discord.client` puts the features together.
"""
