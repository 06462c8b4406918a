from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord.desk import Desk, NoSuchSource, meant
from bot.discord.store import Store
from index.documents import Record
from tests.unit.bot.discord.answers import RECORD
from tests.unit.bot.discord.stand_ins import StandInAnswerer, StandInLibrary

RECORDS = (
    Record("a" * 32, "Annual report", "reports/Annual.md"),
    Record("b" * 32, "Quarterly report", "reports/quarterly.md"),
    Record("c" * 32, "Rules", "rules.md"),
)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a" * 32, "reports/Annual.md"),
        ("annual REPORT", "reports/Annual.md"),
        ("reports/annual.md", "reports/Annual.md"),
        ("reports", "reports"),
        ("Reports/", "reports"),
        ("rule", "rules.md"),
        ("report", None),
        ("nothing", None),
    ],
)
def test_a_source_is_meant_by_its_id_title_path_folder_or_a_part_that_is_its_alone(
    name: str, source: str | None
) -> None:
    assert meant(name, RECORDS) == source


async def test_no_name_means_every_source() -> None:
    assert await Desk(StandInLibrary(), StandInAnswerer(), Store(":memory:")).source("") is None


async def test_an_unknown_source_is_named_in_the_refusal() -> None:
    with pytest.raises(NoSuchSource, match="nowhere"):
        await Desk(StandInLibrary(), StandInAnswerer(), Store(":memory:")).source("nowhere")


def test_the_first_of_two_documents_with_one_title_is_meant() -> None:
    twins = (RECORD, replace(RECORD, id="e" * 32, source="https://example.org/other"))
    assert meant("the report", twins) == RECORD.source
