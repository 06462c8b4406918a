"""Channels of Discord in the index: what is said, changed and deleted there, as a refresh finds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.access import NOBODY, OPERATOR, Viewer
from index.documents import Document, DocumentMetadata, Passage
from index.errors import BadConfiguration
from index.messages import MOST_MESSAGES, Channel, Conversation, Holds, Message
from index.sources.channels import Channels, ChannelsUnusable, channels_in
from index.store.catalogue import Catalogue
from tests.conftest import Shelf

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
RULES = Channel(20, 10, "rules", "Harbour club", Holds.MESSAGES, added_by=7)
FORUM = Channel(30, 10, "help", "Harbour club", Holds.THREADS)


def message(number: int, text: str, author: int = 1, name: str = "Ada", answers: int | None = None) -> Message:
    return Message(number, author, name, NOON + timedelta(minutes=number), text, answers=answers)


def of_rules(*messages: Message) -> tuple[Conversation, tuple[Message, ...]]:
    return Conversation(RULES.id, RULES.id, "#rules", readers_of=RULES.id), messages


@pytest.fixture
def channels(tmp_path: Path) -> Channels:
    channels = Channels(channels_in(tmp_path / "data"))
    channels.add(RULES)
    channels.add(FORUM)
    return channels


def said(channels: Channels) -> str:
    return "".join(file.read().decode() for file in channels.files())


def test_what_was_edited_later_stays_whichever_version_comes_last(channels: Channels) -> None:
    old = message(101, "Boats are lent until six.")
    new = Message(101, 1, "Ada", old.at, "Boats are lent until seven.", edited=NOON + timedelta(hours=1))
    assert channels.keep(*of_rules(new))
    assert not channels.keep(*of_rules(old))
    assert "until seven" in said(channels)
    assert not channels.keep(*of_rules(new))


def test_what_is_deleted_is_gone_and_all_else_stays(channels: Channels) -> None:
    channels.keep(*of_rules(*(message(number, f"Rule {number}.") for number in (101, 102, 103, 200))))
    assert channels.delete([102, 999]) == {102}
    assert channels.ids(RULES.id) == {101, 103, 200} and channels.missing([101, 102]) == {102}
    assert [number for number in (101, 102, 103, 200) if f"Rule {number}." in said(channels)] == [101, 103, 200]
    assert channels.end(RULES.id) == {101, 103, 200}
    assert channels.files() == []


def test_what_a_person_said_is_forgotten_in_every_channel(channels: Channels) -> None:
    channels.keep(*of_rules(message(101, "Mine."), message(102, "Yours.", author=2)))
    channels.keep(Conversation(31, FORUM.id, "Oars", FORUM.id), [message(111, "Mine too.")])
    assert channels.forget_person(1) == {101, 111}
    assert "Mine" not in said(channels) and "Yours." in said(channels)


def test_a_channel_that_is_removed_takes_along_all_that_was_said_in_it(channels: Channels) -> None:
    channels.keep(*of_rules(message(101, "No spam.")))
    assert channels.remove(RULES.id) and not channels.remove(RULES.id)
    assert not channels.keep(*of_rules(message(102, "Too late.")))
    assert [channel.name for channel in channels.every()] == ["help"]
    channels.leave(10)
    assert channels.every() == () and channels.files() == []


def test_a_channel_that_is_added_to_hold_something_else_begins_anew(channels: Channels) -> None:
    channels.keep(*of_rules(message(101, "No spam.")))
    channels.add(RULES)
    assert channels.files()
    channels.add(Channel(20, 10, "rules", "Harbour club", Holds.PINNED))
    assert not channels.files() and channels.every(10)[1].holds is Holds.PINNED


def test_of_an_endless_channel_the_newest_messages_are_kept(channels: Channels) -> None:
    channels.keep(*of_rules(*(message(number, f"no. {number}.") for number in range(1, MOST_MESSAGES + 3))))
    assert "no. 2." not in said(channels) and "no. 3." in said(channels)


def test_of_a_long_conversation_each_day_is_a_document_so_that_a_new_message_changes_little(
    channels: Channels,
) -> None:
    channels.keep(*of_rules(*(message(number, f"no. {number}.") for number in range(1, 2 * 24 * 60, 9))))
    before = {file.source: file.content() for file in channels.files()}
    assert list(before) == [f"https://discord.com/channels/10/20#2026-01-0{day}" for day in (2, 3, 4)]
    assert '"title": "#rules, 2026-01-03"' in channels.files()[1].read().decode()
    channels.keep(*of_rules(message(2 * 24 * 60, "The last.")))
    after = {file.source: file.content() for file in channels.files()}
    assert [source for source in after if after[source] != before[source]] == [list(before)[2]]
    assert {file.provenance.url for file in channels.files()} == {"https://discord.com/channels/10/20"}


def test_a_damaged_file_is_put_aside(channels: Channels, tmp_path: Path) -> None:
    channels_in(tmp_path / "data").write_bytes(b"no database" * 1000)
    assert channels.every() == ()
    assert (tmp_path / "data" / "channels.damaged").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written_is_said_so(channels: Channels, tmp_path: Path) -> None:
    channels_in(tmp_path / "data").chmod(0o400)
    (tmp_path / "data").chmod(0o500)
    with pytest.raises(ChannelsUnusable, match="see to its disk"):
        channels.add(RULES)
    (tmp_path / "data").chmod(0o700)


@contextmanager
def catalogue_of(shelf: Shelf) -> Iterator[Catalogue]:
    number = shelf.folder.current()
    assert number is not None
    with closing(Catalogue.open(shelf.folder.generation(number))) as catalogue:
        yield catalogue


def indexed(shelf: Shelf) -> list[DocumentMetadata]:
    with catalogue_of(shelf) as catalogue:
        return list(catalogue.documents())


def the_one(shelf: Shelf, title: str) -> tuple[Document, list[Passage]]:
    """Return the document of this title and its passages."""
    (metadata,) = [each for each in indexed(shelf) if each.title == title]
    with catalogue_of(shelf) as catalogue:
        passages = catalogue.passages(catalogue.passage_ids()).values()
        return catalogue.document(metadata.id), [one for one, of in passages if of.id == metadata.id]


def test_a_refresh_makes_a_document_of_each_conversation_with_authors_times_and_links(empty_shelf: Shelf) -> None:
    channels = Channels(channels_in(empty_shelf.data))
    channels.add(FORUM)
    question = message(311, "Where do I find the oars? The shed is locked.")
    answer = message(312, "The key hangs behind the door. Bring it back.", 2, "Grace", answers=311)
    channels.keep(Conversation(31, FORUM.id, "Oars", FORUM.id, ("Solved",)), [question, answer])
    report = empty_shelf.refresh()
    assert report.added == ("https://discord.com/channels/10/31",)
    oars, passages = the_one(empty_shelf, "Oars [Solved]")
    assert [heading.title for heading in oars.headings] == [
        "Ada, 2026-01-02 17:11",
        "Ada: Where do I find the oars? The shed is locked.",
        "Grace, 2026-01-02 17:12",
    ]
    (start,) = [
        passage.span for passage in passages if passage.heading == tuple(each.title for each in oars.headings[1:])
    ]
    place = oars.place_of(start.start)
    assert oars.metadata.url == "https://discord.com/channels/10/31"
    assert place is not None and (place.kind, place.number) == ("message", 312)


def test_what_is_deleted_is_quoted_above_no_reply_to_it_any_more(channels: Channels, empty_shelf: Shelf) -> None:
    channels.keep(*of_rules(message(101, "The safe is blue."), message(102, "I know.", 2, "Grace", answers=101)))
    empty_shelf.refresh()
    assert [heading.level for heading in the_one(empty_shelf, "#rules")[0].headings] == [1, 1, 2]
    channels.delete([101])
    empty_shelf.refresh()
    document, _ = the_one(empty_shelf, "#rules")
    assert "blue" not in repr(document) and "I know." in document.text


def test_who_cannot_read_a_channel_may_not_see_its_documents(empty_shelf: Shelf) -> None:
    channels = Channels(channels_in(empty_shelf.data))
    channels.add(RULES)
    channels.add(FORUM)
    channels.keep(*of_rules(message(101, "No spam.")))
    channels.keep(Conversation(31, FORUM.id, "Oars", FORUM.id), [message(311, "Where are the oars?")])
    channels.keep(Conversation(32, FORUM.id, "Secret", readers_of=32), [message(321, "The safe is blue.")])
    empty_shelf.refresh()
    reader = Viewer(servers=frozenset({10}), readable=frozenset({RULES.id, FORUM.id}))
    assert [each.title for each in indexed(empty_shelf) if NOBODY.sees(each.access)] == []
    assert sorted(each.title for each in indexed(empty_shelf) if reader.sees(each.access)) == ["#rules", "Oars"]


def test_who_cannot_read_a_channel_finds_nothing_of_it(empty_shelf: Shelf) -> None:
    channels = Channels(channels_in(empty_shelf.data))
    channels.add(RULES)
    channels.keep(*of_rules(message(101, "The safe is blue.")))
    empty_shelf.put("cats.txt", "Cats sleep for most of the day.")
    empty_shelf.refresh()
    library = empty_shelf.library()
    reader = Viewer(readable=frozenset({RULES.id}))
    stranger = Viewer(servers=frozenset({10}), channels=frozenset({RULES.id + 1}), readable=frozenset({FORUM.id}))
    assert [hit.document.title for hit in library.search("What colour is the safe?", reader, 1).hits] == ["#rules"]
    for viewer in (stranger, NOBODY):
        assert "safe" not in repr(library.search("What colour is the safe?", viewer).hits)
        assert [each.kind for each in library.configured(viewer)] == ["folder"]
    assert [(each.name, each.documents) for each in library.configured(reader)] == [("corpus", 1), ("#rules", 1)]


def test_a_channel_is_listed_with_what_is_wrong_with_it_and_removed_by_its_name(empty_shelf: Shelf) -> None:
    channels = Channels(channels_in(empty_shelf.data))
    channels.add(RULES)
    channels.note(RULES.id, "I may not see it")
    empty_shelf.put("cats.txt", "Cats sleep for most of the day.")
    empty_shelf.refresh()
    library = empty_shelf.library()
    assert [(each.name, each.problem) for each in library.configured(OPERATOR)[1:]] == [("#rules", "I may not see it")]
    assert library.remove_source("#rules") == "#rules"
    assert library.configured(OPERATOR)[1:] == ()
    with pytest.raises(BadConfiguration):
        library.remove_source("#rules")


def test_what_is_deleted_leaves_the_next_generation_were_it_all_there_is(empty_shelf: Shelf) -> None:
    channels = Channels(channels_in(empty_shelf.data))
    channels.add(RULES)
    channels.keep(*of_rules(message(101, "The safe is blue."), message(102, "No spam.")))
    empty_shelf.refresh()
    channels.delete([101])
    assert empty_shelf.refresh().changed == ("https://discord.com/channels/10/20",)
    assert "safe" not in the_one(empty_shelf, "#rules")[0].text
    channels.delete([102])
    assert empty_shelf.refresh().removed == ("https://discord.com/channels/10/20",)
    assert indexed(empty_shelf) == []


def test_a_channel_that_cannot_be_read_is_reported_and_keeps_what_it_has(empty_shelf: Shelf) -> None:
    channels = Channels(channels_in(empty_shelf.data))
    channels.add(RULES)
    channels.keep(*of_rules(message(101, "No spam.")))
    empty_shelf.refresh()
    channels.note(RULES.id, "I lack “read message history” there")
    report = empty_shelf.refresh()
    assert [(failure.source, failure.reason) for failure in report.failed] == [
        ("#rules", "I lack “read message history” there")
    ]
    assert report.removed == () and len(indexed(empty_shelf)) == 1
