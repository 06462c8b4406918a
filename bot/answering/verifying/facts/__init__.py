"""Whether the numbers, dates, names and negations of a statement are those of the sentences that it cites."""
