"""What both front ends show, in words: where something stands, how old it is, a quote in its context, no secrets.

Nouns of the index and of the answering come in, plain English text goes out. It imports `index` and the nouns of
`bot.answering`, never a front end: each of those makes the text harmless for its own screen.
"""
