"""One machine builds the index, others answer from it: the real commands, and a real S3 server that comes and goes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.object_stores import S3Server
from tests.scenarios.conftest import VALLEY, Footnote

QUESTION = "When was the oldest clock of the museum built?"


@dataclass(frozen=True)
class Machine(Footnote):
    """A machine of its own: the command, run in a folder that holds `corpus` if it builds, and its own `data`."""

    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, **self.variables}

    def write(self, source: str, text: str) -> None:
        path = self.home / "corpus" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def refresh(self) -> dict[str, Any]:
        done = self("refresh", "--json")
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def ask(self) -> tuple[str, int, str]:
        """Return what is answered, out of which generation, and what is said besides."""
        done = self("ask", QUESTION, "--json")
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        return answer["text"], answer["generation"], done.stderr


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture(scope="module")
def bucket(s3: S3Server) -> Any:
    return s3.bucket("valley")


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory, s3: S3Server, bucket: Any) -> Machine:
    """Return a machine that has the documents of the valley, and has published them."""
    builder = Machine(tmp_path_factory.mktemp("builder"), sharing(s3))
    for source, text in VALLEY.items():
        builder.write(source, text)
    assert "publishing" in builder.refresh()["stages"]
    return builder


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, s3: S3Server, builder: Machine) -> Machine:
    """Return a machine that has no documents, and the models that the builder exported."""
    reader = Machine(tmp_path_factory.mktemp("reader"), sharing(s3))
    shutil.copytree(builder.home / "data" / "models", reader.home / "data" / "models")
    return reader


def sharing(s3: S3Server) -> dict[str, str]:
    return {**s3.environment, "FOOTNOTE_GENERATIONS": "s3://valley/footnote"}


def built_in(year: str) -> str:
    """Return the page of the museum, in which the oldest clock is of that year."""
    return VALLEY["museum.html"].replace("1641", year)


@pytest.fixture
def away(s3: S3Server) -> Iterator[None]:
    """Let the server be away."""
    s3.stop()
    yield
    s3.start()


def test_what_one_machine_builds_another_answers_from(builder: Machine, reader: Machine) -> None:
    said, generation, besides = reader.ask()
    assert "1641" in said
    assert (generation, besides) == (1, "")
    builder.write("museum.html", built_in("1655"))
    assert builder.refresh()["generation"] == 2
    said, generation, _ = reader.ask()
    assert "1655" in said
    assert generation == 2


def test_what_is_gone_back_to_is_gone_back_to_everywhere(builder: Machine, reader: Machine) -> None:
    builder.write("museum.html", built_in("1677"))
    before = builder.refresh()["generation"]
    back = builder("rollback")
    assert back.returncode == 0, back.stderr
    said, generation, _ = reader.ask()
    assert "1677" not in said
    assert generation == before + 1


def test_while_the_server_is_away_readers_answer_and_say_so_and_a_refresh_changes_nothing(
    builder: Machine, reader: Machine, away: None
) -> None:
    _, generation, besides = reader.ask()
    assert besides.startswith("footnote: s3://valley/footnote cannot be reached")
    assert besides.count("\n") == 1
    builder.write("museum.html", built_in("1699"))
    refused = builder("refresh")
    assert refused.returncode == 1
    assert refused.stderr.startswith("footnote: s3://valley/footnote cannot be reached")
    assert refused.stderr.count("\n") == 1
    assert (builder.home / "data" / "CURRENT").read_text().strip() == str(generation)


def test_a_machine_that_never_had_an_index_does_not_make_one_up_while_the_server_is_away(
    tmp_path: Path, s3: S3Server, away: None
) -> None:
    machine = Machine(tmp_path, sharing(s3))
    machine.write("else.md", "The oldest clock of the museum was built in 1999.")
    done = machine("ask", QUESTION)
    assert done.returncode == 1
    assert "s3://valley/footnote cannot be reached" in done.stderr.splitlines()[-1]
    assert not (machine.home / "data" / "CURRENT").exists()


def test_a_refresh_that_is_killed_while_it_publishes_hinders_neither_readers_nor_the_next_one(
    builder: Machine, reader: Machine, bucket: Any
) -> None:
    there = {each.key for each in bucket.objects.filter(Prefix="footnote/generations/")}
    builder.write("museum.html", built_in("1702"))
    refresh = subprocess.Popen(
        [builder.command, "refresh"], cwd=builder.home, env=builder.environment, stderr=subprocess.DEVNULL
    )
    while {each.key for each in bucket.objects.filter(Prefix="footnote/generations/")} <= there:
        assert refresh.poll() is None
    refresh.send_signal(signal.SIGKILL)
    refresh.wait()

    assert reader.ask()[1] >= 3
    builder.refresh()
    assert "1702" in reader.ask()[0]
