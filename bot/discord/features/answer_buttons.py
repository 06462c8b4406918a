"""The buttons under an answer that are not its citations, each of the feature that answers it."""

from __future__ import annotations

from bot.answering.answer import Answer
from bot.discord.features.clarifying import choice_buttons
from bot.discord.features.feedback import thumbs
from bot.discord.features.follow_ups import follow_up_button
from bot.discord.features.handover import ask_a_human_button
from bot.discord.features.sharing import share_button
from bot.discord.messaging.message import Button
from bot.discord.store import EscalationTarget
from bot.presenting.words import Words


def answer_buttons(
    answer: Answer, answer_id: str, target: EscalationTarget, words: Words, *, private: bool
) -> tuple[Button, ...]:
    """Return the buttons under `answer`, as what it is asks for.

    They say what was meant, follow it up, judge it or hand it to `target`, and share a private one.
    """
    buttons = [*choice_buttons(answer, answer_id), follow_up_button(answer_id, words)]
    if answer.statements:
        buttons += thumbs(answer_id)
    elif target != EscalationTarget():
        buttons.append(ask_a_human_button(answer_id, words))
    if private:
        buttons.append(share_button(answer_id, words))
    return tuple(buttons)
