"""Feedback: what people say of an answer, and of a source in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.discord.answers.stored import stored_answer
from bot.discord.features.components import UNKNOWN, Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button, Menu, Message
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import InPlaceReply, InteractionReply
from bot.discord.store import Store, Verdict
from bot.discord.work.jobs import Jobs

_REASONS = (
    (Verdict.WRONG, "The answer is wrong"),
    (Verdict.WRONG_SOURCE, "The source does not say that"),
    (Verdict.OUT_OF_DATE, "It is out of date"),
    (Verdict.MISSING, "Something is missing"),
)
_DIGITS = 6  # of the number of a citation; more are no number that any answer has
_THANKS = notice("Thank you. It is noted.")


def thumbs(answer_id: str) -> tuple[Button, Button]:
    """Return the buttons that say whether an answer was good."""
    return Button("", str(CustomId("good", answer_id)), emoji="👍"), Button(
        "", str(CustomId("bad", answer_id)), emoji="👎"
    )


def wrong_source_button(answer_id: str, citation: int) -> Button:
    """Return the button that says that the source of a citation does not say what the answer does."""
    return Button("Wrong source", str(CustomId("wrong", answer_id, f"{citation}")), emoji="⚠️")


class Feedback(Feature):
    """Notes what people say of answers."""

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    def handlers(self) -> Mapping[str, Handler]:
        """Return the thumbs, the menu that asks what was wrong, and the button under a source."""
        return {"good": self._good, "bad": self._bad, "why": self._why, "wrong": self._wrong_source}

    async def _good(self, interaction: Interaction, custom_id: CustomId) -> None:
        work = self._judge(interaction, custom_id, Verdict.GOOD)
        await self._jobs.run(InteractionReply(interaction, private=True), work)

    async def _bad(self, interaction: Interaction, custom_id: CustomId) -> None:
        await self._jobs.run(InteractionReply(interaction, private=True), self._ask_why(interaction, custom_id))

    async def _why(self, interaction: Interaction, custom_id: CustomId) -> None:
        data: Any = interaction.data
        chosen = [value for value in data.get("values") or () if value in set(Verdict)]
        if not chosen:
            await InteractionReply(interaction).refuse(UNKNOWN)
            return
        await self._jobs.run(InPlaceReply(interaction), self._judge(interaction, custom_id, Verdict(chosen[0])))

    async def _wrong_source(self, interaction: Interaction, custom_id: CustomId) -> None:
        number = custom_id.detail
        citation = int(number) if number.isdecimal() and len(number) <= _DIGITS else 0
        work = self._judge(interaction, custom_id, Verdict.WRONG_SOURCE, citation)
        await self._jobs.run(InteractionReply(interaction, private=True), work)

    async def _ask_why(self, interaction: Interaction, custom_id: CustomId) -> Sequence[Message]:
        await self._judge(interaction, custom_id, Verdict.WRONG)
        options = tuple((verdict.value, label) for verdict, label in _REASONS)
        menu = Menu(str(CustomId("why", custom_id.subject)), "What was wrong?", options)
        return (Message("Thank you. What was wrong?", rows=((menu,),)),)

    async def _judge(
        self, interaction: Interaction, custom_id: CustomId, verdict: Verdict, citation: int = 0
    ) -> Sequence[Message]:
        stored = await stored_answer(self._store, custom_id.subject)
        await asyncio.to_thread(self._store.judge, stored.id, interaction.user.id, verdict, citation)
        return (_THANKS,)
