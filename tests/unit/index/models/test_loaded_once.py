from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from index.models.loaded_once import LoadedOnce


def test_it_is_loaded_once_however_many_ask_together() -> None:
    loads: list[object] = []
    together = Barrier(8)

    def load() -> object:
        loads.append(object())
        return loads[-1]

    once = LoadedOnce(load)

    def ask(_: int) -> object:
        together.wait()
        return once.get()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {loads[0]}
    assert len(loads) == 1


def test_it_is_not_loaded_before_anybody_asks() -> None:
    LoadedOnce(lambda: pytest.fail("it was loaded"))


def test_nothing_is_loaded_once_too() -> None:
    loads: list[None] = []
    once = LoadedOnce(lambda: loads.append(None))
    assert once.get() is once.get() is None
    assert len(loads) == 1


def test_where_loading_failed_the_next_one_who_asks_loads_again() -> None:
    tries = iter([ValueError("no"), None])

    def load() -> str:
        if error := next(tries):
            raise error
        return "loaded"

    once = LoadedOnce(load)
    with pytest.raises(ValueError):
        once.get()
    assert once.get() == "loaded"
