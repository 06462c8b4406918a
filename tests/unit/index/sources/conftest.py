from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.index.sources.fetches import Fetches
from tests.unit.index.sources.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def fetches(tmp_path: Path, site: Site) -> Fetches:
    return Fetches(tmp_path, frozenset({site.host}))
