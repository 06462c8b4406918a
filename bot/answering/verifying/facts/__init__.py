"""Facts: an analysed statement and its quote come in, each fact of it that the quote does not support comes out.

Numbers, dates, names, negations and how sure a sentence is. Imports `index.language` and the noun of a rejection alone.
"""
