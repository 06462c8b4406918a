from __future__ import annotations

import pytest

from bot.errors import ChatFailure, ChatFailureKind
from bot.presenting.chat_failures import phrase


@pytest.mark.parametrize("kind", list(ChatFailureKind))
def test_every_kind_of_failure_is_a_phrase_of_its_own(kind: ChatFailureKind) -> None:
    said = phrase(ChatFailure(kind, "{7}"))

    assert said and not said.endswith(".")
    assert [other for other in ChatFailureKind if phrase(ChatFailure(other, "{7}")) == said] == [kind]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (ChatFailure(ChatFailureKind.TIMED_OUT, "45"), "did not answer within 45 s"),
        (ChatFailure(ChatFailureKind.SERVER_ERROR, "503"), "answered with an error (503)"),
        (ChatFailure(ChatFailureKind.UNFORESEEN, "JSONDecodeError"), "failed (JSONDecodeError)"),
    ],
)
def test_a_failure_says_its_detail(failure: ChatFailure, said: str) -> None:
    assert phrase(failure) == said
