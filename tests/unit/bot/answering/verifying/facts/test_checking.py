from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.verifying.facts import checking
from bot.answering.verifying.facts.checking import Context
from index.language.analysis import Analysis
from tests.rejections import in_words

NOTHING = Context()
SOME_TEXT = st.text(st.characters(), max_size=200)
TELLING = st.text(st.sampled_from("Aé1290.,%$-/:'\"() \nmnotMay bnkm不第三年月万米"), max_size=120)


def unsupported(statement: str, quote: str, context: Context) -> tuple[str, ...]:
    return tuple(in_words(each) for each in checking.unsupported(Analysis(statement), Analysis(quote), context))


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The fund holds $4.5 billion.", "The fund holds $4.5bn."),
        ("The fund holds 4.5 billion dollars.", "The fund holds $4,500 million."),
        ("The fund holds $4.5 billion.", "The fund holds US$4.5 × 10⁹."),
        ("The club has twelve members.", "The club has 12 members."),
        ("The club has 253 members.", "The club has two hundred and fifty-three members."),
        ("The club has 1500 members.", "The club has 1,500 members."),
        ("The club has 10,000 members.", "The club has 10 000 members."),
        ("The club has 120,000 members.", "俱乐部有十二万名会员。"),
        ("俱乐部有12万名会员。", "俱乐部有十二万名会员。"),
        ("基金有45亿美元。", "The fund holds $4.5 billion."),
        ("Half a million bees died.", "500,000 bees died."),
        ("Two thirds of the hives died.", "2/3 of the hives died."),
        ("50 percent of the hives died.", "50% of the hives died."),
        ("Fifty per cent of the hives died.", "50 percent of the hives died."),
        ("Half of the hives died.", "50% of the hives died."),
        ("百分之五十的蜂巢死亡。", "50% of the hives died."),
        ("It takes between 4 and 5 million days.", "It takes 4-5 million days."),
        ("It takes 4 million to 5 million days.", "It takes 4 to 5 million days."),
        ("It was -5 degrees.", "It was minus 5 degrees."),
        ("It was the 3rd hive.", "It was the third hive."),
        ("It stood in the 19th century.", "It stood in the nineteenth century."),
        ("It is 5 km long.", "It is five kilometres long."),
        ("It is 5 long.", "It is 5 km long."),
        ("It flies at 80 mph.", "It flies at 80 miles per hour."),
        ("It weighs 6½ kg.", "It weighs 6.5 kilograms."),
        ("No one came, and one of them left.", "No one came. Of them, a keeper left."),
        ("1. The hive has 3 floors [2].", "The hive has 3 floors."),
        (
            "The hive costs $6 per month.",
            "The hive costs $6 monthly.",
        ),
        ("It lost 6% and opened 5 days a year later.", "It lost 6% per day and opened 5 days a year later."),
        ("The hive is from 300 BC.", "The hive is from 300 B.C."),
    ],
)
def test_one_number_may_be_written_in_many_ways(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING) == ()


@pytest.mark.parametrize(
    ("statement", "quote", "missing"),
    [
        ("The fund holds $4.6 billion.", "The fund holds $4.5 billion.", "the number $4.6 billion"),
        ("The fund holds $4.5 million.", "The fund holds $4.5 billion.", "the number $4.5 million"),
        ("The fund holds 4.5 billion euros.", "The fund holds $4.5 billion.", "the number 4.5 billion euros"),
        ("The fund holds about $4 billion.", "The fund holds $4.2 billion.", "the number $4 billion"),
        ("The share rose by 5 percent.", "The share rose by 5 percentage points.", "the number 5 percent"),
        ("The club has twelve members.", "The club has 13 members.", "the number twelve"),
        ("It takes 5 years.", "It takes 5 months.", "the number 5 years"),
        ("It is 5 miles long.", "It is 5 km long.", "the number 5 miles"),
        ("It was 5 degrees.", "It was -5 degrees.", "the number 5 degrees"),
        ("It was the third hive.", "It was the second hive.", "the number third"),
        ("A third of the hives died.", "A quarter of the hives died.", "the number A third"),
        ("俱乐部有13万名会员。", "俱乐部有十二万名会员。", "the number 13万"),
        ("The club has hundreds of members.", "The club has thousands of members.", "the number hundreds"),
        ("The release is 3.5.2.", "The release is 3.5.1.", "the number 3.5.2"),
        ("The hive costs $6 a year.", "The hive costs $6 a month.", "the count by the year"),
        ("It swarms 5 times per week.", "It swarms five times per month.", "the count by the week"),
        ("Sales fell by $63 billion.", "Sales fell by 63% to $3 billion.", "the number $63 billion"),
    ],
)
def test_another_number_is_found(statement: str, quote: str, missing: str) -> None:
    assert f"{missing} is not in the passage" in unsupported(statement, quote, NOTHING)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("It opened on 4 March 2025.", "It opened on March 4, 2025."),
        ("It opened on 4 March 2025.", "It opened on 2025-03-04."),
        ("It opened on 4 March 2025.", "它于2025年3月4日开业。"),
        ("它于二〇二五年三月开业。", "It opened in March 2025."),
        ("It opened in 2025.", "It opened on Tuesday, March 4th, 2025."),
        ("It opened on a Tuesday.", "It opened on Tuesday, 4 March."),
        ("It opened in the third quarter.", "It opened in Q3 2025."),
        ("It opened in the 1990s.", "It opened in the '90s."),
        ("It ran from 1939 to 1945.", "It ran 1939–45."),
        ("It opens in March 2025.", "It opens between March and May 2025."),
        ("It may march on.", "It might march on."),
        ("It opened on Sept. 4.", "It opened on 4 September."),
    ],
)
def test_one_date_may_be_written_in_many_ways(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING) == ()


@pytest.mark.parametrize(
    ("statement", "quote", "missing"),
    [
        ("It opened on 5 March 2025.", "It opened on 4 March 2025.", "the date 5 March 2025"),
        ("It opened on 4 May 2025.", "It opened on 4 March 2025.", "the date 4 May 2025"),
        ("It opened in 2024.", "It opened on 4 March 2025.", "the date 2024"),
        ("It opened on Monday.", "It opened on Tuesday.", "the date Monday"),
        ("It opened in March 2024.", "It opened in May 2024 and closed in March 2025.", "the date March 2024"),
        ("It opened in the second quarter.", "It opened in Q3.", "the date second quarter"),
        ("它于2025年4月开业。", "它于2025年3月开业。", "the date 2025年4月"),
    ],
)
def test_every_part_of_a_date_must_be_in_one_date(statement: str, quote: str, missing: str) -> None:
    assert f"{missing} is not in the passage" in unsupported(statement, quote, NOTHING)


def test_what_stands_around_completes_a_date() -> None:
    statement, quote = "It opened on 4 March 2025.", "It opened on 4 March."
    assert unsupported(statement, quote, NOTHING)
    assert not unsupported(statement, quote, Context(published=date(2025, 6, 1)))
    assert not unsupported(statement, quote, Context(above="Report of 2025"))
    assert not unsupported(statement, quote, Context(before="The year 2025 began well."))


def test_what_stands_around_replaces_no_part_of_a_date() -> None:
    context = Context(above="Report of 2025", published=date(2025, 6, 1))
    assert unsupported("It opened in 2025.", "It opened in 2024.", context) == ("the date 2025 is not in the passage",)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("Petra Holm keeps bees.", "Dr. Petra Holm, 52, keeps bees."),
        ("Petra Holm's bees swarm.", "The bees of Petra Holm swarm."),
        ("Zoe Holm keeps bees.", "Zoë Holm keeps bees."),
        ("The U.S. and the European Union agreed.", "The United States and the EU agreed."),
        ("The UK's CEO left.", "The chief executive of the firm in the United Kingdom left, the CEO."),
        ("The Beekeepers Guild met.", "The BG met."),
        ("The BOE met.", "The Bank of England met."),
        ("Chinese exports grew.", "China's exports grew."),
        ("French and German honey sold well.", "Honey from France and Germany sold well."),
        ("The RTX 5090 sold well.", "The RTX-5090 sold well."),
        ("The H20 is a chip for CUDA.", "H20 is a chip for CUDA."),
        ("See https://bees.example/a for more.", "More is at https://bees.example/a."),
        ("Honey sales fell.", "The sales of honey fell."),
        ("However, honey sales fell.", "The sales of honey fell."),
        ("Artificial pollination (AP) is slow.", "Pollination that is artificial is slow."),
    ],
)
def test_one_name_may_be_written_in_many_ways(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING) == ()


@pytest.mark.parametrize(
    ("statement", "quote", "missing"),
    [
        ("Mara Lind keeps bees.", "Petra Holm keeps bees.", 'the name "Mara Lind"'),
        ("Petra Lind keeps bees.", "Petra Holm keeps bees.", 'the name "Lind"'),
        ("The prize went to Vik.", "The prize went to Holm.", 'the name "Vik"'),
        ("The H100 is a chip.", "The H20 is a chip.", 'the name "H100"'),
        ("The NSA met.", "The FBI met.", 'the name "NSA"'),
        ("Write to petra@bees.example.", "Write to mara@bees.example.", 'the name "petra@bees.example"'),
        ("See https://evil.example/a.", "See https://bees.example/a.", 'the name "https://evil.example/a"'),
        ("Ask @petra about it.", "Ask Petra about it.", 'the name "@petra"'),
        ("Kevin sings.", "Petra sings.", 'the name "Kevin"'),
        ("卡万·肖特养蜜蜂。", "马里奥·爱迪生养蜜蜂。", 'the name "卡万·肖特"'),
    ],
)
def test_another_name_is_found(statement: str, quote: str, missing: str) -> None:
    assert f"{missing} is not in the passage" in unsupported(statement, quote, NOTHING)


def test_a_name_may_come_from_the_title() -> None:
    assert not unsupported(
        "Super Bowl 50 was played in the rain.", "It was played in the rain.", Context("Super Bowl 50")
    )


def test_a_name_comes_from_before_the_quote_where_that_points_back() -> None:
    context = Context(before="Petra Holm studied in Bergen. Her brother Jon Vik did not.")
    assert not unsupported("Petra Holm keeps bees.", "She keeps bees.", context)
    assert not unsupported("Petra Holm said so.", "Holm said so.", context)
    assert unsupported("Petra Holm keeps bees.", "Mara Lind keeps bees.", context)
    assert unsupported("She keeps bees in Bergen.", "She keeps bees in Oslo.", context)


def test_the_title_replaces_no_name_of_the_quote() -> None:
    context = Context(above="Petra Holm")
    statement, quote = "In spring Petra Holm keeps bees there.", "In spring Mara Lind keeps bees there."
    assert unsupported(statement, quote, context) == ('it says "Petra Holm" where the passage says "Mara Lind"',)


def test_two_names_may_not_change_places() -> None:
    quote = "After the long trial Petra Holm finally paid Mara Lind for the lost honey."
    statement = "After the long trial Mara Lind finally paid Petra Holm for the lost honey."
    assert unsupported(statement, quote, NOTHING)
    assert not unsupported(quote, quote, NOTHING)


def test_an_article_hides_no_two_names_that_changed_places() -> None:
    quote = "Holm wrote that Lindau lies only a few hours behind the Bodan in the race."
    assert unsupported("The Bodan lies only a few hours behind Lindau in the race.", quote, NOTHING)
    assert not unsupported("Lindau lies only a few hours behind Bodan in the race.", quote, NOTHING)


def test_a_word_that_occurs_in_lower_case_is_no_name_where_it_begins_a_statement() -> None:
    statement, quote = "Revenues grew in spring.", "It earned more and grew in spring."
    assert unsupported(statement, quote, NOTHING) == ('the name "Revenues" is not in the passage',)
    assert not unsupported(statement, quote, Context(words=frozenset({"revenue"})))


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The plan was not approved.", "The plan was approved."),
        ("Sandra owned her home when she came.", "Sandra no longer owned her home when she came."),
        ("The plan was approved.", "The plan was not approved."),
        ("The plan was approved.", "The plan wasn't approved."),
        ("The plan was approved.", "The plan was never approved by the board."),
        ("The board did win the vote.", "The board failed to win the vote."),
        ("The plan was approved.", "The plan was unapproved."),
        ("The plan was rejected by the board.", "The plan was accepted by the board."),
        ("Honey sales rose in spring.", "Honey sales fell in spring."),
        ("Swarms leave before the rain.", "Swarms leave after the rain."),
        ("The hive is open to guests.", "The hive is closed to guests."),
        ("The book proves the keeper right.", "The book proves much; the book does not prove the keeper right."),
        ("His book on bees sold well.", "Her book on bees sold well."),
        ("该计划没有获得批准。", "该计划获得批准。"),
        ("该计划获得批准。", "该计划没有获得批准。"),
    ],
)
def test_a_statement_says_the_opposite_of_its_quote_nowhere(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The plan was not approved.", "The plan wasn't approved."),
        ("The board did not approve the plan.", "The board refused to approve the plan."),
        ("The plan was not approved.", "The plan was rejected."),
        ("The plan covers honey and wax.", "The plan covers not only honey but also wax."),
        ("Honey sales did not rise.", "Honey sales fell."),
        ("Honey rose and wax fell.", "Wax fell and honey rose."),
        ("该计划未获批准。", "该计划没有获批准。"),
        ("未来的计划非常好。", "将来的计划很好。"),
    ],
)
def test_one_denial_may_be_written_in_many_ways(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING) == ()


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The firm bought the factory.", "The firm may have bought the factory."),
        ("The firm closed the mill.", "The firm plans to close the mill."),
        ("The council reviewed the measure.", "The council will review the measure."),
        ("Support for hives is there.", "Support for hives is planned."),
        ("New mills resulted from the rules.", 'The rules could result in "new mills".'),
    ],
)
def test_what_may_be_is_no_fact(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The firm may buy the factory.", "The firm might buy the factory."),
        ("The firm could have bought it, Holm said.", "The firm may have bought it, Holm said."),
        ("It opens in May.", "It will open in May."),
        ("The hive is opened in May.", "The hive will be opened in May."),
        ("They plan support for hives.", "Support for hives is planned."),
    ],
)
def test_what_may_be_may_be_said_to_be_possible(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING) == ()


@pytest.mark.parametrize(
    ("statement", "quote", "missing"),
    [
        ("Only keepers wear gloves.", "Keepers wear gloves.", 'the "Only"'),
        ("All keepers wear gloves.", "Some keepers wear gloves.", 'the "All"'),
        ("The bees always swarm in May.", "The bees swarm in May.", 'the "always"'),
    ],
)
def test_what_is_said_of_some_is_not_said_of_all_or_of_one_alone(statement: str, quote: str, missing: str) -> None:
    assert unsupported(statement, quote, NOTHING) == (f"{missing} is not in the passage",)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("Only keepers wear gloves.", "Keepers alone wear gloves."),
        ("All keepers wear gloves.", "Every keeper wears gloves."),
        ("Above all, keepers wear gloves.", "Keepers wear gloves."),
    ],
)
def test_one_extent_may_be_written_in_many_ways(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING) == ()


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The wax costs 5 euros.", "The honey costs 5 euros, and the wax costs 9 euros."),
        ("61% oppose it, and 27% support it.", "61% of the keepers support it, while 27% oppose it."),
        ("204 hives died and 208 hives swarmed.", "Of the hives, 204 swarmed and 208 died."),
    ],
)
def test_a_number_is_not_given_to_what_has_another_one(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING)
    assert unsupported(quote, quote, NOTHING) == ()


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The wax costs 9 euros, and the honey 5.", "The honey costs 5 euros, and the wax costs 9 euros."),
        ("In spring honey cost 5 euros.", "In spring wax cost 9 euros. Honey cost 5 euros then."),
        ("Wax and 3 hives cost 9 euros.", "The 3 hives cost 9 euros, and so does wax."),
    ],
)
def test_a_number_may_move_with_what_it_is_said_of(statement: str, quote: str) -> None:
    assert unsupported(statement, quote, NOTHING) == ()


def test_a_statement_in_another_script_is_held_to_numbers_dates_and_latin_names_alone() -> None:
    quote = "Nvidia did not sell 12 H20 chips in 2025."
    assert not unsupported("英伟达（Nvidia）在2025年没有出售12块H20芯片。", quote, NOTHING)
    assert not unsupported("英伟达没有出售12块H20芯片。", "Nvidia sold 12 H20 chips.", NOTHING)
    assert unsupported("英伟达（Nvidia）在2024年没有出售12块H20芯片。", quote, NOTHING)
    assert unsupported("英伟达（Nvidia）在2025年没有出售12块H100芯片。", quote, NOTHING)


@settings(deadline=None)
@given(SOME_TEXT | TELLING, SOME_TEXT | TELLING, SOME_TEXT | TELLING, SOME_TEXT | TELLING)
def test_any_texts_can_be_compared(statement: str, quote: str, above: str, before: str) -> None:
    assert isinstance(unsupported(statement, quote, Context(above, before)), tuple)


@settings(deadline=None)
@given(SOME_TEXT | TELLING)
def test_a_sentence_supports_itself(sentence: str) -> None:
    assert unsupported(sentence, sentence, NOTHING) == ()


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.sampled_from(["{:,}", "{}", "${}", "{}%", "{} km", "{}.5"]))
def test_another_value_is_always_found(one: int, other: int, written: str) -> None:
    statement, quote = (f"The hive had {written.format(value)} in it." for value in (one, other))
    assert bool(unsupported(statement, quote, NOTHING)) is (one != other)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        " ",
        ".",
        "1.",
        "1,",
        "1 ",
        "A ",
        "a-",
        "A.",
        "not ",
        "一",
        "万",
        "@",
        "'",
        "two ",
        "1 May ",
        "1月",
        "1 and ",
    ],
)
def test_a_very_long_text_is_read_in_one_go(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    assert unsupported(text, text, Context(text, text)) == ()
