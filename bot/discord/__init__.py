"""The Discord front end: people's questions come in, cited answers go out, within Discord's limits and habits.

Imports `bot.app`, `presenting` and the answering; neither the terminal nor the evaluation. Inside it, each stands on
those before it: messaging, work, answers, features, the client and the process.
"""
