"""Documents that people handed in: kept, read and forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.access import NOBODY, OPERATOR, Viewer
from index.errors import NotAccepted
from index.messages import Attachment
from index.sources.attached import LARGEST, Attached, attached_in
from tests.conftest import Shelf

RULES = Attachment("Boat rules.md", "https://discord.com/channels/10/20/30", server=10, added_by=7)
ANSWER = Attachment("answer.md", "https://discord.com/channels/10/20/31", 10, 7, title="Where is the key?", author=8)


@pytest.fixture
def attached(tmp_path: Path) -> Attached:
    return Attached(attached_in(tmp_path / "data"))


def test_what_was_handed_in_is_a_document_of_its_server_that_opens_at_its_message(empty_shelf: Shelf) -> None:
    attached = Attached(attached_in(empty_shelf.data))
    attached.keep(RULES, b"Boats are lent until six.\n")
    attached.keep(ANSWER, b"# Where is the key?\n\nBehind the door.\n")
    assert empty_shelf.refresh().added == (RULES.address, ANSWER.address)
    library = empty_shelf.library()
    members = Viewer(servers=frozenset({10}))
    assert library.sources(NOBODY) == library.sources(Viewer(servers=frozenset({11}))) == ()
    found = {each.title: each for each in library.sources(members)}
    assert set(found) == {"Boat rules", "Where is the key?"}
    assert found["Boat rules"].url == RULES.address
    assert [(each.name, each.documents) for each in library.configured(members)] == [
        ("corpus", 0),
        ("attached files", 2),
    ]
    assert empty_shelf.refresh().unchanged == 2
    attached.remove(RULES)
    attached.remove(ANSWER)
    assert set(empty_shelf.refresh().removed) == {RULES.address, ANSWER.address}
    library.reload()
    assert library.sources(OPERATOR) == ()


def test_a_file_with_the_same_message_takes_its_place_and_the_same_name_does_not(attached: Attached) -> None:
    attached.keep(RULES, b"old")
    attached.keep(RULES, b"new")
    attached.keep(Attachment(RULES.name, f"{RULES.address}1", 10, 7), b"other")
    assert [file.read() for file in attached.files()] == [b"new", b"other"]


def test_a_document_in_json_is_no_description(attached: Attached) -> None:
    attached.keep(Attachment("rates.json", RULES.address, 10, 7), b'{"rate": 4}')
    assert [(file.name.rpartition("/")[2], file.read()) for file in attached.files()] == [
        ("30.file.json", b'{"rate": 4}')
    ]
    assert len(attached.every()) == 1 and attached.failures() == []


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("cat.png", b"...", "a picture has no text"),
        ("notes", b"...", "files without a suffix are not read"),
        ("a.txt", b"", "it is empty"),
        ("a.txt", b"x" * (LARGEST + 1), "it is larger than 25 MB"),
    ],
)
def test_what_could_never_be_read_is_not_kept(attached: Attached, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(NotAccepted, match=reason):
        attached.keep(Attachment(name, RULES.address, 10, 7), data)
    assert attached.files() == []


def test_what_is_damaged_is_said_and_costs_nothing_else(attached: Attached, tmp_path: Path) -> None:
    attached.keep(RULES, b"kept")
    (attached_in(tmp_path / "data") / "broken.json").write_text("{")
    assert [about.name for about in attached.every()] == ["Boat rules.md"]
    assert [failure.reason for failure in attached.failures()] == ["damaged: attach the document anew"]


def test_what_belongs_to_a_server_or_a_person_goes_with_them(attached: Attached) -> None:
    attached.keep(RULES, b"rules")
    attached.keep(ANSWER, b"answer")
    assert attached.forget_person(8) == 1
    assert [about.name for about in attached.every(10)] == ["Boat rules.md"]
    assert attached.every(11) == ()
    attached.leave(10)
    assert attached.every() == () and not attached.remove(RULES)
