"""Actions: the buttons under an answer that are not citations."""

from __future__ import annotations

from bot.answering.answer import Answer
from bot.discord.identifiers import Press
from bot.discord.message import Button, Menu, Message
from bot.discord.store import Humans, Verdict

_REASONS = (
    (Verdict.WRONG, "The answer is wrong"),
    (Verdict.WRONG_SOURCE, "The source does not say that"),
    (Verdict.OUT_OF_DATE, "It is out of date"),
    (Verdict.MISSING, "Something is missing"),
)


def actions(answer: Answer, answer_id: str, humans: Humans) -> tuple[Button, ...]:
    """Return the buttons under `answer`; a refused question can be handed to `humans`, where there are any."""
    follow_up = Button("Ask a follow-up", str(Press("follow", answer_id)), emoji="💬")
    if answer.statements:
        return (follow_up, _button("good", answer_id, "👍"), _button("bad", answer_id, "👎"))
    if humans == Humans():
        return (follow_up,)
    return (follow_up, Button("Ask a human", str(Press("human", answer_id)), emoji="🙋", style="primary"))


def share(answer_id: str) -> Button:
    """Return the button by which somebody shows a private answer to everybody in the channel."""
    return Button("Share", str(Press("share", answer_id)), emoji="📣")


def reasons(answer_id: str) -> Message:
    """Return the question what was wrong with an answer."""
    options = tuple((verdict.value, label) for verdict, label in _REASONS)
    return Message(
        "Thank you. What was wrong?", rows=((Menu(str(Press("why", answer_id)), "What was wrong?", options),),)
    )


def _button(action: str, answer_id: str, emoji: str) -> Button:
    return Button("", str(Press(action, answer_id)), emoji=emoji)
