"""Torture: what Footnote promises (an index that is always whole, an answer or a reason), under faults made on purpose.

`make torture` runs all of it in full; `tests/scenarios/test_torture.py` runs a short form of it with every test.
"""
