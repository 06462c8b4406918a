"""Work under way: jobs that each end in one reply, and the limits within which people may start them.

It imports `bot.discord.messaging`, through which every job speaks.
"""
