"""Opposites: pairs of words of which a statement may not say one where its quote says the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from bot.answering.verifying.facts.words import Word, stem_of

Around = tuple[list[str], list[str]]

# Each line, with those set in below it, is a pair: the words of one side, a bar, the words of the other.
_PAIRS = """
rise rises rose risen rising increase increases increased increasing grow grows grew grown growing climb climbed
    gain gains gained surge surged 上升 增加 增长 上涨 | fall falls fell fallen falling decrease decreases
    decreased decreasing decline declines declined declining drop drops dropped reduce reduces reduced reducing
    reduction shrink shrank lose loses lost plunged 下降 减少 下跌
more | less fewer
most | least fewest
greater larger bigger higher above 高于 大于 多于 | smaller lower lesser below 低于 小于 少于
greatest largest biggest highest maximum 最大 最高 最多 | smallest lowest minimum 最小 最低 最少
high | low
large big | small
before prior 之前 以前 | after following since 之后 以后
earlier | later
early | late
earliest oldest | latest newest youngest
older elder | newer younger
first | last final
begin begins began begun beginning start starts started starting open opens opened opening 开始 | end ends ended
    ending finish finishes finished stop stops stopped close closes closed closing 结束 停止
allow allows allowed allowing permit permits permitted legal lawful 允许 合法 | forbid forbids forbade forbidden
    prohibit prohibits prohibited ban bans banned illegal unlawful 禁止 非法
win wins won winning winner beat beats defeated | lose loses lost losing loser
true correct | false incorrect wrong
up upward | down downward
gain gains profit profits gained | loss losses lost
accept accepts accepted accepting approve approves approved approving agree agrees agreed | reject rejects
    rejected rejecting refuse refuses refused disagree disagreed
support supports supported supporting favour favor favored 支持 | oppose opposes opposed opposing 反对
include includes included including | exclude excludes excluded excluding
majority | minority
best better | worst worse
inside within indoor indoors internal interior | outside outdoor outdoors external exterior
north northern | south southern
east eastern | west western
northeast northeastern | southwest southwestern northwest northwestern southeast southeastern
left | right
male man men boy boys husband father son brother king | female woman women girl girls wife mother daughter
    sister queen
he him his himself | she her hers herself
buy buys bought buying purchase purchased 购买 | sell sells sold selling 出售
hire hires hired appoint appointed | fire fires fired dismiss dismissed
join joins joined enter entered | leave leaves left quit
create creates created build built founded | destroy destroys destroyed demolished dissolved
succeed succeeds succeeded success successful | fail fails failed failure unsuccessful
strong stronger strengthened | weak weaker weakened
rich richer wealthy | poor poorer
hot hotter warm warmer | cold colder cool cooler
fast faster quick quicker | slow slower
long longer | short shorter
always | never
possible able capable | impossible unable incapable
public | private
positive | negative
same similar identical | different
likely | unlikely
common | rare uncommon
cheap cheaper | expensive dearer
safe | dangerous unsafe
import imports imported | export exports exported
ancestor ancestors | descendant descendants
arrive arrives arrived | depart departs departed
attack attacks attacked | defend defends defended
expand expands expanded | contract contracts contracted
borrow borrowed | lend lent
teacher teachers | student students
guilty convicted | innocent acquitted
alive | dead
presence present | absence absent
advantage advantages | disadvantage disadvantages
love loves loved | hate hates hated
"""
_NEAR = 3
_LEAST_SHARED = 2
_NEGATIVE_PREFIXES = ("un", "non", "dis", "in", "im", "il", "ir")
_ADJECTIVE_ENDS = ("able", "ible", "ent", "ant", "al", "ite", "ous", "ate", "ct", "lar", "ial", "ive", "ed")
# Words that look like a denial of another and are none.
_NO_DENIALS = """
invested informed included inclined increased involved inspired intended inclusive intent indent inhabited infused
invaluable indeed imposed imported improved impressed implied impressive important discovered displayed disposed
disused until under unlike union unity unit uniform dismissed disable distant instant indebted inflamed inside
disordered interred indented installed instated dispatched disease diseased illustrated irrigated united
"""


def contradictions(
    said: Sequence[Word], quoted: Sequence[Word], denied: frozenset[int], their_denied: frozenset[int]
) -> Iterator[str]:
    """Yield each word of the statement of which the quote, on the same matter, says the opposite.

    The matter is the same where the next word is, or two words near are. `denied` and `their_denied` are where the
    words that are denied begin: these say the opposite of themselves, and are left alone.
    """
    mine, theirs = {word.folded for word in said}, {word.folded for word in quoted}
    for place, word in enumerate(said):
        if word.folded in theirs or word.start in denied:
            continue
        for other_place, other in enumerate(quoted):
            if other.start in their_denied or not _are_opposites(word.folded, other.folded, mine, theirs):
                continue
            if _is_one_matter(_around(said, place), _around(quoted, other_place)):
                yield f'"{word.text}" for "{other.text}"'
                break


def has_opposite(stems: frozenset[str], others: set[str]) -> bool:
    """Return whether one of these stems is that of a word whose opposite has a stem among the others."""
    return any(_opposite_stems().get(stem, frozenset()) & others for stem in stems)


@cache
def _opposite_stems() -> dict[str, frozenset[str]]:
    members: dict[tuple[int, int], set[str]] = {}
    for word, its_sides in _sides().items():
        for side in its_sides:
            members.setdefault(side, set()).add(stem_of(word))
    return {
        stem: frozenset(members[number, 1 - side]) - {""}
        for (number, side), stems in members.items()
        for stem in stems - {""}
    }


@cache
def sides(word: str) -> frozenset[tuple[int, int]]:
    """Return the number of each pair that a folded word belongs to, and which side of it, 0 or 1."""
    return _sides().get(word, frozenset())


@cache
def _sides() -> dict[str, frozenset[tuple[int, int]]]:
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for number, line in enumerate(_PAIRS.strip().replace("\n    ", " ").splitlines()):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                found[word] = found.get(word, frozenset()) | {(number, side)}
    return found


@cache
def _no_denials() -> frozenset[str]:
    return frozenset(_NO_DENIALS.split())


def _are_opposites(word: str, other: str, mine: set[str], theirs: set[str]) -> bool:
    """Return whether two words are opposites, and neither text has both sides of the pair."""
    if _denies(word, other) or _denies(other, word):
        return other not in mine
    other_sides = sides(other)
    for number, side in sides(word):
        if (number, 1 - side) in other_sides:
            return not any((number, side) in sides(each) for each in theirs) and not any(
                (number, 1 - side) in sides(each) for each in mine
            )
    return False


def _denies(word: str, other: str) -> bool:
    """Return whether a word is another with a prefix that denies it, such as "unapproved"."""
    if len(other) < 4 or len(word) <= len(other) or not word.endswith(other) or word in _no_denials():
        return False
    prefix = word[: -len(other)].rstrip("-")
    return prefix in ("un", "non") or (prefix in _NEGATIVE_PREFIXES and other.endswith(_ADJECTIVE_ENDS))


def _is_one_matter(around: Around, other: Around) -> bool:
    (before, after), (other_before, other_after) = around, other
    if (before[-1:] and before[-1:] == other_before[-1:]) or (after[:1] and after[:1] == other_after[:1]):
        return True
    return len({*before, *after} & {*other_before, *other_after}) >= _LEAST_SHARED


def _around(words: Sequence[Word], place: int) -> Around:
    """Return the stems of the few words before and after a place."""
    before = [word.stem for word in words[max(0, place - 3 * _NEAR) : place] if word.stem]
    after = [word.stem for word in words[place + 1 : place + 3 * _NEAR] if word.stem]
    return before[-_NEAR:], after[:_NEAR]
