import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.access import NOBODY, OPERATOR, PUBLIC, Access, AccessRule, Viewer, from_text, to_text

IDS = st.frozensets(st.integers(1, 4), max_size=3)
RULES = st.builds(AccessRule, servers=IDS, roles=IDS, channels=IDS, readers_of=IDS).filter(AccessRule().__ne__)
ACCESS = st.lists(RULES, max_size=3).map(tuple)
VIEWERS = st.builds(Viewer, servers=IDS, roles=IDS, channels=IDS, readable=IDS)


@given(VIEWERS)
def test_what_is_public_is_seen_by_everybody(viewer: Viewer) -> None:
    assert viewer.sees(PUBLIC)
    assert NOBODY.sees(PUBLIC)


@given(ACCESS.filter(bool))
def test_nobody_sees_what_is_limited_and_the_operator_sees_it_all(access: Access) -> None:
    assert not NOBODY.sees(access)
    assert OPERATOR.sees(access)


@given(RULES, VIEWERS)
def test_of_every_kind_that_a_rule_names_a_viewer_must_have_one(rule: AccessRule, viewer: Viewer) -> None:
    held = {
        "servers": viewer.servers,
        "roles": viewer.roles,
        "channels": viewer.channels,
        "readers_of": viewer.readable,
    }
    lacking = [kind for kind, ids in held.items() if getattr(rule, kind) and not getattr(rule, kind) & ids]
    assert viewer.sees((rule,)) == (not lacking)


@given(ACCESS, RULES, VIEWERS)
def test_another_rule_never_shows_anybody_more(access: Access, rule: AccessRule, viewer: Viewer) -> None:
    assert viewer.sees((*access, rule)) == (viewer.sees(access) and viewer.sees((rule,)))


@given(ACCESS, VIEWERS, VIEWERS)
def test_whoever_has_more_never_sees_less(access: Access, viewer: Viewer, other: Viewer) -> None:
    both = Viewer(
        viewer.servers | other.servers,
        viewer.channels | other.channels,
        viewer.roles | other.roles,
        viewer.readable | other.readable,
    )
    assert both.sees(access) >= viewer.sees(access)


@given(ACCESS)
def test_an_access_is_the_same_after_it_was_text(access: Access) -> None:
    assert set(from_text(to_text(access))) == set(access)
    assert to_text(access) == to_text(access[::-1]) == to_text(from_text(to_text(access)))


@pytest.mark.parametrize("text", ["nonsense", '[{"roles": 1}]', '[{"rolls": [1]}]'])
def test_what_is_no_access_lets_nobody_in(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_text(text)
