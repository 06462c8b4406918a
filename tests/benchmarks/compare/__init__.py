"""Footnote beside what a user would take instead: the same files, questions and model, a process for each step.

`make compare` runs it. `system` is what is compared, `measuring` one step of one system, `sets` what is asked, `table`
what comes out. Only `sets` and `__main__` know Footnote's code: the others run where it is not installed.
"""
