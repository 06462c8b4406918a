"""Whatever an answer holds, what is sent for it is what the stand-in takes: the limits are written down twice."""

from __future__ import annotations

import discord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.answer import Answer
from bot.discord.answers.rendering import render
from bot.discord.messaging.message import as_embeds, as_files, as_view
from bot.presenting.words import ENGLISH
from tests.scenarios.discord.standin import mentions
from tests.scenarios.discord.standin.limits import check_message
from tests.unit.bot.discord.sample_answers import any_answers


@given(any_answers(), st.text(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_can_be_sent_and_pings_nobody(answer: Answer, searched: str) -> None:
    for message in render(answer, "0123456789ab", ENGLISH, (), searched):
        with discord.http.handle_message_parameters(
            message.content or None,
            embeds=as_embeds(message),
            files=as_files(message),
            view=as_view(message),
            allowed_mentions=discord.AllowedMentions.none(),
        ) as parameters:
            body = parameters.payload or discord.utils._from_json((parameters.multipart or [])[0]["value"])
        check_message(body, dict.fromkeys(range(len(parameters.files or ())), b""))
        assert not mentions.named(message.content)
