"""What is added to the index from Discord besides channels, over the wire: addresses, files, and people's answers."""

from __future__ import annotations

import pytest

from bot.discord.store import EscalationTarget
from index.access import NOBODY, Viewer
from index.errors import WriterBusy
from index.report import Failure, RefreshReport
from tests.scenarios.discord.wire import Wire


async def test_an_address_is_added_for_this_server_alone_and_removed_again(wire: Wire) -> None:
    told = await wire.grace.asks("index add", at=wire.general, url=" https://example.org/rules ")
    assert told.ephemeral and told.content == "https\\://example.org/rules is added."
    assert wire.library.added == {"https://example.org/rules": ("https://example.org/rules", wire.guild.id)}
    assert wire.library.only == frozenset({"https://example.org/rules"})
    assert "example.org/rules" in (await wire.grace.asks("index list", at=wire.general)).text
    told = await wire.grace.asks("index remove", at=wire.general, source="https://example.org/rules")
    assert "no longer indexed" in told.content and wire.library.added == {}
    changes = wire.clients[-1].servers.changes(wire.guild.id)
    assert [(each.setting, each.value) for each in changes] == [
        ("index remove", "https://example.org/rules"),
        ("index add", "https://example.org/rules"),
    ]


async def test_an_address_that_is_never_fetched_is_refused_in_one_line_and_not_added(wire: Wire) -> None:
    told = await wire.grace.asks("index add", at=wire.general, url="http://127.0.0.1/admin")
    assert told.ephemeral and "is not added: 127.0.0.1 is not a public host" in told.content
    assert wire.library.added == {} and wire.library.refreshes == []
    assert wire.clients[-1].servers.changes(wire.guild.id) == ()


async def test_one_thing_is_added_at_one_time(wire: Wire) -> None:
    told = await wire.grace.asks("index add", at=wire.general)
    assert told.content == "Give me one thing to add: an address, a file or a channel."


async def test_what_another_refresh_was_too_early_for_is_refreshed_after_it(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def busy(_: bool) -> RefreshReport:
        tried.append(1)
        if len(tried) == 1:
            raise WriterBusy("another refresh is under way")
        return RefreshReport(5, ("new.md",), (), (), 1, (), 9, 1, 0.5)

    wire.library.refreshing = busy
    monkeypatch.setattr("bot.discord.features.indexing._WHILE_BUSY", 0.0)
    used = await wire.grace.slash("index add", at=wire.general, url="https://example.org/rules")
    await wire.discord.until(lambda: used.replies and "is added" in used.replies[0].content)
    assert len(tried) == 2


async def test_a_file_is_kept_shown_in_the_reply_that_a_citation_opens_and_removed_again(wire: Wire) -> None:
    file = wire.discord.world.upload("Boat rules.md", b"# Boats\n\nBoats are lent until six.\n")
    told = await wire.grace.asks("index add", at=wire.general, file=file)
    assert not told.ephemeral and told.content == "Boat rules.md is added."
    assert [(each.filename, each.data) for each in told.attachments] == [(file.filename, file.data)]
    (kept,) = wire.library.attached.files()
    assert kept.read() == file.data and kept.name.endswith(".md")
    assert kept.source == f"https://discord.com/channels/{wire.guild.id}/{wire.general.id}/{told.id}"
    access = kept.provenance.access
    assert Viewer(servers=frozenset({wire.guild.id})).sees(access) and not NOBODY.sees(access)
    listed = await wire.grace.asks("index list", at=wire.general)
    assert f"[Boat rules.md]({kept.source})" in listed.text
    (choice,) = await wire.grace.types("index remove", "source", "boat", at=wire.general)
    await wire.grace.asks("index remove", at=wire.general, source=choice["value"])
    assert wire.library.attached.files() == []
    await wire.nothing_went_wrong()


async def test_a_file_that_cannot_be_read_is_refused_in_one_line_and_not_kept(wire: Wire) -> None:
    upload = wire.discord.world.upload
    told = await wire.grace.asks("index add", at=wire.general, file=upload("cat.png", b"..."))
    refused = wire.discord.interactions.all[max(wire.discord.interactions.all)].replies[-1]
    assert refused.ephemeral and "cat.png: .png files are not read: a picture has no text" in refused.content
    assert told.id
    large = await wire.grace.asks("index add", at=wire.general, file=upload("a.txt", b"x" * (10 * 2**20 + 1)))
    assert "The file is larger than 10 MB" in large.content

    def unread(_: bool) -> RefreshReport:
        (file,) = wire.library.attached.files()
        failed = (Failure(file.source, "a password keeps it closed: save it without one", kept=False),)
        return RefreshReport(5, (), (), (), 1, failed, 9, 1, 0.5)

    wire.library.refreshing = unread
    closed = await wire.grace.asks("index add", at=wire.general, file=upload("closed.pdf", b"%PDF"))
    assert "closed.pdf: a password keeps it closed" in closed.content
    assert wire.library.attached.every() == ()
    assert wire.clients[-1].servers.changes(wire.guild.id) == ()


async def test_who_wants_to_be_forgotten_is_and_nothing_they_say_is_indexed_until_they_want_it_again(
    wire: Wire,
) -> None:
    await wire.restart(message_content=True)
    channels, rules = wire.library.kept_channels, wire.discord.channel("rules", wire.guild)
    wire.ada.says("Ada was here.", rules)
    wire.grace.says("No spam.", rules)
    await wire.grace.asks("index add", at=wire.general, channel=rules, messages="messages")
    await wire.ada.asks("ask", at=wire.general, question="How high is the rate?")
    kept = await wire.ada.asks("privacy", at=wire.general)
    assert "1 question" in kept.content and "1 message of yours is indexed." in kept.content
    told = await wire.ada.asks("privacy", at=wire.general, wish="forget")
    assert told.ephemeral and told.content == (
        "1 question of yours is deleted. 1 message of yours leaves the index, and what you say is not indexed any more."
    )
    assert channels.count_of(wire.ada.id) == 0 and channels.count_of(wire.grace.id) == 1
    assert wire.clients[-1].history.of(wire.ada.id) == ()
    wire.ada.says("Ada was here again.", rules)
    await wire.restart(message_content=True)
    wire.grace.says("No insults.", rules)
    changed = wire.clients[-1].following.changed
    while channels.count_of(wire.grace.id) < 2:
        changed.clear()
        await changed.wait()
    assert channels.count_of(wire.ada.id) == 0
    await wire.ada.asks("privacy", at=wire.general, wish="hear")
    while channels.count_of(wire.ada.id) < 2:
        changed.clear()
        await changed.wait()


async def test_a_persons_answer_is_kept_as_a_document_that_links_to_their_message(wire: Wire) -> None:
    humans = wire.discord.channel("humans", wire.guild)
    wire.store.set_escalation_target(wire.guild.id, EscalationTarget(channel=humans.id))
    refusal = await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?")
    await wire.ada.reply(await wire.ada.presses(refusal, "Ask a human"))
    (request,) = wire.discord.messages(humans)
    answer = wire.grace.says("Bertha Boat has been mayor since May.", reply_to=request)
    await wire.discord.until(lambda: wire.discord.world.messages[request.id].edits)
    refused = await wire.ada.final(await wire.ada.presses(request, "Keep as a document"))
    assert "Only people who manage" in refused.content
    told = await wire.grace.final(await wire.grace.presses(request, "Keep as a document"))
    assert told.ephemeral and told.content == "It is kept as a document; the next refresh indexes it."
    (kept,) = wire.library.attached.files()
    assert kept.source == f"https://discord.com/channels/{wire.guild.id}/{humans.id}/{answer.id}"
    assert kept.provenance.title == "Who is the mayor?"
    text = kept.read().decode()
    assert text.startswith("# Who is the mayor?\n\nBertha Boat has been mayor since May.\n\nGrace, ")
    assert wire.clients[-1].following.changed.is_set()
    assert [each.setting for each in wire.clients[-1].servers.changes(wire.guild.id)] == ["index add"]
    await wire.grace.asks("privacy", at=wire.general, wish="forget")
    assert wire.library.attached.files() == []


async def test_what_was_asked_privately_is_made_no_document_that_everybody_reads(wire: Wire) -> None:
    humans = wire.discord.channel("humans", wire.guild)
    wire.store.set_escalation_target(wire.guild.id, EscalationTarget(channel=humans.id))
    refusal = await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?", private=True)
    await wire.ada.reply(await wire.ada.presses(refusal, "Ask a human"))
    (request,) = wire.discord.messages(humans)
    wire.grace.says("Bertha Boat.", reply_to=request)
    await wire.discord.until(lambda: wire.discord.world.messages[request.id].edits)
    assert wire.discord.world.messages[request.id].buttons == ()


async def test_what_was_handed_in_goes_with_the_server(wire: Wire) -> None:
    file = wire.discord.world.upload("rules.md", b"# Rules\n\nNo spam.\n")
    await wire.grace.asks("index add", at=wire.general, file=file)
    wire.discord.leave(wire.guild)
    await wire.discord.quiet()
    assert wire.library.attached.every() == ()
