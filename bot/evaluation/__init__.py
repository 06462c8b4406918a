"""Evaluation: question sets come in, the measures of finding, answering and refusing come out.

Imports `bot.app`, `presenting` and the answering, and no front end.
"""
