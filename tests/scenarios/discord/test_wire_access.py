"""Who may see what, over the wire: each reply is made for whoever sees it, as Discord knows them at that moment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.answer import Note, NoteKind
from bot.discord.store import Origin
from index.access import AccessRule, Viewer
from index.report import Failure, RefreshReport
from tests.scenarios.discord.standin import Channel, Person
from tests.scenarios.discord.standin.world import Role
from tests.scenarios.discord.wire import DOCUMENTS, Wire
from tests.unit.bot.discord.sample_answers import ANSWER

QUESTION = "How high is the rate?"
RATES, HARBOUR = DOCUMENTS


class Club:
    """The wire's server with a role, a channel for it alone, and one of the role."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.staff: Role = wire.discord.role("Staff", wire.guild)
        self.backroom: Channel = wire.discord.channel("backroom", wire.guild, only_for=(self.staff,))
        self.mary: Person = wire.discord.user("mary").joins(wire.guild, self.staff)

    def limit(self, rule: AccessRule, number: int = 0) -> None:
        """Let a rule hold of a document from now on."""
        document = DOCUMENTS[number]
        limited = replace(document, metadata=replace(document.metadata, access=(rule,)))
        self.wire.library.documents[document.metadata.id] = limited

    async def viewer(self, question: object) -> Viewer:
        """Return whom the answer to what was asked last was made for."""
        del question
        await self.wire.discord.quiet()
        return self.wire.answerer.viewers[-1]


@pytest.fixture
async def club(wire: Wire) -> Club:
    club = Club(wire)
    await wire.discord.until(lambda: wire.clients and wire.clients[-1].get_channel(club.backroom.id), what="a channel")
    return club


async def test_a_private_answer_is_made_for_who_asks_and_one_that_all_see_for_all(club: Club) -> None:
    server, general, everybody = club.wire.guild.id, frozenset({club.wire.general.id}), frozenset({club.wire.guild.id})
    private = await club.viewer(await club.mary.asks("ask", at=club.wire.general, question=QUESTION, private=True))
    assert private == Viewer(frozenset({server}), general, everybody | {club.staff.id})
    public = await club.viewer(await club.mary.asks("ask", at=club.wire.general, question=QUESTION))
    assert public == await club.viewer(club.mary.says(QUESTION, club.wire.general, mention=True))
    assert public == Viewer(frozenset({server}), general, everybody)


async def test_in_a_direct_message_there_is_no_server(club: Club) -> None:
    viewer = await club.viewer(club.mary.says(QUESTION))
    assert viewer == Viewer(channels=frozenset({club.mary.dm.id}))


async def test_a_thread_counts_as_the_channel_that_it_hangs_in(club: Club) -> None:
    thread = club.mary.opens_thread("rates", club.mary.says("Let us talk.", club.wire.general))
    viewer = await club.viewer(club.mary.says(QUESTION, thread, mention=True))
    assert viewer.channels == {thread.id, club.wire.general.id}


async def test_whose_channel_it_is_discord_is_asked_each_time(club: Club) -> None:
    club.limit(AccessRule(readers_of=frozenset({club.backroom.id})))
    ask = {"at": club.wire.general, "question": QUESTION, "private": True}
    assert (await club.viewer(await club.mary.asks("ask", **ask))).readable == {club.backroom.id}  # type: ignore[arg-type]
    assert (await club.viewer(await club.wire.ada.asks("ask", **ask))).readable == frozenset()  # type: ignore[arg-type]
    assert (await club.viewer(club.mary.says(QUESTION))).readable == {club.backroom.id}
    assert (await club.viewer(club.wire.ada.says(QUESTION))).readable == frozenset()
    club.mary.joins(club.wire.guild)  # without the role
    assert (await club.viewer(await club.mary.asks("ask", **ask))).readable == frozenset()  # type: ignore[arg-type]
    assert (await club.viewer(club.mary.says(QUESTION))).readable == frozenset()


async def test_everybody_in_a_channel_reads_that_one_and_those_that_are_as_open(club: Club) -> None:
    annex = club.wire.discord.channel("annex", club.wire.guild, only_for=(club.staff,))
    named = frozenset({club.backroom.id, annex.id, club.wire.general.id})
    club.limit(AccessRule(readers_of=named))
    inside = await club.viewer(await club.mary.asks("ask", at=club.backroom, question=QUESTION))
    assert inside.readable == named
    outside = await club.viewer(await club.mary.asks("ask", at=club.wire.general, question=QUESTION))
    assert outside.readable == {club.wire.general.id}


async def test_a_channel_of_another_server_is_read_in_direct_messages_alone(club: Club) -> None:
    other = club.wire.discord.guild("Other", joined=False)
    club.wire.discord.join(other)
    elsewhere = club.wire.discord.channel("elsewhere", other)
    club.mary.joins(other)
    club.limit(AccessRule(readers_of=frozenset({elsewhere.id})))
    await club.wire.discord.quiet()
    viewer = await club.viewer(await club.mary.asks("ask", at=club.wire.general, question=QUESTION, private=True))
    assert viewer.readable == frozenset()
    assert (await club.viewer(club.mary.says(QUESTION))).readable == {elsewhere.id}


async def test_a_card_shows_nothing_of_a_document_that_is_limited_by_now(club: Club) -> None:
    answer = await club.mary.asks("ask", at=club.wire.general, question=QUESTION)
    club.limit(AccessRule(roles=frozenset({club.staff.id})))
    refused = await club.wire.ada.final(await club.wire.ada.presses(answer, "1"))
    assert refused.content == "You may not see this document here." and not refused.embeds
    assert "4.6" in (await club.mary.final(await club.mary.presses(answer, "1"))).text


async def test_an_answer_for_one_person_is_shared_only_if_all_may_see_it(club: Club) -> None:
    club.limit(AccessRule(roles=frozenset({club.staff.id})))
    private = await club.mary.asks("ask", at=club.wire.general, question=QUESTION, private=True)
    refused = await club.mary.final(await club.mary.presses(private, "Share"))
    assert refused.ephemeral and refused.content.startswith("Not everybody here may see what this answer is made of")
    assert club.wire.discord.messages(club.wire.general) == []


async def test_a_shared_answer_does_not_tell_how_its_question_was_read_where_something_is_hidden(club: Club) -> None:
    club.wire.quoting.notes = (Note(NoteKind.READ_AS, "How high is the Quibblewhistle?"),)
    private = await club.mary.asks("ask", at=club.wire.general, question=QUESTION, private=True)
    assert "Quibblewhistle" in private.text
    club.limit(AccessRule(roles=frozenset({club.staff.id})), number=1)
    shared = await club.mary.final(await club.mary.presses(private, "Share"))
    assert "4.6" in shared.text and "Quibblewhistle" not in shared.text


async def test_who_follows_up_what_they_may_not_see_begins_anew(club: Club) -> None:
    answer = await club.mary.asks("ask", at=club.wire.general, question=QUESTION)
    club.limit(AccessRule(roles=frozenset({club.staff.id})))
    opened = await club.wire.ada.presses(answer, "Ask a follow-up")
    await club.wire.ada.final(await club.wire.ada.submits(opened, _0="And in April?"))
    club.mary.says("And in April?", reply_to=answer)
    await club.wire.asked(3)
    assert club.wire.answerer.conversations == [(), (), ()]


async def test_lists_pages_choices_and_counts_hold_what_is_seen(club: Club) -> None:
    general = club.wire.general
    found = await club.wire.ada.asks("search", at=general, query="rate")
    club.limit(AccessRule(roles=frozenset({club.staff.id})))
    assert "4.6" in found.text and "4.6" not in (await club.wire.ada.asks("search", at=general, query="rate")).text
    assert "Rates" not in (await club.wire.ada.asks("sources", at=general)).text
    assert "Rates" in (await club.mary.asks("sources", at=general)).text
    offered = await club.wire.ada.types("ask", "source", "", at=general, question="?")
    assert [each["name"] for each in offered] == ["Harbour"]
    offered = await club.mary.types("search", "source", "", at=general, query="?")
    assert [each["name"] for each in offered] == ["Harbour", "Rates"]
    status = await club.wire.ada.asks("status", at=general)
    assert {field["name"]: field["value"] for field in status.embeds[0]["fields"]}["Documents"] == "1"
    unknown = await club.wire.ada.asks("ask", at=general, question=QUESTION, source="Rates")
    assert unknown.content.startswith("No indexed document or folder is called")


async def test_a_page_that_is_turned_to_is_made_for_who_sees_it_now(club: Club) -> None:
    for number in range(8):
        club.wire.library.says(f"Rate number {number} is high.", title=f"Rate {number}")
    found = await club.wire.ada.asks("search", at=club.wire.general, query="rate")
    club.limit(AccessRule(roles=frozenset({club.staff.id})))
    for label in ("Next", "Back", "Next"):
        buttons = [each for each in club.wire.discord.world.messages[found.id].buttons if not each.disabled]
        button = next((each for each in buttons if label in each.label), buttons[0])
        await club.wire.ada.reply(await club.wire.ada.presses(found, button.custom_id or ""))
        await club.wire.discord.quiet()
        assert "4.6" not in club.wire.discord.world.messages[found.id].text


async def test_gaps_and_statistics_name_nothing_that_who_looks_may_not_see(club: Club) -> None:
    asked = Origin(asker=1, guild=club.wire.guild.id)
    club.wire.store.save_answer("a1", asked, ANSWER)
    limited = replace(ANSWER.citations[0].document, id="pay", source="pay.md", title="Wages")
    limited = replace(limited, access=(AccessRule(channels=frozenset({club.backroom.id})),))
    wages = replace(ANSWER, question="What are the wages?", citations=(replace(ANSWER.citations[0], document=limited),))
    club.wire.store.save_answer("a2", asked, wages)
    for answer_id in ("a1", "a2"):
        club.wire.store.remark(answer_id, 1, "No.")
        club.wire.store._write("UPDATE answers SET status = 'not_found'", ())
    told = await club.wire.grace.asks("stats", at=club.wire.general)
    assert "The report" in told.text and "Wages" not in told.text
    gaps = await club.wire.grace.asks("gaps", at=club.wire.general)
    assert ANSWER.question in gaps.text and "wages" not in gaps.text
    assert all(b"wages" not in each.data for each in gaps.attachments)


async def test_the_report_of_a_refresh_names_only_what_is_seen_where_it_is_shown(club: Club) -> None:
    club.limit(AccessRule(roles=frozenset({club.staff.id})))
    rates, harbour = RATES.metadata.source, HARBOUR.metadata.source
    failed = (Failure("wages.pdf", "no text in it", kept=False),)
    club.wire.library.refreshing = lambda _: RefreshReport(5, (), (rates, harbour), (), 7, failed, 90, 1, 0.5)
    told = await club.wire.grace.asks("refresh", at=club.wire.general)
    assert "harbour" in told.text and "rates" not in told.text and "wages" not in told.text
    assert "1 passages" in told.text and "90" not in told.text
