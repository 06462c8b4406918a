import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import Answer, Note, NoteKind
from bot.discord.history import History
from bot.discord.store import EscalationTarget, Gap, Mode, Origin, Store, Verdict
from index.documents import Filter
from tests.unit.bot.discord.sample_answers import ANSWER, REFUSAL, WRITTEN, any_answers

ASKED = Origin(asker=7, guild=1, channel=10)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "answers.sqlite")


def test_an_answer_comes_back_as_it_was_kept_even_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    first = Store(path)
    first.save_answer("a1", ASKED, ANSWER)
    first.close()
    kept = Store(path).answer("a1")
    assert kept is not None
    assert (kept.origin, kept.answer) == (ASKED, ANSWER)


@settings(max_examples=30)
@given(any_answers())
def test_any_answer_can_be_kept(answer: Answer) -> None:
    store = Store(":memory:")
    store.save_answer("a1", ASKED, answer)
    kept = store.answer("a1")
    assert kept is not None and len(kept.answer.citations) == len(answer.citations)


def test_an_unknown_answer_is_none(store: Store) -> None:
    assert store.answer("nope") is None


def test_a_second_verdict_of_one_person_replaces_the_first(store: Store) -> None:
    store.save_answer("a1", ASKED, ANSWER)
    store.judge("a1", 7, Verdict.WRONG)
    store.judge("a1", 7, Verdict.GOOD)
    assert store.gaps(1) == ()


def test_gaps_are_the_refused_and_the_criticised_questions_of_one_guild(store: Store) -> None:
    store.save_answer("good", ASKED, ANSWER)
    store.save_answer("refused", ASKED, REFUSAL)
    store.save_answer("bad", ASKED, ANSWER)
    store.save_answer("elsewhere", replace(ASKED, guild=2), REFUSAL)
    store.judge("bad", 7, Verdict.OUT_OF_DATE)
    store.judge("good", 7, Verdict.GOOD)
    assert store.gaps(1) == (
        Gap("refused", REFUSAL.question, REFUSAL.status, (), documents=REFUSAL.documents),
        Gap("bad", ANSWER.question, ANSWER.status, (Verdict.OUT_OF_DATE,), documents=ANSWER.documents),
    )


def test_a_question_is_handed_over_once(store: Store) -> None:
    store.save_answer("a1", ASKED, REFUSAL)
    assert store.mark_handed_over("a1")
    assert not store.mark_handed_over("a1")


def test_the_latest_answers_come_newest_first_and_200_at_most(store: Store) -> None:
    for number in range(203):
        store.save_answer(f"a{number}", ASKED, replace(ANSWER, question=f"Question {number}?"))
    questions = [answer.question for answer in store.latest()]
    assert questions == [f"Question {number}?" for number in range(202, 2, -1)]


def test_what_was_written_and_what_went_wrong_is_kept(store: Store) -> None:
    answer = replace(WRITTEN, notes=(Note(NoteKind.NOT_WRITTEN, "was cut off"),), timings_ms={"first_statement": 810.0})
    store.save_answer("a1", ASKED, answer)
    assert store.latest() == (answer,)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([b"\x00", b"\xff", b'"', b"[", b"5", b"}", b"[" * 3_000]))
def test_an_answer_that_was_altered_costs_no_other_one(place: int, written: bytes) -> None:
    store = Store(":memory:")
    store.save_answer("a1", ASKED, replace(REFUSAL, question="What was altered?"))
    store.save_answer("a2", replace(ASKED, follows="a1"), REFUSAL)
    (whole,) = store._read("SELECT answer FROM answers WHERE id = 'a1'", ())[0]
    kept = whole.encode()
    place %= len(kept)
    altered = kept[:place] + written + kept[place + 1 :]
    store._write("UPDATE answers SET answer = CAST(? AS TEXT) WHERE id = 'a1'", (altered,))
    assert store.gaps(1)[-1].question == REFUSAL.question
    assert store.latest()[0] == REFUSAL
    assert len(store.gaps(1)) == len(store.latest()) == 1 + (store.answer("a1") is not None)


@pytest.mark.parametrize(
    "altered", ["", "{}", "[]", "null", '{"notes": 5}', "[" * 100_000, "\x00", '{"question": "\\ud800"}']
)
def test_what_is_no_answer_is_passed_over_and_named_in_the_log(
    store: Store, altered: str, caplog: pytest.LogCaptureFixture
) -> None:
    store.save_answer("a1", ASKED, REFUSAL)
    store._write("UPDATE answers SET answer = ?", (altered,))
    assert (store.gaps(1), store.latest(), store.answer("a1")) == ((), (), None)
    assert all("a1" in record.message and "altered" in record.message for record in caplog.records)
    assert len(caplog.records) == 3


def test_other_rows_that_were_altered_are_as_if_they_had_never_been_kept(store: Store) -> None:
    store.save_answer("a1", ASKED, ANSWER)
    store.judge("a1", 3, Verdict.WRONG)
    store._write("UPDATE feedback SET verdict = 'wrung'", ())
    store.set_mode(1, 10, Mode.OFF)
    store._write("UPDATE channels SET mode = 'of'", ())
    store.save_lookup("l1", ASKED, "rates", Filter())
    store._write("UPDATE lookups SET filter = '{'", ())
    assert store.gaps(1)[0].complaints == ()
    assert store.mode(10) is Mode.MENTION
    assert store.lookup("l1") is None


def test_an_answer_from_before_there_were_chat_models_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    Store(path).save_answer("a1", ASKED, ANSWER)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE answers SET answer = json_remove(answer, '$.usage', '$.made', '$.notes')")
        assert database.execute("SELECT 1 FROM answers WHERE answer LIKE '%notes%'").fetchall() == []
    kept = Store(path).answer("a1")
    assert kept is not None and kept.answer == ANSWER


def test_a_channel_answers_mentions_until_told_otherwise(store: Store) -> None:
    assert store.mode(10) is Mode.MENTION
    store.set_mode(1, 10, Mode.OFF)
    assert store.mode(10) is Mode.OFF
    assert store.mode(11) is Mode.MENTION


def test_each_guild_has_its_own_people_to_ask(store: Store) -> None:
    store.set_escalation_target(1, EscalationTarget(channel=5))
    assert store.escalation_target(1) == EscalationTarget(channel=5)
    assert store.escalation_target(2) == store.escalation_target(None) == EscalationTarget()


def test_a_lookup_comes_back_with_its_filter(store: Store) -> None:
    where = Filter("reports", date(2025, 1, 1), None)
    store.save_lookup("l1", ASKED, "rates", where)
    assert store.lookup("l1") == ("rates", where)
    assert store.lookup("l2") is None


def test_what_was_looked_up_is_forgotten_with_its_person_its_server_and_its_time(store: Store) -> None:
    history = History(store.database)

    def left() -> list[str]:
        return [each for each in ("mine", "theirs", "elsewhere") if store.lookup(each)]

    for lookup, asker, guild in (("mine", 1, 10), ("theirs", 2, 10), ("elsewhere", 2, 11)):
        store.save_lookup(lookup, Origin(asker, guild), "rates", Filter())
    history.forget_before(datetime.now(UTC) - timedelta(days=1))
    assert left() == ["mine", "theirs", "elsewhere"]
    history.forget_person(1)
    assert left() == ["theirs", "elsewhere"]
    history.forget_server(11)
    assert left() == ["theirs"] and history.servers() == (10,)
    history.forget_before(datetime.now(UTC) + timedelta(days=1), 10)
    assert left() == []


def test_a_lookup_of_which_nobody_knows_the_time_is_not_kept(store: Store) -> None:
    store.save_lookup("l1", ASKED, "rates", Filter())
    store._write("DELETE FROM looked_up", ())
    History(store.database).forget_before(datetime.now(UTC) - timedelta(days=1))
    assert store.lookup("l1") is None


def test_a_fact_is_what_was_noted_last(store: Store) -> None:
    assert store.fact("commands") is None
    store.set_fact("commands", "one")
    store.set_fact("commands", "two")
    assert store.fact("commands") == "two"


def test_a_thread_knows_whether_it_was_answered(store: Store) -> None:
    assert not store.was_answered_in(10)
    store.save_answer("a1", ASKED, ANSWER)
    assert store.was_answered_in(10)


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    Store(tmp_path / "answers.sqlite").save_answer("a1", ASKED, ANSWER)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
