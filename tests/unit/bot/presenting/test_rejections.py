import pytest

from bot.answering.verifying.rejection import Rejection, RejectionReason
from bot.presenting.rejections import in_words


@pytest.mark.parametrize("reason", RejectionReason)
def test_every_reason_has_words(reason: RejectionReason) -> None:
    assert in_words(Rejection(reason, "honey", "wax"))


def test_the_words_name_what_was_said_and_what_was_quoted() -> None:
    assert in_words(Rejection(RejectionReason.REPLACED, "Mara", "Petra")) == (
        'it says "Mara" where the passage says "Petra"'
    )


def test_braces_in_a_statement_are_only_text() -> None:
    assert in_words(Rejection(RejectionReason.NAME, "{quoted}")) == 'the name "{quoted}" is not in the passage'
