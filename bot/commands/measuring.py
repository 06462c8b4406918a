"""The commands that measure: `evaluate` on sets of questions, `calibrate` on the operator's own."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.opening import open_index, settings_of
from bot.commands.options import AsJson, Corpus, Data
from bot.commands.streams import errors, output, write_json
from bot.evaluation.halves import Half


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False)],
    against: Annotated[
        Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="Ask the documents of this set.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many questions of each set.")] = None,
    half: Annotated[
        Half | None, typer.Option(help="Only one half of the questions: one for choosing, one for measuring.")
    ] = None,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Score Footnote on the questions in a folder, and in every folder below it."""
    from bot.evaluation import evaluation, question_sets

    sets = question_sets.find(folder, against)
    scores = evaluation.evaluate(sets, settings_of(corpus, data), limit, errors(), half)
    if as_json:
        write_json({"sets": [score.form() for score in scores]})
    else:
        evaluation.show(output(), scores)


def calibrate(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS", exists=True)],
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Fit how sure an answer has to be on questions of your own, a file or a folder of them."""
    from bot.app import calibration_file, calibration_key, open_uncalibrated
    from bot.evaluation import calibrating, question_sets
    from bot.presenting import progress
    from bot.terminal import terminal
    from index.report import Progress

    settings = settings_of(corpus, data)
    asked = question_sets.questions_in(questions)
    with (
        open_index(settings) as library,
        closing(open_uncalibrated(library, settings)) as answerer,
        progress.shown(errors()) as show,
    ):
        judged = calibrating.ask(asked, library, answerer, lambda done: show(Progress("asking", done, len(asked))))
    fitted = calibrating.fit(judged)
    calibration_file(settings).keep(calibration_key(settings), fitted)
    if as_json:
        write_json(asdict(fitted))
    else:
        terminal.show_calibration(output(), fitted)
