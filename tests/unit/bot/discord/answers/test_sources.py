from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord.answers.sources import SourceNames, meant
from bot.discord.messaging.notices import Refused
from bot.presenting.words import ENGLISH
from index.access import NOBODY, Viewer
from index.documents import DocumentMetadata
from index.errors import IndexMissing
from tests import fakes
from tests.fakes import FakeLibrary
from tests.unit.bot.discord.sample_answers import METADATA, PAGE

DOCUMENTS = (
    DocumentMetadata("a" * 32, "Annual report", "reports/Annual.md"),
    DocumentMetadata("b" * 32, "Quarterly report", "reports/quarterly.md"),
    DocumentMetadata("c" * 32, "Rules", "rules.md"),
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
    assert meant(name, DOCUMENTS) == source


async def test_no_name_means_every_source() -> None:
    assert await SourceNames(FakeLibrary(PAGE)).resolve("", NOBODY, words=ENGLISH) is None


async def test_an_unknown_source_is_named_in_the_refusal() -> None:
    with pytest.raises(Refused, match="nowhere"):
        await SourceNames(FakeLibrary(PAGE)).resolve("nowhere", NOBODY, words=ENGLISH)


def test_the_first_of_two_documents_with_one_title_is_meant() -> None:
    twins = (METADATA, replace(METADATA, id="e" * 32, source="https://example.org/other"))
    assert meant("the report", twins) == METADATA.source


async def test_autocomplete_offers_no_more_than_discord_takes() -> None:
    library = FakeLibrary(*(fakes.document(f"Report {number} " + "x" * 200, "A report.") for number in range(40)))
    choices = await SourceNames(library).choices("report", NOBODY)
    assert len(choices) == 25
    assert all(0 < len(choice.name) <= 100 for choice in choices)


async def test_autocomplete_offers_folders_first_and_they_are_meant() -> None:
    class Reports(FakeLibrary):
        def sources(self, viewer: Viewer) -> tuple[DocumentMetadata, ...]:
            return DOCUMENTS

    names = SourceNames(Reports())
    choices = await names.choices("repo", NOBODY)
    assert [choice.name for choice in choices] == ["reports/", "Annual report", "Quarterly report"]
    assert await names.resolve(choices[0].value, NOBODY, ENGLISH) == "reports"


async def test_without_an_index_there_is_nothing_to_choose_from() -> None:
    class Empty(FakeLibrary):
        def sources(self, viewer: Viewer) -> tuple[DocumentMetadata, ...]:
            raise IndexMissing("nothing is indexed yet")

    assert await SourceNames(Empty()).choices("report", NOBODY) == []
