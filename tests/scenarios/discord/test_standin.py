"""The stand-in against a tiny, plain discord.py client: each limit, and what the library does at each fault."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.scenarios.discord.standin import (
    FORUM,
    MANAGE_GUILD,
    Channel,
    Guild,
    Hang,
    Person,
    RateLimit,
    Reset,
    Route,
    Slow,
    Standin,
    Status,
)
from tests.scenarios.discord.standin.records import Pings
from tests.scenarios.discord.standin.world import EMBED_LINKS, READ_HISTORY, SEND, VIEW

Act = Callable[[discord.Interaction[discord.Client]], Awaitable[object]]


class Plain(discord.Client):
    """A client whose one command, `/do`, does what the test says."""

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", discord.Intents.default())
        super().__init__(intents=intents, guild_ready_timeout=0.05, max_ratelimit_timeout=30, **options)
        self.tree = app_commands.CommandTree(self)
        self.act: Act = lambda interaction: interaction.response.send_message("done")
        self.tell: Callable[[], None] = lambda: None
        self.outcome: BaseException | None = None
        self.ended = asyncio.Event()
        self.seen: list[discord.Message] = []
        self.components: list[discord.Interaction[discord.Client]] = []

        @self.tree.command(name="do", description="Do it")
        async def do(interaction: discord.Interaction[discord.Client], text: str = "") -> None:
            try:
                await self.act(interaction)
            except (discord.DiscordException, OSError) as error:
                self.outcome = error
            self.ended.set()

        @do.autocomplete("text")
        async def complete(
            interaction: discord.Interaction[discord.Client], current: str
        ) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{current}{number}", value=str(number)) for number in range(3)]

        @self.tree.context_menu(name="Look at this")
        async def look(interaction: discord.Interaction[discord.Client], message: discord.Message) -> None:
            await interaction.response.send_message(f"It says {message.content}", ephemeral=True)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds before identifying again."""

    async def on_message(self, message: discord.Message) -> None:
        self.seen.append(message)
        self.tell()

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            self.components.append(interaction)
            with contextlib.suppress(discord.DiscordException):
                await self.act(interaction)


class Scene:
    """A stand-in, a plain client that is connected to it, one guild, one channel and one member."""

    def __init__(self, standin: Standin, client: Plain) -> None:
        self.discord, self.client = standin, client
        client.tell = standin.changed
        self.guild: Guild = standin.guild()
        self.general: Channel = standin.channel("general", self.guild)
        self.ada: Person = standin.user("ada").joins(self.guild)

    @property
    def place(self) -> discord.PartialMessageable:
        return self.client.get_partial_messageable(self.general.id, guild_id=self.guild.id)

    async def raises(self, sending: Awaitable[object], status: int, code: int, *fields: str) -> None:
        """Expect a refusal with this status and code that names these fields."""
        with pytest.raises(discord.HTTPException) as refusal:
            await sending
        assert (refusal.value.status, refusal.value.code) == (status, code)
        for field in fields:
            assert field in refusal.value.text, refusal.value.text


@contextlib.asynccontextmanager
async def connected(standin: Standin, client: Plain) -> AsyncIterator[Scene]:
    async with standin:
        scene = Scene(standin, client)
        with standin.pointed_at():
            async with client:
                task = asyncio.create_task(client.start(standin.token))
                task.add_done_callback(lambda done: standin.changed())
                await standin.until(lambda: standin.gateway.identifies or task.done(), what="the client to identify")
                if task.done():
                    await task
                await client.wait_until_ready()
                yield scene
                await client.close()
                await task


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with connected(Standin(), Plain()) as scene:
        yield scene


# Logging in.


async def test_login_syncs_commands_and_says_who_is_there(scene: Scene) -> None:
    assert [guild.name for guild in scene.client.guilds] == ["Docs"]
    assert [sync.names for sync in scene.discord.syncs] == [("do", "Look at this")]
    assert scene.discord.syncs[0].changed
    await scene.client.tree.sync()
    assert not scene.discord.syncs[1].changed
    await scene.client.change_presence(activity=discord.CustomActivity("12 documents"))
    await scene.discord.until(lambda: scene.discord.gateway.presences)
    assert scene.discord.gateway.presences[-1].text == "12 documents"


async def test_a_wrong_token_is_refused() -> None:
    async with Standin() as standin:
        with standin.pointed_at():
            async with Plain() as client:
                with pytest.raises(discord.LoginFailure):
                    await client.login("not.the.token")


async def test_an_intent_that_the_portal_has_not_switched_on_closes_with_4014() -> None:
    intents = discord.Intents.default()
    intents.message_content = True
    async with Standin(message_content=False) as standin:
        with standin.pointed_at():
            async with Plain(intents=intents) as client:
                with pytest.raises(discord.PrivilegedIntentsRequired):
                    await client.start(standin.token)


async def test_two_shards_each_hear_of_their_own_guilds() -> None:
    standin = Standin(shards=2)

    class Sharded(discord.AutoShardedClient):
        async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
            """Do not wait."""

    async with standin:
        standin.guild("One"), standin.guild("Two")
        with standin.pointed_at():
            async with Sharded(intents=discord.Intents.default(), guild_ready_timeout=0.05) as client:
                task = asyncio.create_task(client.start(standin.token))
                await standin.until(lambda: len(standin.gateway.identifies) == 2)
                await client.wait_until_ready()
                assert {each.shard for each in standin.gateway.identifies} == {(0, 2), (1, 2)}
                assert len(client.guilds) == 2
                await client.close()
                await task


# Messages, and who is pinged.


async def test_messages_are_sent_replied_to_edited_fetched_and_deleted(scene: Scene) -> None:
    said = scene.ada.says("hello", scene.general, mention=True)
    await scene.discord.until(lambda: scene.client.seen)
    seen = scene.client.seen[0]
    assert (seen.author.id, seen.content, seen.guild) == (scene.ada.id, said.content, scene.client.guilds[0])
    sent = await seen.reply("hi", files=[discord.File(__file__, "test.py")])
    mine = scene.discord.messages(scene.general)[0]
    assert mine.reply_to == said.id
    assert mine.pings.users == {scene.ada.id}
    assert mine.attachments[0].data.startswith(b'"""The stand-in')
    assert (await sent.attachments[0].read()).startswith(b'"""The stand-in')
    await sent.edit(content="hi there")
    assert (await scene.place.fetch_message(sent.id)).content == "hi there"
    history = [message.id async for message in scene.place.history(limit=10)]
    assert history == [sent.id, said.id]
    await sent.delete()
    await scene.raises(scene.place.fetch_message(sent.id), 404, 10008)


async def test_who_would_be_pinged(scene: Scene) -> None:
    text = f"@everyone <@{scene.ada.id}> <@&7>"
    await scene.place.send(text)
    await scene.place.send(text, allowed_mentions=discord.AllowedMentions.none())
    await scene.place.send(text, allowed_mentions=discord.AllowedMentions(everyone=False, roles=False))
    await scene.place.send(embed=discord.Embed(description=text))
    pings = [message.pings for message in scene.discord.messages(scene.general)]
    assert pings[0] == Pings(frozenset({scene.ada.id}), frozenset({7}), everyone=True)
    assert not pings[1] and pings[2].users == {scene.ada.id} and not pings[2].everyone and not pings[3]
    assert len(scene.discord.pinged) == 2


async def test_a_nonce_makes_a_repeated_send_one_message(scene: Scene) -> None:
    scene.discord.fail(Route.SEND, Status(502, after=True))
    await scene.place.send("once")
    assert [message.content for message in scene.discord.messages(scene.general)] == ["once"]
    assert len(scene.discord.requested(Route.SEND)) == 2


async def test_permissions_are_enforced(scene: Scene) -> None:
    guild = scene.guild
    hidden, mute = (scene.discord.channel("x", guild, denied=bit) for bit in (VIEW, SEND))
    plain, blank = (scene.discord.channel("x", guild, denied=bit) for bit in (EMBED_LINKS, READ_HISTORY))
    at = scene.client.get_partial_messageable
    await scene.raises(at(hidden.id).send("x"), 403, 50001)
    await scene.raises(at(mute.id).send("x"), 403, 50013)
    await scene.raises(at(plain.id).send(embed=discord.Embed(title="x")), 403, 50013)
    said = scene.ada.says("hello", blank)
    await scene.raises(at(blank.id).get_partial_message(said.id).reply("x"), 400, 160002)
    assert [message async for message in at(blank.id).history()] == []


async def test_the_content_of_a_message_needs_an_intent_or_a_mention() -> None:
    async with connected(Standin(message_content=False), Plain()) as scene:
        scene.ada.says("secret", scene.general)
        scene.ada.says("for you", scene.general, mention=True)
        scene.ada.says("in private")
        await scene.discord.until(lambda: len(scene.client.seen) == 3)
        assert [message.clean_content for message in scene.client.seen] == ["", "@Footnote for you", "in private"]
        history = [message.content async for message in scene.place.history(limit=2, oldest_first=True)]
        assert history[0] == "" and "for you" in history[1]


async def test_threads_and_forums(scene: Scene) -> None:
    said = scene.ada.says("hello", scene.general)
    place = scene.place.get_partial_message(said.id)
    thread = await place.create_thread(name="About it")
    assert thread.id == said.id
    await scene.raises(place.create_thread(name="Again"), 400, 160004)
    await scene.raises(place.create_thread(name="x" * 101), 400, 50035, "name")
    await thread.send("in here")
    forum = scene.discord.channel("help", scene.guild, kind=FORUM)
    post = scene.ada.posts("How?", "How does it work?", forum)
    await scene.discord.until(lambda: any(message.id == post.id for message in scene.client.seen))
    assert scene.discord.world.history(post.id)[0].content == "How does it work?"


# Limits.


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [discord.Embed(title="x" * 257)]}, "title"),
        ({"embeds": [discord.Embed(description="x" * 4097)]}, "description"),
        ({"embeds": [discord.Embed(description="x" * 3001) for _ in range(2)]}, "6000"),
        ({"embeds": [discord.Embed().add_field(name="x" * 257, value="y")]}, "fields.0.name"),
        ({"embeds": [discord.Embed().add_field(name="x", value="y" * 1025)]}, "fields.0.value"),
        ({"embeds": [discord.Embed().add_field(name="x", value=" ")]}, "required"),
        ({"embeds": [discord.Embed(title="x").set_footer(text="x" * 2049)]}, "footer"),
        ({"embeds": [discord.Embed(title="x").set_author(name="x" * 257)]}, "author"),
        ({"embeds": [discord.Embed(title="x", url="javascript:alert()")]}, "url"),
        ({"nonce": "x" * 26, "content": "x"}, "nonce"),
    ],
)
async def test_what_is_too_long_is_refused_by_name(scene: Scene, given: dict[str, Any], field: str) -> None:
    await scene.raises(scene.place.send(**given), 400, 50035, field)
    assert scene.discord.refusals[-1].code == 50035
    assert not scene.discord.messages(scene.general)


async def test_the_longest_that_is_allowed_is_sent(scene: Scene) -> None:
    full = discord.Embed(title="x" * 256, description="x" * 4096).set_footer(text="x" * 1648)
    await scene.place.send("  " + "x" * 2000 + "  ", embed=full)
    fields = discord.Embed()
    for _ in range(25):
        fields.add_field(name="x", value="y")
    await scene.place.send(embeds=[fields] * 10)
    assert len(scene.discord.messages(scene.general)) == 2
    fields.add_field(name="x", value="y")
    await scene.raises(scene.place.send(embed=fields), 400, 50035, "fields")
    await scene.raises(scene.place.send("   "), 400, 50006)


def raw(scene: Scene, body: dict[str, Any]) -> Awaitable[object]:
    """Send what discord.py itself would not build."""
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=scene.general.id)
    return scene.client.http.request(route, json=body)


def button(**given: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "x", "custom_id": "x", **given}


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([[button(custom_id=str(number)) for number in range(6)]], "components"),
        ([[button(custom_id=str(number))] for number in range(6)], "components"),
        ([[button(), button()]], "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ([[button(custom_id="x" * 101)]], "custom_id"),
        ([[button(custom_id="")]], "custom_id"),
        ([[button(label="x" * 81)]], "label"),
        ([[{"type": 2, "style": 5, "label": "x", "url": "https://x.test/" + "x" * 500}]], "url"),
        ([[{"type": 2, "style": 5, "label": "x", "url": "file:///etc/passwd"}]], "url"),
        ([[{"type": 3, "custom_id": "x", "options": [{"label": "x", "value": str(n)} for n in range(26)]}]], "options"),
        ([[{"type": 3, "custom_id": "x", "options": [{"label": "x", "value": "1"}]}, button()]], "width"),
    ],
)
async def test_components_keep_their_limits(scene: Scene, rows: list[list[Any]], field: str) -> None:
    body = {"content": "x", "components": [{"type": 1, "components": row} for row in rows]}
    with pytest.raises(discord.HTTPException) as refusal:
        await raw(scene, body)
    assert refusal.value.code == 50035
    assert field in str(scene.discord.refusals[-1].errors)


async def test_layouts_keep_their_limits(scene: Scene) -> None:
    text = {"type": 10, "content": "x"}
    await raw(scene, {"flags": 1 << 15, "components": [text] * 40})
    await scene.raises(raw(scene, {"flags": 1 << 15, "components": [text] * 41}), 400, 50035, "40")
    await scene.raises(raw(scene, {"flags": 1 << 15, "components": [text], "content": "x"}), 400, 50035, "content")
    long = [{"type": 10, "content": "x" * 2001}] * 2
    await scene.raises(raw(scene, {"flags": 1 << 15, "components": long}), 400, 50035, "4000")


async def test_allowed_mentions_are_parsed_or_listed_not_both(scene: Scene) -> None:
    body = {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}
    await scene.raises(raw(scene, body), 400, 50035, "mutually exclusive")


def command(**given: Any) -> dict[str, Any]:
    return {"name": "ask", "description": "Ask", **given}


def option(**given: Any) -> dict[str, Any]:
    return {"type": 3, "name": "x", "description": "x", **given}


@pytest.mark.parametrize(
    ("commands", "what"),
    [
        ([command(name="Ask")], "name"),
        ([command(name="a b")], "name"),
        ([command(name="x" * 33)], "name"),
        ([command(description="")], "description"),
        ([command(description="x" * 101)], "description"),
        ([command(name_localizations={"zh": "问"})], "zh"),
        ([command(name_localizations={"zh-CN": "问 题"})], "zh-CN"),
        ([command(description_localizations={"zh-CN": "问" * 101})], "zh-CN"),
        ([command(options=[option(name=str(n)) for n in range(26)])], "options"),
        ([command(options=[option(max_length=6001)])], "6000"),
        ([command(options=[option(), option(name="y", required=True)])], "REQUIRED_INVALID"),
        ([command(options=[option(choices=[{"name": "x", "value": "y" * 101}])])], "value"),
        (
            [
                command(
                    options=[
                        option(
                            description="x" * 100,
                            choices=[{"name": "x" * 100, "value": str(n) * 50} for n in range(25)],
                            name=f"o{place}",
                        )
                        for place in range(3)
                    ]
                )
            ],
            "8000",
        ),
        ([command(name=f"c{number}") for number in range(101)], "100"),
        ([command(), command()], "unique"),
        ([{"type": 3, "name": f"Do {number}"} for number in range(16)], "15"),
    ],
)
async def test_commands_keep_their_limits(scene: Scene, commands: list[Any], what: str) -> None:
    with pytest.raises(discord.HTTPException) as refusal:
        await scene.client.http.bulk_upsert_global_commands(scene.client.application_id or 0, commands)
    assert refusal.value.code == 50035
    assert what in str(scene.discord.refusals[-1].errors)


async def test_names_in_any_script_are_allowed(scene: Scene) -> None:
    good = command(name="पूछो", name_localizations={"zh-CN": "提问", "th": "ถาม"}, options=[option(name="l'autre")])
    await scene.client.http.bulk_upsert_global_commands(scene.client.application_id or 0, [good])


# Interactions.


async def test_a_command_is_acknowledged_and_answered(scene: Scene) -> None:
    assert (await scene.ada.asks("do", at=scene.general)).content == "done"
    ack = scene.discord.acks[0]
    assert ack.kind == 4 and not ack.ephemeral and ack.latency < 1


async def test_a_deferred_answer_arrives_by_edit_or_by_followup(scene: Scene) -> None:
    async def edit(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.defer(ephemeral=True)
        assert (await interaction.original_response()).flags.loading
        await interaction.edit_original_response(content="edited")

    async def follow(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.defer()
        await interaction.followup.send("first")
        await interaction.followup.send("second", ephemeral=True)

    scene.client.act = edit
    reply = await scene.ada.asks("do", at=scene.general)
    assert (reply.content, reply.ephemeral, reply.only_for) == ("edited", True, scene.ada.id)
    await scene.raises(scene.place.fetch_message(reply.id), 404, 10008)
    scene.client.act = follow
    used = await scene.ada.slash("do", at=scene.general)
    await scene.discord.until(lambda: len(used.replies) == 2)
    assert [message.content for message in used.replies] == ["first", "second"]
    assert [message.ephemeral for message in used.replies] == [False, True]
    assert used.original == used.replies[0]


async def test_autocomplete_offers_at_most_25_choices(scene: Scene) -> None:
    assert [choice["name"] for choice in await scene.ada.types("do", "text", "a")] == ["a0", "a1", "a2"]

    async def many(interaction: discord.Interaction[discord.Client]) -> None:
        route = discord.http.Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=interaction.id,
            webhook_token=interaction.token,
        )
        choices = [{"name": "x", "value": "x"}] * 26
        await scene.client.http.request(route, json={"type": 8, "data": {"choices": choices}})

    command = scene.client.tree.get_command("do")
    assert isinstance(command, app_commands.Command)

    async def too_many(interaction: discord.Interaction[discord.Client], current: str) -> list[Any]:
        await many(interaction)
        return []

    command.autocomplete("text")(too_many)
    with pytest.raises(AssertionError, match="did not respond"):
        await scene.ada.types("do", "text", "b")
    assert "choices" in (scene.discord.refusals[0].errors or {})["data"]


async def test_message_commands_see_their_target(scene: Scene) -> None:
    said = scene.ada.says("hello", scene.general)
    used = await scene.ada.menu("Look at this", said)
    assert (await scene.ada.reply(used)).content == "It says hello"


async def test_buttons_modals_and_updates(scene: Scene) -> None:
    await raw(scene, {"content": "x", "components": [{"type": 1, "components": [button(label="CustomId")]}]})
    message = scene.discord.messages(scene.general)[0]

    class Form(discord.ui.Modal, title="Say more"):
        text: discord.ui.TextInput[Form] = discord.ui.TextInput(label="More", max_length=10)

    async def open_form(interaction: discord.Interaction[discord.Client]) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_modal(Form())

    scene.client.act = open_form
    opened = await scene.ada.presses(message, "CustomId")
    await scene.discord.until(lambda: opened.modal)

    async def update(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.edit_message(content="changed", view=None)

    scene.client.act = update
    filled = await scene.ada.submits(opened, _0="enough")
    assert (await scene.ada.reply(filled)).content == "changed"
    assert not scene.discord.messages(scene.general)[0].buttons
    with pytest.raises(LookupError):
        await scene.ada.submits(opened, _0="x" * 11)
    with pytest.raises(LookupError):
        await scene.ada.presses(message, "CustomId")


async def test_a_modal_keeps_its_limits_and_cannot_answer_a_modal(scene: Scene) -> None:
    async def long_title(interaction: discord.Interaction[discord.Client]) -> None:
        form = discord.ui.Modal(title="x" * 46)
        form.add_item(discord.ui.TextInput(label="x"))
        await interaction.response.send_modal(form)

    scene.client.act = long_title
    await scene.ada.slash("do", at=scene.general)
    await scene.discord.until(lambda: scene.discord.refusals)
    assert "title" in (scene.discord.refusals[0].errors or {})["data"]


async def test_a_second_acknowledgement_is_40060(scene: Scene) -> None:
    async def twice(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.defer()
        again = discord.InteractionResponse(interaction)
        await again.defer()

    scene.client.act = twice
    await scene.ada.slash("do", at=scene.general)
    await scene.client.ended.wait()
    assert isinstance(scene.client.outcome, discord.HTTPException) and scene.client.outcome.code == 40060


async def test_after_three_seconds_an_interaction_is_unknown(scene: Scene) -> None:
    async def late(interaction: discord.Interaction[discord.Client]) -> None:
        scene.discord.clock.advance(seconds=3.1)
        await interaction.response.send_message("too late")

    scene.client.act = late
    used = await scene.ada.slash("do", at=scene.general)
    await scene.client.ended.wait()
    assert isinstance(scene.client.outcome, discord.NotFound) and scene.client.outcome.code == 10062
    assert used.expired
    with pytest.raises(AssertionError, match="did not respond"):
        await scene.ada.acknowledged(used)


async def test_after_fifteen_minutes_the_token_is_invalid(scene: Scene) -> None:
    async def late(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.defer()
        scene.discord.clock.advance(minutes=15.1)
        await interaction.edit_original_response(content="too late")

    scene.client.act = late
    await scene.ada.slash("do", at=scene.general)
    await scene.client.ended.wait()
    assert isinstance(scene.client.outcome, discord.HTTPException) and scene.client.outcome.code == 50027


async def test_where_only_the_user_installed_it_five_followups_are_the_most(scene: Scene) -> None:
    elsewhere = scene.discord.guild("Elsewhere", joined=False)
    hall = scene.discord.channel("hall", elsewhere)
    scene.ada.joins(elsewhere)

    async def chatter(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.send_message("0")
        for number in range(1, 7):
            await interaction.followup.send(str(number))

    scene.client.act = chatter
    used = await scene.ada.slash("do", at=hall)
    await scene.client.ended.wait()
    assert isinstance(scene.client.outcome, discord.HTTPException) and scene.client.outcome.code == 40094
    assert len(used.replies) == 6
    await scene.raises(scene.client.get_partial_messageable(hall.id).send("x"), 403, 50001)


async def test_people_are_offered_only_what_they_may_use(scene: Scene) -> None:
    hidden = command(name="refresh", default_member_permissions=str(MANAGE_GUILD), contexts=[0])
    await scene.client.http.bulk_upsert_global_commands(scene.client.application_id or 0, [hidden])
    with pytest.raises(LookupError):
        await scene.ada.slash("refresh", at=scene.general)
    with pytest.raises(LookupError):
        await scene.ada.slash("refresh")
    admin = scene.discord.user("grace").joins(scene.guild, scene.discord.role("Admins", scene.guild, MANAGE_GUILD))
    await admin.slash("refresh", at=scene.general)


# Faults: what discord.py does, as RELIABILITY.md section 2 has it.


async def test_a_429_with_via_is_waited_out_and_one_without_is_raised(scene: Scene) -> None:
    scene.discord.fail(Route.SEND, RateLimit(0.1))
    await scene.place.send("patient")
    scene.discord.fail(Route.SEND, RateLimit(0.1, via=False))
    with pytest.raises(discord.HTTPException) as ban:
        await scene.place.send("banned")
    assert ban.value.status == 429
    scene.discord.fail(Route.SEND, RateLimit(60))
    with pytest.raises(discord.RateLimited):
        await scene.place.send("too long")


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_these_are_repeated_after_a_second(scene: Scene, status: int) -> None:
    scene.discord.fail(Route.SEND, Status(status))
    start = time.monotonic()
    await scene.place.send("again")
    assert time.monotonic() - start > 0.9


async def test_503_is_repeated_on_interactions_only(scene: Scene) -> None:
    scene.discord.fail(Route.SEND, Status(503))
    with pytest.raises(discord.DiscordServerError):
        await scene.place.send("again")
    scene.discord.fail(Route.CALLBACK, Status(503))
    reply = await scene.ada.asks("do", at=scene.general)
    assert reply.content == "done" and scene.discord.acks[0].latency > 0.9


@pytest.mark.parametrize("after", [False, True])
async def test_a_reset_is_raised_at_once(scene: Scene, after: bool) -> None:
    scene.discord.fail(Route.CALLBACK, Reset(after=after))
    used = await scene.ada.slash("do", at=scene.general)
    await scene.discord.until(lambda: scene.discord.requested(Route.CALLBACK))
    await asyncio.wait_for(scene.client.ended.wait(), 5)
    assert isinstance(scene.client.outcome, OSError) and scene.client.outcome.errno in (104, None)
    assert bool(used.ack) is after


async def test_a_502_after_the_work_was_done_doubles_a_followup(scene: Scene) -> None:
    async def follow(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.send_message("first")
        await interaction.followup.send("copy")

    scene.discord.fail(Route.FOLLOWUP, Status(502, after=True))
    scene.client.act = follow
    used = await scene.ada.slash("do", at=scene.general)
    await scene.discord.until(lambda: len(used.replies) == 3)
    assert [message.content for message in used.replies] == ["first", "copy", "copy"]


async def test_a_server_that_hangs_hangs_the_client(scene: Scene) -> None:
    scene.discord.fail(Route.SEND, Hang())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await scene.place.send("x")
    scene.discord.fail(Route.SEND, Slow(0.2))
    await scene.place.send("y")


async def test_rate_limits_are_told_in_headers_and_kept_by_the_client(scene: Scene) -> None:
    scene.discord.limit(Route.SEND, 5, 0.5)
    await asyncio.gather(*(scene.place.send(str(number)) for number in range(12)))
    assert all(request.status == 200 for request in scene.discord.requested(Route.SEND)[5:])
    assert len(scene.discord.messages(scene.general)) == 12


# The gateway.


async def test_a_dropped_connection_resumes_and_replays(scene: Scene) -> None:
    scene.discord.gateway.drop()
    scene.ada.says("meanwhile", scene.general, mention=True)
    await scene.discord.until(lambda: scene.client.seen)
    assert scene.client.seen[0].clean_content == "@Footnote meanwhile"
    assert scene.discord.gateway.resumes[0].accepted and scene.discord.gateway.resumes[0].replayed >= 1
    assert len(scene.discord.gateway.identifies) == 1


async def test_a_request_to_reconnect_resumes(scene: Scene) -> None:
    scene.discord.gateway.ask_to_reconnect()
    await scene.discord.until(lambda: scene.discord.gateway.resumes)
    assert scene.discord.gateway.resumes[0].accepted


async def test_an_invalid_session_identifies_again(scene: Scene) -> None:
    scene.discord.gateway.invalidate()
    await scene.discord.until(lambda: len(scene.discord.gateway.identifies) == 2, within=15)
    assert (await scene.ada.asks("do", at=scene.general)).content == "done"


async def test_a_forgotten_session_is_refused_and_identifies_again(scene: Scene) -> None:
    scene.discord.gateway.forget_sessions()
    await scene.discord.until(lambda: len(scene.discord.gateway.identifies) == 2, within=15)
    assert not scene.discord.gateway.resumes[0].accepted


async def test_heartbeats_are_answered(caplog: pytest.LogCaptureFixture) -> None:
    standin = Standin()
    standin.gateway.heartbeat_interval = 0.1
    with caplog.at_level(logging.WARNING, "discord.gateway"):
        async with connected(standin, Plain()) as scene:
            await standin.until(lambda: standin.gateway.heartbeats >= 3)
            await scene.discord.until(lambda: scene.client.latency < 1)
    assert not caplog.records
