from datetime import timedelta

import pytest

from bot.presenting.ages import age


@pytest.mark.parametrize(
    ("passed", "said"),
    [(timedelta(seconds=-5), "0 min"), (timedelta(minutes=59), "59 min"), (timedelta(hours=47), "47 h"),
     (timedelta(days=2), "2 days")],
)  # fmt: skip
def test_an_age_is_told_in_its_largest_unit(passed: timedelta, said: str) -> None:
    assert age(passed) == said
