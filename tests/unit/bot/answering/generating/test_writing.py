from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest

from bot.answering.generating.chat_session import ChatSession
from bot.answering.generating.entailment import Pair, judge
from bot.answering.generating.writing import AnswerWriter, WritingInput, WritingProgress
from bot.answering.verifying.verifying import Verifier
from bot.errors import ChatFailed, ChatFailureKind
from tests.unit.bot.answering.chats import Says, ScriptedChat, key_of
from tests.unit.bot.answering.samples import choices, document, evidence

QUESTION = "How many members does the beekeeping club have?"
TEXT = """\
The beekeeping club of Lindau has 40 members. Mara Lind leads it since 2019. It does not sell wax.

The club sells honey in May. Each jar costs 6 euros."""
FOUND = evidence(QUESTION, document(TEXT))
GIVEN = WritingInput(QUESTION, FOUND.sentences, FOUND.sentences, tuple(choices(FOUND, "40 members", "Mara Lind")))


def _write(*replies: Says, given: WritingInput = GIVEN) -> tuple[list[WritingProgress], ScriptedChat]:
    chat = ScriptedChat(*replies)
    writer = AnswerWriter(chat.as_chat, Verifier(lambda _: 0.5, lambda _: None))
    return list(writer.write(chat.session, given)), chat


def _stating(*statements: tuple[str, str]) -> Callable[[str], str]:
    """Return a reply of these sentences, each with a piece of the passage that it cites."""

    def reply(prompt: str) -> str:
        drafted = [{"text": text, "passages": [key_of(prompt, piece)]} for text, piece in statements]
        return json.dumps({"statements": drafted})

    return reply


def _texts(writing: WritingProgress) -> Sequence[str]:
    return [each.text for each in writing.said]


def test_a_supported_statement_is_said_and_carried_by_a_quote_that_our_code_picked() -> None:
    (*_, last), _ = _write(_stating(("The beekeeping club has 40 members.", "40 members")))

    assert _texts(last) == ["The beekeeping club has 40 members."]
    assert [quote.text for quote in last.said[0].quotes] == ["The beekeeping club of Lindau has 40 members."]
    assert (last.dropped, last.repaired, last.main_statement_dropped) == (0, 0, False)


def test_statements_are_there_one_after_the_other() -> None:
    writings, _ = _write(
        _stating(("The beekeeping club has 40 members.", "40 members"), ("The club sells honey in May.", "honey"))
    )

    assert [len(writing.said) for writing in writings] == [1, 2, 2]


@pytest.mark.parametrize(
    "wrong",
    [
        "The beekeeping club of Lindau has 41 members.",
        "The beekeeping club of Lindau has not 40 members.",
        "The beekeeping club of Bregenz has 40 members.",
    ],
)
def test_a_wrong_statement_is_said_as_the_passage_says_it(wrong: str) -> None:
    (*_, last), _ = _write(_stating((wrong, "40 members")))

    assert _texts(last) == ["The beekeeping club of Lindau has 40 members."]
    assert (last.dropped, last.repaired, last.main_statement_dropped) == (0, 1, False)


def test_what_the_passage_does_not_say_at_all_is_dropped_and_the_core_is_lost_with_the_first() -> None:
    (*_, last), _ = _write(
        _stating(("Wolves howl at the moon.", "40 members"), ("The beekeeping club has 40 members.", "40 members"))
    )

    assert _texts(last) == ["The beekeeping club has 40 members."]
    assert (last.dropped, last.main_statement_dropped) == (1, True)


def test_keys_that_were_never_given_carry_nothing() -> None:
    (*_, last), _ = _write('{"statements": [{"text": "The beekeeping club has 40 members.", "passages": ["a2b3c4"]}]}')

    assert _texts(last) == []
    assert last.main_statement_dropped


def test_a_statement_must_stand_in_the_passage_that_it_cites_not_in_another() -> None:
    (*_, last), _ = _write(_stating(("The beekeeping club has 40 members.", "honey")))

    assert _texts(last) == []


def test_what_has_nothing_to_do_with_the_question_is_dropped() -> None:
    members = tuple(sentence for sentence in FOUND.sentences if "40 members" in sentence.text)
    given = WritingInput(QUESTION, FOUND.sentences, members, ())
    (*_, last), _ = _write(_stating(("Each jar costs 6 euros.", "honey")), given=given)

    assert _texts(last) == []


def test_nothing_is_said_twice() -> None:
    again = ("The beekeeping club has 40 members.", "40 members")
    (*_, last), _ = _write(_stating(again, again))

    assert _texts(last) == ["The beekeeping club has 40 members."]


def test_an_answer_ends_with_its_fifth_statement() -> None:
    sentences = [f"The beekeeping club {word} has 40 members." for word in ("today", "now", "here", "still", "again")]
    (*_, last), _ = _write(_stating(*((text, "40 members") for text in [*sentences, "The club sells honey in May."])))

    assert len(last.said) == 5


@pytest.mark.parametrize("first", ["I would say forty.", "", ChatFailed(ChatFailureKind.CUT_OFF)])
def test_what_cannot_be_read_is_asked_for_once_more(first: Says) -> None:
    (*_, last), chat = _write(first, _stating(("The beekeeping club has 40 members.", "40 members")))

    assert _texts(last) == ["The beekeeping club has 40 members."]
    assert len(chat.prompts) == 2
    assert "could not be read" in chat.prompts[1]


def test_what_cannot_be_read_twice_is_a_failure() -> None:
    with pytest.raises(ChatFailed, match="malformed"):
        _write("Forty.", "Forty!")


def test_a_failure_that_is_not_worth_repeating_is_not_repeated() -> None:
    with pytest.raises(ChatFailed, match="rate_limited"):
        _write(ChatFailed(ChatFailureKind.RATE_LIMITED), AssertionError("asked once more"))


def test_a_statement_whose_key_was_forgotten_is_looked_up_in_every_passage() -> None:
    (*_, last), _ = _write("The beekeeping club of Lindau has 40 members.\nIt has 41 members.")

    assert _texts(last) == ["The beekeeping club of Lindau has 40 members."]
    assert [quote.text for quote in last.said[0].quotes] == ["The beekeeping club of Lindau has 40 members."]


def test_a_model_that_finds_no_answer_says_nothing() -> None:
    (*_, last), _ = _write('{"statements": []}')

    assert last == WritingProgress()


def test_only_a_model_that_can_be_held_to_it_is_asked_for_json() -> None:
    chat = ScriptedChat(
        lambda prompt: f"The beekeeping club has 40 members. [{key_of(prompt, '40')}]", structured=False
    )
    writer = AnswerWriter(chat.as_chat, Verifier(lambda _: 0.5, lambda _: None))
    *_, last = writer.write(chat.session, GIVEN)

    assert _texts(last) == ["The beekeeping club has 40 members."]
    assert chat.schemas == [None]
    assert "JSON" not in chat.prompts[0]


PARAPHRASE = ("The club counts 40 people as members.", "40 members")


class Judge:
    """The chat model as judge, whether or not it has earned it."""

    def __init__(self, *, is_trusted: bool) -> None:
        self.is_trusted = is_trusted

    def __call__(self, session: ChatSession, pairs: Sequence[Pair]) -> list[bool]:
        return judge(session, pairs)


def _judged(*replies: Says, is_trusted: bool = True) -> WritingProgress:
    chat = ScriptedChat(*replies)
    writer = AnswerWriter(chat.as_chat, Verifier(lambda _: 0.5, lambda _: None), Judge(is_trusted=is_trusted))
    *_, last = writer.write(chat.session, GIVEN)
    return last


def test_a_paraphrase_is_let_through_where_the_judge_says_that_it_follows_and_keeps_its_place() -> None:
    drafts = _stating(PARAPHRASE, ("The club sells honey in May.", "honey"))

    assert _texts(_judged(drafts, '{"judgements": ["yes"]}')) == [PARAPHRASE[0], "The club sells honey in May."]


@pytest.mark.parametrize("reply", ['{"judgements": ["no"]}', "nonsense", ChatFailed(ChatFailureKind.EMPTY)])
def test_a_paraphrase_that_is_not_found_to_follow_is_said_in_the_words_of_its_quote(reply: Says) -> None:
    last = _judged(_stating(PARAPHRASE), reply)

    assert _texts(last) == ["The beekeeping club of Lindau has 40 members."]
    assert last.repaired == 1


def test_a_judge_that_has_not_proved_itself_is_not_asked() -> None:
    last = _judged(_stating(PARAPHRASE), is_trusted=False)

    assert _texts(last) == ["The beekeeping club of Lindau has 40 members."]


def test_what_breaks_the_facts_is_put_to_no_judge() -> None:
    last = _judged(_stating(("The club counts 41 people as members.", "40 members")))

    assert all("41" not in text for text in _texts(last))
