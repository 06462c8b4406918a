"""History: what was asked, as people and servers may look back on it and have it forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.answering.answer import Status
from bot.answering.keeping import kept_answer
from bot.answering.keeping.forgetting import MESSAGE_IN_JSON, without_messages
from bot.discord.database import Database
from bot.discord.store import Verdict, read_answer
from index.documents import DocumentMetadata

_EVERYTHING_OF_AN_ANSWER = ("feedback", "private_answers", "shown", "posted", "resolutions", "remarks", "human_answers")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, when it was asked, and what became of it."""

    at: datetime
    question: str
    status: Status


@dataclass(frozen=True, slots=True)
class Week:
    """A week, from `monday` on: how many were asked, answered in full or in part, and refused, and what was said."""

    monday: date
    asked: int
    answered: int
    refused: int
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What became of a server's questions: week by week, its titles most cited first, and milliseconds per answer."""

    weeks: tuple[Week, ...]
    sources: tuple[tuple[str, int], ...]
    milliseconds: tuple[float, ...]


class History:
    """The history that is kept in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: int) -> tuple[Asked, ...]:
        """Return what this person asked, latest first."""
        rows = self._database.read(
            "SELECT id, asked_at, answer, status FROM answers WHERE asker = ? ORDER BY asked_at DESC", (person,)
        )
        return tuple(
            Asked(datetime.fromisoformat(at), answer.question, Status(status))
            for id_, at, kept, status in rows
            if (answer := read_answer(id_, kept))
        )

    def forget_person(self, person: int) -> int:
        """Delete what this person asked, looked up and said of answers; return how many questions that were."""
        self._database.write("DELETE FROM feedback WHERE person = ?", (person,))
        self._database.write("DELETE FROM remarks WHERE person = ?", (person,))
        self._database.write("DELETE FROM human_answers WHERE helper = ?", (person,))
        self._forget_lookups("person = ?", (person,))
        return self._forget("asker = ?", (person,))

    def forget_messages(self, messages: AbstractSet[int]) -> None:
        """Take what these messages said out of every answer that quotes or shows them."""
        rows = self._database.read("SELECT id, answer FROM answers WHERE instr(answer, ?)", (MESSAGE_IN_JSON,))
        for id_, kept in rows:
            answer = read_answer(id_, kept)
            left = answer and without_messages(answer, messages)
            if left is not None and left is not answer:
                self._database.write(
                    "UPDATE answers SET answer = ?, status = ? WHERE id = ?",
                    (kept_answer.to_json(left), left.status, id_),
                )

    def set_forgotten(self, person: int, *, forgotten: bool) -> None:
        """Note that a person does not want what they say in Discord to be indexed, or that they want it again."""
        if forgotten:
            self._database.write("INSERT OR IGNORE INTO forgotten VALUES (?)", (person,))
        else:
            self._database.write("DELETE FROM forgotten WHERE person = ?", (person,))

    def forgotten(self) -> frozenset[int]:
        """Return those who do not want what they say in Discord to be indexed."""
        return frozenset(person for (person,) in self._database.read("SELECT person FROM forgotten"))

    def forget_server(self, guild: int) -> int:
        """Delete all that belongs to a server; return how many questions that were."""
        for table in ("channels", "guilds", "settings", "changes"):
            self._database.write(f"DELETE FROM {table} WHERE guild = ?", (guild,))
        self._forget_lookups("guild = ?", (guild,))
        return self._forget("guild = ?", (guild,))

    def forget_before(self, moment: datetime, guild: int | None = None) -> int:
        """Delete what was asked and looked up before a moment, of one server or anywhere.

        Returns how many questions that were.
        """
        if guild is None:
            # Those of before it was noted when and by whom.
            self._database.write("DELETE FROM lookups WHERE id NOT IN (SELECT lookup FROM looked_up)", ())
            self._forget_lookups("at < ?", (moment.isoformat(),))
            return self._forget("asked_at < ?", (moment.isoformat(),))
        self._forget_lookups("guild = ? AND at < ?", (guild, moment.isoformat()))
        return self._forget("guild = ? AND asked_at < ?", (guild, moment.isoformat()))

    def servers(self) -> tuple[int, ...]:
        """Return the servers of which anything is kept."""
        rows = self._database.read(
            "SELECT guild FROM (SELECT guild FROM answers UNION SELECT guild FROM looked_up) WHERE guild IS NOT NULL"
        )
        return tuple(guild for (guild,) in rows)

    def statistics(self, guild: int, may_be_named: Callable[[DocumentMetadata], bool], weeks: int = 12) -> Statistics:
        """Return the numbers of a server's last weeks, the oldest first; weeks without a question are among them.

        `may_be_named` tells of which documents the titles may be shown.
        """
        monday = _monday(datetime.now(UTC).date())
        first = monday - timedelta(weeks=weeks - 1)
        rows = self._database.read(
            "SELECT id, asked_at, status, answer FROM answers WHERE guild = ? AND asked_at >= ?",
            (guild, first.isoformat()),
        )
        said = self._database.read(
            "SELECT given_at, verdict FROM feedback JOIN answers ON id = feedback.answer"
            " WHERE guild = ? AND given_at >= ?",
            (guild, first.isoformat()),
        )
        answers = [answer for id_, _, _, kept in rows if (answer := read_answer(id_, kept))]
        cited = Counter(citation.document for answer in answers for citation in answer.citations)
        titles: Counter[str] = Counter()
        for document, times in cited.items():
            if may_be_named(document):
                titles[document.title] += times
        totals = (sum(answer.timings_ms.values()) for answer in answers if answer.timings_ms)
        by_week = [first + timedelta(weeks=number) for number in range(weeks)]
        return Statistics(
            tuple(_week(day, [row[1:3] for row in rows], said) for day in by_week),
            tuple(titles.most_common(5)),
            tuple(totals),
        )

    def _forget(self, which: str, values: Sequence[object]) -> int:
        for table in _EVERYTHING_OF_AN_ANSWER:
            # The condition is one of ours, never what somebody typed.
            self._database.write(f"DELETE FROM {table} WHERE answer IN (SELECT id FROM answers WHERE {which})", values)
        return self._database.write(f"DELETE FROM answers WHERE {which}", values)

    def _forget_lookups(self, which: str, values: Sequence[object]) -> None:
        self._database.write(f"DELETE FROM lookups WHERE id IN (SELECT lookup FROM looked_up WHERE {which})", values)
        self._database.write(f"DELETE FROM looked_up WHERE {which}", values)


def _week(monday: date, asked: Sequence[tuple[str, str]], said: Sequence[tuple[str, str]]) -> Week:
    statuses = [Status(status) for at, status in asked if _monday(_day(at)) == monday]
    verdicts = [Verdict(verdict) for at, verdict in said if _monday(_day(at)) == monday]
    answered = sum(status in (Status.ANSWERED, Status.PARTLY_ANSWERED) for status in statuses)
    good = verdicts.count(Verdict.GOOD)
    return Week(monday, len(statuses), answered, len(statuses) - answered, good, len(verdicts) - good)


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
