"""Measure the checks of facts: how many planted errors are caught, how many true statements are rejected.

    python -m tests.benchmarks.planted_errors ../shared/eval [EXAMPLES]

True statements are sentences of documents as they stand, statements made of SQuAD's questions and answers, and, apart,
the claims of AttributionBench that people found supported. Errors are planted in the first two: a number, a unit, a
date, a name or a negation is changed, by rules that know nothing of how the checks read a text. With EXAMPLES so many
misses and false alarms of each kind are printed too.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter

from bot.answering.verifying.facts.checking import Context, unsupported
from bot.evaluation.question_sets import rows
from index.documents import Span
from index.language import words
from index.language.analysis import Analysis
from index.language.sentences import sentences
from tests.rejections import in_words

SEED = 20250304
OF_EACH_SET = 400
SETS = {
    "squad2": "squad2/corpus.jsonl",
    "hotpot": "hotpot/corpus.jsonl",
    "multihoprag": "multihoprag/corpus.jsonl",
    "clapnq": "clapnq/corpus.jsonl",
    "xquad.en": "xquad/corpus.en.jsonl",
    "xquad.zh": "xquad/corpus.zh.jsonl",
}
TARGETS = {"caught": 0.95, "rejected": 0.05}
_LOWER_CASE = re.compile(r"(?<![\w'])[a-z]+(?![\w'])")


@dataclass(frozen=True, slots=True)
class Case:
    """A statement, what it cites, and the names of its document and of others that may be planted in it."""

    origin: str
    statement: str
    quote: str
    context: Context
    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()


Planter = Callable[[Case, random.Random], Iterator[str]]


def main() -> None:
    root, examples = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    verbatim, written = list(_verbatim(root)), list(_written(root / "squad2"))
    print(f"{'true statements':34}{'number':>8}{'rejected':>10}{'':4}target <= {TARGETS['rejected']:.0%}")
    for name, cases in (*_by_origin(verbatim), ("all sentences as they stand", verbatim), *_by_origin(written)):
        _report(name, cases, [bool(_reasons(case)) for case in cases], examples)
    claims = list(_claims(root / "attributionbench" / "dev.jsonl"))
    for supported, name in ((True, "supported claims"), (False, "unsupported claims")):
        cases = [case for case, label in claims if label is supported]
        _report(f"AttributionBench, {name}", cases, [bool(_reasons(case)) for case in cases], examples)
    print(f"\n{'planted errors':34}{'number':>8}{'caught':>10}{'':4}target >= {TARGETS['caught']:.0%}")
    for material, cases in (("as they stand", verbatim), ("question and answer", written)):
        for kind, plant in PLANTERS.items():
            chance = random.Random(f"{SEED} {kind}")
            planted = [replace(case, statement=text) for case in cases for text in plant(case, chance)]
            if planted:
                caught = [bool(_reasons(case)) for case in planted]
                _report(f"{kind}, {material}", planted, caught, examples, wanted=True)
    started = perf_counter()
    for case in verbatim:
        _reasons(case)
    print(f"\n{(perf_counter() - started) / len(verbatim) * 1000:.2f} ms for each statement")


def _report(name: str, cases: Sequence[Case], found: Sequence[bool], examples: int, *, wanted: bool = False) -> None:
    print(f"{name:34}{len(cases):>8}{sum(found) / max(1, len(found)):>10.1%}")
    wrong = [case for case, rejected in zip(cases, found, strict=True) if rejected is not wanted]
    for case in random.Random(SEED).sample(wrong, min(examples, len(wrong))):
        print(f"    {_reasons(case)}\n      said:  {case.statement}\n      quote: {case.quote}")
        print(f"      above: {case.context.above} | before: ...{case.context.before[-150:]!r}")


def _reasons(case: Case) -> tuple[str, ...]:
    code = "zh" if case.origin.endswith("zh") else "en"
    found = unsupported(Analysis(case.statement, code), Analysis(case.quote, code), case.context)
    return tuple(in_words(each) for each in found)


def _by_origin(cases: Sequence[Case]) -> Iterator[tuple[str, list[Case]]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.origin].append(case)
    yield from groups.items()


def _verbatim(root: Path) -> Iterator[Case]:
    """Yield sentences of the sets' documents, each with itself as its quote."""
    for origin, path in SETS.items():
        chance = random.Random(f"{SEED} {origin}")
        documents = list(rows(root / path))
        every_name = sorted({name for document in documents for name in names_in(document["text"])})
        found = []
        for document in documents:
            text = document["text"]
            for span in sentences(text, "zh" if origin.endswith("zh") else "en", Span(0, len(text))):
                sentence = span.of(text)
                if 15 < len(sentence) < 400:
                    context = _context(document, text[: span.start])
                    near = tuple(name for name in names_in(text) if name not in sentence)
                    far = tuple(chance.choice(every_name) for _ in range(5)) if every_name else ()
                    found.append(Case(origin, sentence, sentence, context, near, far))
        yield from chance.sample(found, min(OF_EACH_SET, len(found)))


def _context(document: dict[str, str], before: str) -> Context:
    published = document.get("date", "")[:10]
    return Context(
        above=document["title"],
        before=before,
        published=date.fromisoformat(published) if published else None,
        words=frozenset(_LOWER_CASE.findall(document["text"])),
    )


# Each way to ask, and the statement that the question and its answer become.
_ASKED = (
    (re.compile(r"(?:Who|What) (was|is|are|were) (the|a|an) ([^,?]+)\?"), "{2} {3} {1} {answer}."),
    (
        re.compile(r"(?:Who|What \w+) (\w+ed|wrote|led|won|made|became|began|held|built|has|had) ([^?]+)\?"),
        "{answer} {1} {2}.",
    ),
    (
        re.compile(
            r"(?:When|In what year|What year) (was|were) (.+) (\w+ed|born|built|held|won|written|made)\b([^?]*)\?"
        ),
        "{2} {1} {3}{4} in {answer}.",
    ),
    (re.compile(r"Where (is|was|are|were) ([^?]+?)(?: located)?\?"), "{2} {1} located in {answer}."),
    (re.compile(r"How many ([^?]+?) (are|were) (there )?(in|on|at) ([^?]+)\?"), "There {2} {answer} {1} {4} {5}."),
    (re.compile(r"What (?:is|was) ([^,?]+) (called|known as|named)\?"), "{1} was {2} {answer}."),
)


def _written(folder: Path) -> Iterator[Case]:
    """Yield statements made of a question and its answer.

    The quote is the sentence that the answer stands in, and the one that has most of what it lacks of the statement.
    """
    documents = {document["id"]: document for document in rows(folder / "corpus.jsonl")}
    names = sorted({name for document in documents.values() for name in names_in(document["text"])})
    chance = random.Random(SEED)
    for question in rows(folder / "queries.jsonl"):
        if not question["answerable"]:
            continue
        [evidence, *_] = question["evidence"]
        document = documents[evidence["doc"]]
        text, start = document["text"], evidence["start"]
        spans = sentences(text, "en", Span(0, len(text)))
        span = next((span for span in spans if span.start <= start < span.end), None)
        statement = _stated(question["text"], question["answers"][0])
        if span and statement:
            quoted = _with_what_it_lacks(statement, span, spans, text)
            quote = "\n".join(span.of(text) for span in quoted)
            context = _context(document, text[: quoted[0].start])
            near = tuple(name for name in names_in(text) if name not in quote and name not in statement)
            far = tuple(chance.choice(names) for _ in range(5))
            yield Case("question and answer", statement, quote, context, near, far)


def _with_what_it_lacks(statement: str, best: Span, spans: Sequence[Span], text: str) -> list[Span]:
    lacking = set(words.terms(statement, "en")) - set(words.terms(best.of(text), "en"))
    second = max(spans, key=lambda span: len(lacking & set(words.terms(span.of(text), "en"))))
    return sorted({best, second}, key=lambda span: span.start) if lacking else [best]


def _stated(question: str, answer: str) -> str | None:
    for asked, stated in _ASKED:
        match = asked.fullmatch(question.strip())
        if match:
            text = stated.format("", *(group or "" for group in match.groups()), answer=answer)
            return text[0].upper() + text[1:]
    return None


def _claims(path: Path) -> Iterator[tuple[Case, bool]]:
    """Yield the claims of AttributionBench with the three sentences of their references that share most words."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = "\n\n".join(row["references"])
        wanted = set(words.terms(row["claim"], "en"))
        spans = sentences(text, "en", Span(0, len(text)))
        best = sorted(spans, key=lambda span: -len(wanted & set(words.terms(span.of(text), "en"))))[:3]
        quote = " ".join(span.of(text) for span in sorted(best, key=lambda span: span.start))
        title = " ".join(re.findall(r"^(?:Title|Section): (.*)$", text, re.MULTILINE))
        before = text[: min((span.start for span in best), default=0)]
        known = frozenset(_LOWER_CASE.findall(text + " " + row["question"]))
        yield Case("claims", row["claim"], quote, Context(title, before, None, known)), row["label"] == 1


# --- Planting. These rules are the benchmark's own, and simple: what they change is surely an error.

_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty"
_ORDINAL_WORDS = "second third fourth fifth sixth seventh"
_SCALE_WORDS = "hundred thousand million billion trillion"
_UNITS = (
    "years months days hours weeks minutes",
    "km miles metres meters kilometers feet",
    "kg pounds tons tonnes",
    "dollars euros pounds yen",
    "percent dollars years",
)
_NAME = re.compile(
    r"(?:(?<=[a-z,] )|(?<=^))"
    r"(?!(?:The|In|A|An|This|These|It|He|She|However|On|At|For|As|By|From|With|But|And|When|While|After|Its|His|Their"
    r"|They|There|Some|Many|Most|Such|If|To)\b)"
    r"[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*\b"
)
_DATED = re.compile(f"(?:{'|'.join((_MONTHS + ' ' + _DAYS).split())})")


def names_in(text: str) -> list[str]:
    found = (match[0] for match in _NAME.finditer(text) if match.start() > 0)
    return sorted({name for name in found if not _DATED.search(name)})


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _one(matches: Sequence[re.Match[str]], chance: random.Random) -> list[re.Match[str]]:
    return [chance.choice(matches)] if matches else []


def _digits(case: Case, chance: random.Random) -> Iterator[str]:
    """Plant a plain number for another: one more or less, or with one digit changed."""
    pattern = re.compile(r"(?<![\w.,:/$-])\d+(?![\w:/-])(?!th|st|nd|rd|[.,]\d)")
    matches = [match for match in pattern.finditer(case.statement) if not re.fullmatch(r"1\d{3}|20\d\d", match[0])]
    near_month = re.compile(f"(?:{'|'.join(_MONTHS.split())})\\W*$|^\\W*(?:of )?(?:{'|'.join(_MONTHS.split())})")
    matches = [
        m
        for m in matches
        if not near_month.search(case.statement[: m.start()]) and not near_month.search(case.statement[m.end() :])
    ]
    for match in _one(matches, chance):
        digits = list(match[0])
        if chance.random() < 0.5:
            yield _replaced(case.statement, match, str(int(match[0]) + chance.choice([1, -1, 10])))
        else:
            place = chance.randrange(len(digits))
            digits[place] = chance.choice([digit for digit in "123456789" if digit != digits[place]])
            yield _replaced(case.statement, match, "".join(digits))


def _decimals(case: Case, chance: random.Random) -> Iterator[str]:
    """Plant another digit in a number with a point or with thousands."""
    for match in _one(list(re.finditer(r"(?<![\w.,])\d+(?:[.,]\d+)+(?![\w.,]*\d)", case.statement)), chance):
        place = chance.choice([place for place, digit in enumerate(match[0]) if digit.isdecimal()])
        new = chance.choice([digit for digit in "123456789" if digit != match[0][place]])
        yield _replaced(case.statement, match, match[0][:place] + new + match[0][place + 1 :])


def _other_word(listed: str) -> Planter:
    pattern = re.compile(rf"\b(?:{'|'.join(listed.split())})\b")

    def plant(case: Case, chance: random.Random) -> Iterator[str]:
        for match in _one(list(pattern.finditer(case.statement)), chance):
            others = [word for word in listed.split() if word != match[0] and word not in case.quote]
            if others:
                yield _replaced(case.statement, match, chance.choice(others))

    return plant


def _unit(case: Case, chance: random.Random) -> Iterator[str]:
    """Plant another unit of its kind after a number."""
    for units in _UNITS:
        pattern = re.compile(rf"(?<=\d )(?:{'|'.join(units.split())})\b|(?<=\d)%")
        for match in _one(list(pattern.finditer(case.statement)), chance):
            if match[0] == "%":
                yield _replaced(case.statement, match, " percentage points")
            else:
                yield _replaced(
                    case.statement, match, chance.choice([unit for unit in units.split() if unit[:2] != match[0][:2]])
                )
            return


def _year(case: Case, chance: random.Random) -> Iterator[str]:
    for match in _one(list(re.finditer(r"(?<![\w.,$])(?:1[0-9]|20)\d\d(?![\w.,]*\d|s)", case.statement)), chance):
        new = str(int(match[0]) + chance.choice([-10, -2, -1, 1, 2, 100]))
        if new not in case.quote:
            yield _replaced(case.statement, match, new)


def _day(case: Case, chance: random.Random) -> Iterator[str]:
    months = "|".join(_MONTHS.split())
    pattern = re.compile(
        rf"(?<=\b)\d{{1,2}}(?=(?:st|nd|rd|th)? (?:{months})\b)"
        r"|(?:(?<=ry |ch |il |ay |ne |ly |st |er ))(?<=[a-z] )\d{1,2}(?=,? \d{4})"
    )
    for match in _one(list(pattern.finditer(case.statement)), chance):
        new = str(int(match[0]) % 28 + 1)
        if new not in case.quote:
            yield _replaced(case.statement, match, new)


def _near_name(case: Case, chance: random.Random) -> Iterator[str]:
    yield from _renamed(case, chance, case.near)


def _far_name(case: Case, chance: random.Random) -> Iterator[str]:
    yield from _renamed(case, chance, case.far)


def _renamed(case: Case, chance: random.Random, others: Sequence[str]) -> Iterator[str]:
    """Plant another name, of which no word begins like one of the quote: "French" is no error for "France"."""
    starts = {word[:2].lower() for word in re.findall(r"\w+", case.quote)}
    fits = [name for name in others if not {word[:2].lower() for word in name.split()} & starts]
    matches = [match for match in _NAME.finditer(case.statement) if not _DATED.search(match[0])]
    for match in _one(matches, chance):
        if fits:
            yield _replaced(case.statement, match, chance.choice(fits))


_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|can|could|will|would|should|has|had|have|did|does|do)\b(?! (?:not|never|no)\b)(?= [a-z])"
)


def _negated(case: Case, chance: random.Random) -> Iterator[str]:
    for match in _one(list(_AUXILIARY.finditer(case.statement)), chance):
        yield _replaced(case.statement, match, f"{match[0]} {chance.choice(['not', 'never', 'not'])}")


def _affirmed(case: Case, chance: random.Random) -> Iterator[str]:
    pattern = re.compile(
        r"\b(?:not|never) (?!only|just|merely|until)|(?<=[a-z])n't\b(?<!can't)(?<!won't)|(?<=n)not\b|\bno longer "
    )
    for match in _one(list(pattern.finditer(case.statement)), chance):
        yield _replaced(case.statement, match, "")


def _opposite(case: Case, chance: random.Random) -> Iterator[str]:
    pairs = [
        "increased decreased",
        "rose fell",
        "higher lower",
        "more less",
        "before after",
        "first last",
        "above below",
        "won lost",
        "allowed banned",
        "largest smallest",
        "increase decrease",
        "accepted rejected",
        "began ended",
        "gained lost",
        "north south",
        "best worst",
        "early late",
        "oldest newest",
        "inside outside",
        "majority minority",
    ]
    both = {word: pair for pair in pairs for word in pair.split()}
    pattern = re.compile(rf"\b(?:{'|'.join(both)})\b")
    for match in _one(list(pattern.finditer(case.statement)), chance):
        [new] = [word for word in both[match[0]].split() if word != match[0]]
        if new not in case.quote:
            yield _replaced(case.statement, match, new)


def _hedged(case: Case, chance: random.Random) -> Iterator[str]:
    """Plant as plain fact what the quote only says may be."""
    for match in _one(list(re.finditer(r"\b(?:may|might|could) be\b", case.statement)), chance):
        yield _replaced(case.statement, match, "is")


def _han_digits(case: Case, chance: random.Random) -> Iterator[str]:
    matches = list(
        re.finditer(
            r"(?<![\w.,])\d+(?=\s?[\u4e00-\u9fff%])|(?<=[\u4e00-\u9fff])\d+(?=\s?[\u4e00-\u9fff%])", case.statement
        )
    )
    for match in _one(matches, chance):
        yield _replaced(case.statement, match, str(int(match[0]) + chance.choice([1, 2, 10])))


def _han_negated(case: Case, chance: random.Random) -> Iterator[str]:
    for match in _one(list(re.finditer("是(?!否|非)|能够|可以|被(?!动)|属于", case.statement)), chance):
        yield _replaced(case.statement, match, ("没有" if match[0] == "被" else "不") + match[0])


def _han_affirmed(case: Case, chance: random.Random) -> Iterator[str]:
    for match in _one(list(re.finditer("不(?=是|能|会|再|需|存在|可以|属于)|没有(?=被)", case.statement)), chance):
        yield _replaced(case.statement, match, "")


PLANTERS: dict[str, Planter] = {
    "number": _digits,
    "number with point or comma": _decimals,
    "number word": _other_word(_NUMBER_WORDS),
    "ordinal word": _other_word(_ORDINAL_WORDS),
    "scale": _other_word(_SCALE_WORDS),
    "unit": _unit,
    "year": _year,
    "month": _other_word(_MONTHS.replace(" May", "")),
    "day": _day,
    "weekday": _other_word(_DAYS),
    "name of the same document": _near_name,
    "name from elsewhere": _far_name,
    "negation put in": _negated,
    "negation left out": _affirmed,
    "opposite": _opposite,
    "hedge left out": _hedged,
    "Chinese number": _han_digits,
    "Chinese negation put in": _han_negated,
    "Chinese negation left out": _han_affirmed,
}


if __name__ == "__main__":
    main()
