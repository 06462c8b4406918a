from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.answering.answer import ModelUsage, Turn
from bot.answering.keeping.cache import AnswerCache
from index.access import NOTHING_HIDDEN
from index.documents import EVERYTHING, Filter
from index.store.manifest import Fingerprint, Manifest
from tests.unit.bot.discord.sample_answers import quoting_message
from tests.unit.bot.samples import answer

MANIFEST = Manifest(
    number=7,
    created_at=datetime(2025, 1, 2, tzinfo=UTC),
    fingerprint=Fingerprint("1", "1", "m", "model", "1", "1", "1", "1"),
    documents=1,
    passages=1,
    dimension=384,
    languages=("en",),
    changed=0,
    files={},
)


def test_an_answer_is_known_again_at_no_cost_by_another_process_too(tmp_path: Path) -> None:
    written = replace(answer(), usage=ModelUsage("openai:small", 900, 80))
    cache = AnswerCache(tmp_path / "written.sqlite", "settings")
    key = cache.key("Who?", (), EVERYTHING, MANIFEST, NOTHING_HIDDEN)
    cache.keep(key, written)

    known = AnswerCache(tmp_path / "written.sqlite", "settings").get(key)
    assert known == replace(written, usage=ModelUsage("openai:small", 0, 0), timings_ms={})


def test_another_question_conversation_place_generation_sight_or_setting_is_another_answer(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "written.sqlite", "settings")
    keys = {
        cache.key("Who?", (), EVERYTHING, MANIFEST, NOTHING_HIDDEN),
        cache.key("Who is it?", (), EVERYTHING, MANIFEST, NOTHING_HIDDEN),
        cache.key("Who?", (Turn("user", "Hello"),), EVERYTHING, MANIFEST, NOTHING_HIDDEN),
        cache.key("Who?", (Turn("assistant", "Hello"),), EVERYTHING, MANIFEST, NOTHING_HIDDEN),
        cache.key("Who?", (), Filter(source="a.md"), MANIFEST, NOTHING_HIDDEN),
        cache.key("Who?", (), EVERYTHING, MANIFEST, frozenset({"staff"})),
        cache.key("Who?", (), EVERYTHING, replace(MANIFEST, number=8), NOTHING_HIDDEN),
        cache.key(
            "Who?", (), EVERYTHING, replace(MANIFEST, created_at=datetime(2025, 1, 3, tzinfo=UTC)), NOTHING_HIDDEN
        ),
        AnswerCache(tmp_path / "written.sqlite", "other settings").key(
            "Who?", (), EVERYTHING, MANIFEST, NOTHING_HIDDEN
        ),
    }

    assert len(keys) == 9


def test_nothing_is_known_of_what_was_never_kept(tmp_path: Path) -> None:
    assert AnswerCache(tmp_path / "written.sqlite", "").get("key") is None


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    AnswerCache(tmp_path / "written.sqlite", "").keep("key", answer())

    assert stat.S_IMODE((tmp_path / "written.sqlite").stat().st_mode) == 0o600


def test_a_cache_that_cannot_be_used_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "written.sqlite").write_bytes(b"this is no database, whatever its name says" * 100)
    cache = AnswerCache(tmp_path / "written.sqlite", "")

    cache.keep("key", answer())
    assert cache.get("key") is None
    assert AnswerCache(tmp_path / "missing" / "written.sqlite", "").get("key") is None


def test_what_another_version_kept_is_passed_over(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "written.sqlite", "")
    cache.keep("key", answer())
    cache._execute("UPDATE answers SET answer = ?", ('{"question": 3}',))

    assert cache.get("key") is None


def test_what_was_written_out_of_a_message_that_is_deleted_is_forgotten_and_nothing_else(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "written.sqlite", "settings")
    cache.keep("quoted", quoting_message("The safe is blue.", 20, 31))
    cache.keep("other", quoting_message("The safe is red.", 20, 32))
    cache.keep("page", answer())
    cache.forget_messages({31, 99})
    assert cache.get("quoted") is None
    assert cache.get("other") is not None and cache.get("page") is not None
