"""What the README says of the program is what the program says of itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import typer.main
from typer.core import TyperArgument, TyperGroup

from bot.cli import app

README = (Path(__file__).parents[2] / "README.md").read_text()
ROW = re.compile(r"^\| `footnote (?P<name>\w+)(?: (?P<argument>[A-Z]+))?` \| (?P<help>.+) \|$", re.MULTILINE)


def _commands() -> dict[str, Any]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return dict(group.commands)


def test_the_readme_lists_every_command_with_the_help_that_the_program_prints() -> None:
    told = {row["name"]: row["help"] for row in ROW.finditer(README)}
    assert told == {name: command.help for name, command in _commands().items()}


def test_the_readme_names_the_argument_of_each_command() -> None:
    told = {row["name"]: row["argument"] for row in ROW.finditer(README)}
    taken = {
        name: next((option.metavar for option in command.params if isinstance(option, TyperArgument)), None)
        for name, command in _commands().items()
    }
    assert told == taken


def test_every_option_that_the_readme_shows_behind_a_dash_exists() -> None:
    section = README.split("## Commands")[1].split("## Configuration")[0]
    shown = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", section))
    known = {name for command in _commands().values() for option in command.params for name in option.opts}
    assert shown
    assert shown <= known
