"""What is shown where the documents do not say it outright: how much of it has an answer after all.

    footnote ask --corpus DIR --data DIR --batch questions.jsonl > answers.jsonl
    python -m tests.benchmarks.related questions.jsonl answers.jsonl

Both files have a JSON object a line: the questions with `answerable` and `answers`, as `footnote evaluate` reads them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.evaluation.question_sets import rows


def main() -> None:
    """Print how many were answered as `related`, of how many, and how many of those have an answer, and show it."""
    questions, answers = (list(rows(Path(name))) for name in sys.argv[1:3])
    asked = {question["id"]: question for question in questions}
    related = [answer for answer in answers if answer.get("status") == "related"]
    answerable = [answer for answer in related if asked[answer["id"]]["answerable"]]
    shown = [
        answer
        for answer in answerable
        if any(gold.lower() in answer["text"].lower() for gold in asked[answer["id"]].get("answers", ()))
    ]
    sys.stdout.write(
        f"{len(related)} of {len(answers)} answered as related; {len(related) - len(answerable)} have no answer in the "
        f"documents; of the other {len(answerable)} the answer is shown for {len(shown)}\n"
    )


if __name__ == "__main__":
    main()
