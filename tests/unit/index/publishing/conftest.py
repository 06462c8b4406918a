"""A place to publish in, of each kind, and small generations that are as whole as real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from index.publishing.generations import PublishedGenerations
from index.publishing.object_store import ObjectStore, open_store
from index.store.data_folder import DataFolder
from index.store.manifest import LAYOUT, Fingerprint, Manifest, checksums, read_manifest, verify
from tests.object_stores import S3Server

FINGERPRINT = Fingerprint(LAYOUT, "r", "m", "a model", "s", "a", "c", "t")
FILES = {"passages.sqlite": b"passages", "chroma/vectors.bin": b"vectors", "lexical/meta.json": b"{}"}


@dataclass
class Machine:
    """A machine with a data folder of its own, and a view of what is published in `store`."""

    data: DataFolder
    store: ObjectStore
    seconds: float = 0.0
    published: PublishedGenerations = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self, store: ObjectStore | None = None) -> None:
        """Let another process of this machine go on."""
        self.published = PublishedGenerations(lambda: store or self.store, lambda: self.seconds)

    def build(self, **changed: bytes) -> int:
        """Make the next generation, hold it back, and return its number."""
        number = max([self.data.current() or 0, *self.data.published()]) + 1
        with self.data.lock(), self.data.building() as folder:
            for name, content in {**FILES, **{name.replace("__", "/"): new for name, new in changed.items()}}.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
            counts = {"documents": 1, "passages": 1, "dimension": 1, "languages": (), "changed": 0}
            files = checksums(folder)
            Manifest(number, datetime.now(UTC), FINGERPRINT, files=files, **counts).write(folder)  # type: ignore[arg-type]
            self.data.hold(folder, number)
        return number

    def publish(self, **changed: bytes) -> int:
        """Build upon what is published, and publish."""
        self.published.pull(self.data)
        number = self.build(**changed)
        self.published.push(self.data, number)
        return number

    def holds(self) -> int | None:
        """Return the number of the generation in use, which is whole."""
        number = self.data.current()
        if number is not None:
            folder = self.data.generation(number)
            verify(folder, read_manifest(folder))
        return number

    @property
    def problem(self) -> str:
        return self.published.problem or ""

    def content(self, name: str) -> bytes:
        return (self.data.generation(self.data.current() or 0) / name).read_bytes()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """Return an S3 server, which this process finds."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return s3_server


@pytest.fixture(params=["memory", "file", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where to publish, in each kind of store."""
    if request.param == "s3":
        request.getfixturevalue("s3").bucket("generations")
        return f"s3://generations/{uuid4().hex}"
    return f"memory://{uuid4().hex}/below" if request.param == "memory" else f"file://{tmp_path / 'shared' / 'below'}"


@pytest.fixture
def store(url: str) -> ObjectStore:
    return open_store(url)


@pytest.fixture
def machine(tmp_path: Path, store: ObjectStore) -> Callable[[str], Machine]:
    """Return what sets up a machine of a name."""
    return lambda name: Machine(DataFolder(tmp_path / name), store)


@pytest.fixture
def builder(machine: Callable[[str], Machine]) -> Machine:
    return machine("builder")


@pytest.fixture
def reader(machine: Callable[[str], Machine]) -> Machine:
    return machine("reader")
