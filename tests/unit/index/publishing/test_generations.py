from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from index.errors import IndexDamaged, PublishedMeanwhile, StoreUnavailable, WriterBusy
from index.publishing.object_store import ObjectStore, open_store
from index.report import Progress
from tests.object_stores import S3Server
from tests.unit.index.publishing.conftest import FILES, Machine

STEPS = ("names", "sizes", "read", "create", "upload", "download", "delete")


class Killed(BaseException):
    """The process is gone."""


class Watched:
    """A store that notes what is asked of it, and can be told to end the process before or after a step."""

    def __init__(self, store: ObjectStore, dies_at: int | None = None, *, after: bool = False) -> None:
        self._store = store
        self._dies_at = dies_at
        self._after = after
        self.asked: list[tuple[str, str]] = []
        self.done: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return self._store.url

    def __getattr__(self, step: str) -> Any:
        assert step in STEPS

        def take(*arguments: Any) -> Any:
            this = step, str(arguments[-1] if step == "upload" else arguments[0])
            self.asked.append(this)
            dies = len(self.asked) - 1 == self._dies_at
            if dies and not self._after:
                raise Killed
            result = getattr(self._store, step)(*arguments)
            self.done.append(this)
            if dies:
                raise Killed
            return result

        return take

    def keys(self, step: str) -> list[str]:
        """Return what was asked of the store with such a step, and done."""
        return [key for taken, key in self.done if taken == step]


def watched(machine: Machine, dies_at: int | None = None, *, after: bool = False) -> Watched:
    """Let another process of the machine go on, and return what is asked of the store."""
    store = Watched(machine.store, dies_at, after=after)
    machine.restart(store)  # type: ignore[arg-type]
    return store


def test_where_nothing_is_published_there_is_nothing_to_take_over(reader: Machine) -> None:
    assert reader.published.pull(reader.data) is False
    assert reader.data.current() is None


def test_what_one_machine_publishes_another_takes_over_whole(builder: Machine, reader: Machine) -> None:
    builder.publish()
    assert builder.holds() == 1
    assert reader.published.pull(reader.data) is True
    assert reader.holds() == 1
    assert {name: reader.content(name) for name in FILES} == FILES
    assert reader.published.pull(reader.data) is False
    builder.publish(chroma__vectors=b"others")
    assert reader.published.pull(reader.data) is True
    assert (reader.holds(), reader.content("chroma/vectors")) == (2, b"others")
    assert not reader.data.incoming.exists()


def test_a_generation_is_in_use_where_it_was_built_only_once_it_is_published(builder: Machine) -> None:
    builder.publish()
    number = builder.build(new=b"new")
    assert builder.holds() == 1
    builder.published.push(builder.data, number)
    assert builder.holds() == 2


def test_what_the_store_has_already_is_not_sent_again(builder: Machine) -> None:
    builder.publish()
    store = watched(builder)
    told: list[Progress] = []
    builder.published.pull(builder.data)
    number = builder.build(**{"renamed.bin": FILES["chroma/vectors.bin"], "lexical__meta.json": b"[]"})
    builder.published.push(builder.data, number, told.append)
    sent = sorted(key.partition("/")[2].partition("/")[2] for key in store.keys("upload"))
    assert sent == ["lexical/meta.json", "manifest.json"]
    assert told == [Progress("publishing", 1, 2), Progress("publishing", 2, 2)]


def test_publishing_what_is_published_sends_nothing(builder: Machine) -> None:
    number = builder.publish()
    store = watched(builder)
    builder.published.pull(builder.data)
    builder.published.push(builder.data, number)
    assert (store.keys("upload"), store.keys("create")) == ([], [])


def test_what_a_reader_has_already_is_not_downloaded_again(builder: Machine, reader: Machine) -> None:
    builder.publish()
    reader.published.pull(reader.data)
    builder.publish(new=b"new")
    store = watched(reader)
    assert reader.published.pull(reader.data) is True
    assert sorted(key.rpartition("/")[2] for key in store.keys("download")) == ["manifest.json", "new"]
    assert reader.holds() == 2


def test_a_file_that_is_damaged_here_is_downloaded_instead_of_copied(builder: Machine, reader: Machine) -> None:
    builder.publish()
    reader.published.pull(reader.data)
    (reader.data.generation(1) / "chroma" / "vectors.bin").write_bytes(b"VECTORS")
    builder.publish(new=b"new")
    assert reader.published.pull(reader.data) is True
    assert reader.holds() == 2


@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_a_generation_whose_folder_was_deleted_is_downloaded_anew(builder: Machine, reader: Machine) -> None:
    builder.publish()
    reader.published.pull(reader.data)
    shutil.rmtree(reader.data.generation(1))
    reader.restart()
    assert reader.published.pull(reader.data) is True
    assert reader.holds() == 1


def test_of_two_builders_upon_the_same_generation_one_is_told_that_the_other_was_faster(
    builder: Machine, machine: Callable[[str], Machine], reader: Machine
) -> None:
    builder.publish()
    other = machine("other")
    other.published.pull(other.data)
    mine, theirs = builder.build(a=b"mine"), other.build(a=b"theirs")
    other.published.push(other.data, theirs)
    with pytest.raises(PublishedMeanwhile, match=r"another builder.*try again"):
        builder.published.push(builder.data, mine)
    assert builder.holds() == 1
    assert builder.publish(a=b"mine, upon theirs") == 3
    reader.published.pull(reader.data)
    assert (reader.holds(), reader.content("a")) == (3, b"mine, upon theirs")


def test_two_builders_that_looked_in_the_same_instant_do_not_both_publish(
    builder: Machine, machine: Callable[[str], Machine], reader: Machine
) -> None:
    """Both have sent all their files and seen that nothing was published meanwhile: the store itself decides."""
    other = machine("other")
    theirs = other.build(a=b"theirs")

    class JustBefore(Watched):
        def create(self, key: str, content: bytes) -> bool:
            other.published.push(other.data, theirs)
            return builder.store.create(key, content)

    builder.restart(JustBefore(builder.store))  # type: ignore[arg-type]
    mine = builder.build(a=b"mine")
    with pytest.raises(PublishedMeanwhile):
        builder.published.push(builder.data, mine)
    reader.published.pull(reader.data)
    assert reader.content("a") == b"theirs"
    assert builder.data.current() is None


@pytest.mark.parametrize("after", [False, True])
def test_an_upload_that_is_killed_at_any_step_leaves_what_was_published_and_hinders_nobody(
    after: bool, builder: Machine, reader: Machine, machine: Callable[[str], Machine]
) -> None:
    """At one step after the other, until an upload is not killed any more."""
    builder.publish(edition=b"0")
    reader.published.pull(reader.data)
    edition, was_killed = 0, True
    while was_killed:
        edition += 1
        before = reader.holds() or 0
        watched(builder, edition - 1, after=after)
        try:
            builder.publish(edition=str(edition).encode())
            was_killed = False
        except Killed:
            # Killed between publishing and knowing it, it takes over what it published.
            assert builder.holds() in (before - 1, before, before + 1)
        reader.published.pull(reader.data)
        assert reader.holds() in (before, before + 1)
        assert int(reader.content("edition")) <= edition
    assert edition > 20
    assert (reader.holds(), int(reader.content("edition"))) == (builder.holds(), edition)
    other = machine("other")
    other.published.pull(other.data)
    assert int(other.content("edition")) == edition
    assert len(builder.store.names("publications")) == 3


@pytest.mark.parametrize("after", [False, True])
def test_a_download_that_is_killed_at_any_step_goes_on_where_it_was(
    after: bool, builder: Machine, machine: Callable[[str], Machine]
) -> None:
    builder.publish()
    step, was_killed = 0, True
    while was_killed:
        reader = machine(f"reader-{step}")
        before = watched(reader, step, after=after)
        try:
            reader.published.pull(reader.data)
            was_killed = False
        except Killed:
            assert reader.data.current() is None
        store = watched(reader)
        assert reader.published.pull(reader.data) is was_killed
        assert reader.holds() == 1
        assert not set(before.keys("download")) & set(store.keys("download"))
        step += 1
    assert step > 5


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_a_reader_goes_on_with_what_it_has_and_says_so_until_what_is_published_is_whole(
    harm: str, builder: Machine, reader: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    builder.publish()
    reader.published.pull(reader.data)
    builder.publish(**{"chroma__vectors.bin": b"VECTORS"})
    store = builder.store
    (key,) = [key for key in store.sizes("generations") if key.startswith("generations/00000002") and "chroma" in key]
    store.delete(key)
    if harm == "damaged":
        store.create(key, b"vectorS")
    for _ in range(2):
        reader.published.follow(reader.data)
        assert f"{key} is {harm}" in reader.problem
        assert reader.holds() == 1
    assert sum(key in record.message for record in caplog.records if record.name.startswith("index")) == 1
    if harm == "damaged":
        store.delete(key)
    builder.published.push(builder.data, 2)
    reader.published.follow(reader.data)
    assert reader.problem  # for it was attempted a moment ago
    reader.seconds += 61
    reader.published.follow(reader.data)
    assert not reader.problem
    assert (reader.holds(), reader.content("chroma/vectors.bin")) == (2, b"VECTORS")


def test_a_builder_to_whom_nothing_whole_is_published_publishes_its_own(
    builder: Machine, machine: Callable[[str], Machine], reader: Machine
) -> None:
    builder.publish()
    store = builder.store
    for key in store.sizes("generations"):
        store.delete(key)
    other = machine("other")
    with pytest.raises(IndexDamaged, match="is missing from"):
        other.published.pull(other.data)
    other.published.push(other.data, other.build(a=b"theirs"))
    reader.published.pull(reader.data)
    assert reader.content("a") == b"theirs"


def test_three_publications_are_kept_with_their_files_and_what_somebody_is_about_to_publish(
    builder: Machine, reader: Machine
) -> None:
    store = builder.store
    source = builder.data.root / "file"
    builder.publish()
    source.write_bytes(b"x")
    store.upload(source, "generations/00000003-aaaaaaaa/lost")
    store.upload(source, "generations/00000009-bbbbbbbb/about/to/come")
    for edition in range(2, 6):
        builder.publish(edition=bytes([edition]))
    assert store.names("publications") == ["00000003.json", "00000004.json", "00000005.json"]
    keys = store.sizes("generations")
    assert "generations/00000009-bbbbbbbb/about/to/come" in keys
    assert "generations/00000003-aaaaaaaa/lost" not in keys
    named = {file["key"] for name in store.names("publications") for file in _files(store, name).values()}
    assert named == keys.keys() - {"generations/00000009-bbbbbbbb/about/to/come"}
    # What has never changed since is still there, where it was.
    assert any(key.startswith("generations/00000001-") for key in keys)
    reader.published.pull(reader.data)
    assert reader.holds() == 5


def _files(store: ObjectStore, name: str) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = json.loads(store.read(f"publications/{name}"))["files"]
    return files


def test_a_machine_keeps_as_many_generations_as_if_it_had_built_them(builder: Machine, reader: Machine) -> None:
    for edition in range(4):
        builder.publish(edition=bytes([edition]))
        reader.published.pull(reader.data)
    assert reader.data.published() == [4, 3]


def test_a_store_that_was_emptied_and_begun_anew_is_followed(
    builder: Machine, machine: Callable[[str], Machine], reader: Machine
) -> None:
    for edition in range(3):
        builder.publish(edition=bytes([edition]))
    reader.published.pull(reader.data)
    store = builder.store
    for key in [*store.sizes("generations"), *store.sizes("publications")]:
        store.delete(key)
    other = machine("other")
    other.publish(edition=b"anew")
    assert reader.published.pull(reader.data) is True
    assert (reader.holds(), reader.content("edition")) == (1, b"anew")


def test_two_generations_of_one_number_are_never_mixed(builder: Machine, reader: Machine) -> None:
    reader.data.publish(reader.data.held(reader.build(a=b"of its own")), 1)
    builder.publish()
    with pytest.raises(IndexDamaged, match="another generation than the one of that number"):
        reader.published.pull(reader.data)
    assert (reader.holds(), reader.content("a")) == (1, b"of its own")


@pytest.mark.parametrize(
    "change",
    [
        lambda form: form["files"].update({"../CURRENT": form["files"]["passages.sqlite"]}),
        lambda form: form["files"].update({"/etc/passwd": form["files"]["passages.sqlite"]}),
        lambda form: form["files"].update({"a": {**form["files"]["passages.sqlite"], "key": "../../secret"}}),
        lambda form: form["files"].update({"a": {**form["files"]["passages.sqlite"], "sha256": "no"}}),
        lambda form: form["files"].update({"a": {**form["files"]["passages.sqlite"], "size": "1"}}),
        lambda form: form["files"].update({"": form["files"]["passages.sqlite"]}),
        lambda form: form["files"].pop("manifest.json"),
        lambda form: form["files"].pop("passages.sqlite"),
        lambda form: form.update(generation=2),
        lambda form: form.update(generation=None),
        lambda form: form.update(files=[]),
        lambda form: form.pop("files"),
    ],
)
@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_a_publication_that_makes_no_sense_is_refused(
    change: Callable[[dict[str, Any]], object], builder: Machine, reader: Machine
) -> None:
    builder.publish()
    store = builder.store
    form = json.loads(store.read("publications/00000001.json"))
    change(form)
    store.delete("publications/00000001.json")
    store.create("publications/00000001.json", json.dumps(form).encode())
    with pytest.raises(IndexDamaged, match=r"publication 1 .*(run|with) 'footnote refresh'"):
        reader.published.pull(reader.data)
    assert reader.data.current() is None
    assert reader.data.published() == []


@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_what_other_people_put_into_the_store_is_passed_over(builder: Machine, reader: Machine) -> None:
    store = builder.store
    for key in ("publications/README", "publications/latest.json", "generations/notes.txt", "else"):
        store.create(key, b"?")
    builder.publish()
    assert reader.published.pull(reader.data) is True
    # Whatever lies among the generations is Footnote's own; what lies elsewhere is not.
    assert store.names("publications") == ["00000001.json", "README", "latest.json"]
    assert store.read("else") == b"?"


@pytest.mark.parametrize("url", ["file"], indirect=True)
def test_while_another_process_refreshes_a_reader_leaves_it_to_that(builder: Machine, reader: Machine) -> None:
    builder.publish()
    with reader.data.lock():
        with pytest.raises(WriterBusy):
            reader.published.pull(reader.data)
        reader.published.follow(reader.data)
    assert not reader.problem
    assert reader.published.pull(reader.data) is True


@pytest.mark.parametrize("url", ["s3"], indirect=True)
def test_while_the_server_is_away_what_is_here_is_served_and_then_the_newest_is(
    builder: Machine, reader: Machine, s3: S3Server, caplog: pytest.LogCaptureFixture
) -> None:
    builder.publish()
    reader.published.pull(reader.data)
    number = builder.build(new=b"new")
    s3.stop()
    try:
        for _ in range(2):
            reader.published.follow(reader.data)
        assert "s3://generations" in reader.problem
        assert "cannot be reached" in reader.problem
        assert [record.levelno for record in caplog.records if record.name.startswith("index")] == [logging.WARNING]
        assert reader.holds() == 1
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            builder.published.push(builder.data, number)
        assert builder.holds() == 1
    finally:
        s3.start()
    builder.published.push(builder.data, number)
    caplog.set_level(logging.INFO)
    reader.published.follow(reader.data)
    assert not reader.problem
    assert "is followed again" in caplog.text
    assert reader.holds() == 2


@pytest.mark.parametrize("url", ["s3"], indirect=True)
def test_a_bucket_that_is_not_there_is_named(builder: Machine) -> None:
    builder.restart(open_store("s3://nowhere/at-all"))
    with pytest.raises(StoreUnavailable, match="s3://nowhere/at-all is not there: create the bucket"):
        builder.publish()
