import os
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.access import NOTHING_HIDDEN, OPERATOR
from index.building.reading import LIMITS
from index.building.refresh import RefreshRequest, refresh
from index.documents import EVERYTHING
from index.errors import CorpusEmpty, CorpusMissing, CorpusShrunk, DiskFull, IndexDamaged, ModelUnusable
from index.language.words import terms
from index.report import Progress
from index.sources.scanning import LARGEST_FILE
from index.store.catalogue import CATALOGUE, Catalogue
from index.store.lexical import Words
from index.store.manifest import read_manifest
from tests.conftest import ARTICLES, Shelf, no_model
from tests.unit.index.building.hanging import hanging


def found(shelf: Shelf, word: str) -> list[str]:
    """Return the sources that hold a word, in a generation opened for this."""
    with closing(shelf.generation()) as generation:
        ids = generation.lexical.best(Words(terms(word, "en"), []), 100, EVERYTHING, NOTHING_HIDDEN)
        sources = [record.source for _, record in generation.catalogue.passages(list(ids)).values()]
    return sorted(sources)


def indexed(shelf: Shelf) -> list[str]:
    number = shelf.folder.current()
    assert number is not None
    with closing(Catalogue.open(shelf.folder.generation(number))) as catalogue:
        return [record.source for record in catalogue.documents()]


def test_nothing_changed_embeds_nothing_and_publishes_nothing(shelf: Shelf) -> None:
    report = shelf.refresh(load=no_model)
    assert (report.generation, report.unchanged, report.embedded, report.passages) == (1, 5, 0, 6)
    assert report.added == report.changed == report.removed == ()
    assert report.failed == ()
    assert shelf.folder.published() == [1]


def test_when_a_file_was_touched_says_nothing(shelf: Shelf) -> None:
    before = (shelf.corpus / "cats.txt").stat()
    for source in ARTICLES:
        os.utime(shelf.corpus / source, (4e9, 4e9))
    assert shelf.refresh(load=no_model).generation == 1
    shelf.put("cats.txt", ARTICLES["cats.txt"].replace("mice", "rats"))
    os.utime(shelf.corpus / "cats.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (shelf.corpus / "cats.txt").stat().st_size == before.st_size
    assert shelf.refresh().changed == ("cats.txt",)


def test_only_what_was_added_changed_or_removed_is_touched(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.put("new.txt", "Wombats dig.\n")
    shelf.drop("people/huang.md")
    report = shelf.refresh()
    assert (report.added, report.changed, report.removed) == (("new.txt",), ("cats.txt",), ("people/huang.md",))
    assert (report.generation, report.unchanged, report.embedded, report.passages) == (2, 3, 2, 6)
    assert found(shelf, "zebras") == ["cats.txt"]
    assert found(shelf, "wombats") == ["new.txt"]
    assert found(shelf, "hunt") == found(shelf, "leather") == []


def test_a_document_that_comes_back_needs_no_model(shelf: Shelf) -> None:
    shelf.drop("cats.txt")
    shelf.refresh(load=no_model)
    shelf.put("cats.txt", ARTICLES["cats.txt"])
    report = shelf.refresh(load=no_model)
    assert (report.added, report.embedded) == (("cats.txt",), 0)
    assert found(shelf, "hunt") == ["cats.txt"]


def test_a_document_that_moved_is_found_at_its_new_place_alone(shelf: Shelf) -> None:
    (shelf.corpus / "people" / "huang.md").rename(shelf.corpus / "jensen.md")
    report = shelf.refresh(load=no_model)
    assert (report.added, report.removed) == (("jensen.md",), ("people/huang.md",))
    assert found(shelf, "leather") == ["jensen.md"]


def binary(shelf: Shelf) -> None:
    shelf.put("cats.txt", bytes(range(256)) * 20)


def emptied(shelf: Shelf) -> None:
    shelf.put("cats.txt", "")


def link(shelf: Shelf) -> None:
    shelf.drop("cats.txt")
    (shelf.corpus / "cats.txt").symlink_to("/etc/passwd")


def pipe(shelf: Shelf) -> None:
    shelf.drop("cats.txt")
    os.mkfifo(shelf.corpus / "cats.txt")


def huge(shelf: Shelf) -> None:
    os.truncate(shelf.corpus / "cats.txt", LARGEST_FILE + 1)


@pytest.mark.parametrize("spoil", [binary, emptied, link, pipe, huge])
def test_a_document_that_becomes_unreadable_is_reported_and_keeps_its_passages(
    shelf: Shelf, spoil: Callable[[Shelf], None]
) -> None:
    spoil(shelf)
    report = shelf.refresh(load=no_model)
    (failure,) = report.failed
    assert (failure.source, failure.kept) == ("cats.txt", True)
    assert failure.reason
    assert "\n" not in failure.reason
    assert (report.generation, report.changed, report.removed) == (1, (), ())
    assert found(shelf, "hunt") == ["cats.txt"]


def test_unreadable_documents_keep_their_passages_through_a_rebuild(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(shelf)
    shelf.put("people/huang.md", b"")
    monkeypatch.setattr("index.language.words.VERSION", "next")
    report = shelf.refresh(load=no_model)
    assert [(failure.source, failure.kept) for failure in report.failed] == [
        ("cats.txt", True),
        ("people/huang.md", True),
    ]
    assert (report.generation, report.passages, report.removed) == (2, 6, ())
    assert found(shelf, "hunt") == ["cats.txt"]
    assert found(shelf, "leather") == ["people/huang.md"]


def test_a_new_file_that_cannot_be_read_stops_nothing(shelf: Shelf) -> None:
    shelf.put("a.txt", b"")
    shelf.put("good.txt", "Wombats dig.\n")
    report = shelf.refresh()
    assert [(failure.source, failure.kept) for failure in report.failed] == [("a.txt", False)]
    assert report.added == ("good.txt",)


def test_files_that_never_can_be_read_publish_nothing_again_and_again(shelf: Shelf) -> None:
    for number in range(9):
        shelf.put(f"{number}.txt", b"")
    report = shelf.refresh(load=no_model)
    assert (report.generation, len(report.failed)) == (1, 9)


def test_a_folder_that_cannot_be_listed_keeps_its_documents(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = os.scandir

    def scandir(path: str) -> object:
        if Path(path) == shelf.corpus / "chips":
            # What the listing says for want of permission, which a test run by root always has.
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    shelf.put("cats.txt", "Cats chase zebras.\n")
    report = shelf.refresh()
    assert [(failure.source, failure.kept) for failure in report.failed] == [
        ("chips", False),
        ("chips/blackwell.md", True),
        ("chips/h20.md", True),
    ]
    assert (report.changed, report.removed) == (("cats.txt",), ())
    assert "chips/h20.md" in indexed(shelf)


def test_two_names_that_read_the_same_do_not_stop_the_refresh(empty_shelf: Shelf) -> None:
    empty_shelf.put("caf%E9.txt", "Coffee with a percent sign.\n")
    Path(os.fsdecode(os.fsencode(empty_shelf.corpus) + b"/caf\xe9.txt")).write_bytes(b"Coffee in Latin letters.\n")
    report = empty_shelf.refresh()
    assert report.added == ("caf%E9.txt",)
    assert [failure.source for failure in report.failed] == ["caf%E9.txt"]
    assert found(empty_shelf, "percent") == ["caf%E9.txt"]


def test_a_corpus_that_is_empty_or_not_there_stops_the_refresh(shelf: Shelf) -> None:
    shutil.rmtree(shelf.corpus)
    with pytest.raises(CorpusMissing):
        shelf.refresh(allow_shrinking=True)
    shelf.corpus.mkdir()
    with pytest.raises(CorpusEmpty, match="--yes"):
        shelf.refresh()
    assert len(indexed(shelf)) == 5


def test_an_empty_corpus_is_indexed_when_that_is_meant(shelf: Shelf) -> None:
    for source in ARTICLES:
        shelf.drop(source)
    report = shelf.refresh(allow_shrinking=True)
    assert (len(report.removed), report.passages) == (5, 0)
    library = shelf.library()
    assert library.search("Who leads Nvidia?", OPERATOR).hits == library.search("北京", OPERATOR).hits == ()
    assert library.sources(OPERATOR) == ()


def test_a_refresh_that_would_drop_more_than_half_stops_unless_it_is_meant(shelf: Shelf) -> None:
    for source in ("cats.txt", "chips/h20.md", "zh/sales.md"):
        shelf.drop(source)
    with pytest.raises(CorpusShrunk, match="3 of 5 documents"):
        shelf.refresh()
    assert shelf.folder.published() == [1]
    assert len(shelf.refresh(allow_shrinking=True).removed) == 3
    assert indexed(shelf) == ["chips/blackwell.md", "people/huang.md"]


def test_less_than_half_may_go(shelf: Shelf) -> None:
    shelf.drop("cats.txt")
    shelf.drop("zh/sales.md")
    assert shelf.refresh().removed == ("cats.txt", "zh/sales.md")


@pytest.mark.parametrize("changed", ["index.building.refresh.SPLITTER", "index.language.words.VERSION"])
def test_another_splitter_or_analyser_rebuilds_from_known_vectors(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    monkeypatch.setattr(changed, "next")
    report = shelf.refresh(load=no_model)
    assert (report.generation, report.unchanged, report.embedded, report.passages) == (2, 5, 0, 6)
    assert report.added == report.changed == ()
    assert shelf.refresh(load=no_model).generation == 2


def test_another_model_embeds_everything_again(shelf: Shelf, tmp_path: Path) -> None:
    # The same model, named as a folder and reading less at a time: another one, as far as vectors go.
    other = tmp_path / "other"
    original = shelf.embedder.model.folder
    shutil.copytree(original, other, ignore=shutil.ignore_patterns("*.safetensors"))
    (other / "model.safetensors").symlink_to(original / "model.safetensors")
    (other / "sentence_bert_config.json").write_text('{"max_seq_length": 250}')
    report = refresh(RefreshRequest(shelf.corpus, shelf.data, str(other)), lambda _: shelf.embedder, lambda _: None)
    assert (report.generation, report.unchanged, report.embedded) == (2, 5, 6)
    assert read_manifest(shelf.folder.generation(2)).fingerprint.model_name == str(other)


def test_a_model_that_cannot_be_used_changes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable):
        refresh(RefreshRequest(shelf.corpus, shelf.data, str(tmp_path)), no_model, lambda _: None)
    assert shelf.folder.current() == 1


def test_a_disk_that_is_too_full_is_noticed_before_anything_is_written(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    usage = shutil.disk_usage(shelf.data)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=100 * 2**20))
    with pytest.raises(DiskFull, match="100 MB free"):
        shelf.refresh()
    monkeypatch.undo()
    assert shelf.folder.published() == [1]
    assert shelf.leftovers() == []
    assert shelf.refresh().changed == ("cats.txt",)


def test_a_build_that_fails_its_check_is_never_published(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    before = shelf.sums(1)
    monkeypatch.setattr("index.building.builder._finds", lambda *_: False)
    with pytest.raises(IndexDamaged, match="finds only 0 of 6"):
        shelf.refresh()
    assert (shelf.folder.current(), shelf.folder.published()) == (1, [1])
    assert shelf.sums(1) == before
    assert shelf.leftovers() == []


def test_an_update_that_fails_its_check_is_built_afresh(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise IndexDamaged("the copy is no good")

    monkeypatch.setattr("index.building.builder.ChangeBuilder.upon", fail)
    shelf.put("cats.txt", "Cats chase zebras.\n")
    report = shelf.refresh()
    assert (report.generation, report.changed, report.embedded, report.passages) == (2, ("cats.txt",), 1, 6)
    assert found(shelf, "leather") == ["people/huang.md"]


def test_where_more_is_new_or_gone_than_half_of_what_stays_all_is_built_anew(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats have two tails.\n")
    assert read_manifest(shelf.folder.generation(shelf.refresh().generation)).changed == 2
    shelf.put("people/huang.md", "Huang has two jackets.\n")
    shelf.put("new.txt", "Wombats dig.\n")
    shelf.drop("cats.txt")
    assert read_manifest(shelf.folder.generation(shelf.refresh().generation)).changed == 0


def test_a_damaged_generation_is_replaced_even_where_the_one_before_would_do(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()
    (shelf.folder.generation(2) / CATALOGUE).write_bytes(b"damaged")
    shelf.put("cats.txt", ARTICLES["cats.txt"])
    report = shelf.refresh(load=no_model)
    assert (report.generation, report.passages) == (3, 6)
    assert shelf.folder.current() == 3
    shelf.generation().close()


def test_where_all_is_damaged_all_is_rebuilt_from_known_vectors(shelf: Shelf) -> None:
    (shelf.folder.generation(1) / CATALOGUE).write_bytes(b"damaged")
    report = shelf.refresh(load=no_model)
    assert (report.generation, len(report.added), report.embedded, report.passages) == (2, 5, 0, 6)
    shelf.generation().close()


def test_the_same_corpus_gives_the_same_passages_whichever_way_it_came_about(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()
    with closing(Catalogue.open(shelf.folder.generation(2))) as catalogue:
        updated = catalogue.passage_ids()
    shutil.rmtree(shelf.data)
    shelf.refresh()
    with closing(Catalogue.open(shelf.folder.generation(1))) as catalogue:
        assert catalogue.passage_ids() == updated


def test_progress_comes_to_its_end_in_every_step(shelf: Shelf) -> None:
    steps: list[Progress] = []
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh(progress=steps.append)
    assert [step.step for step in steps] == ["reading"] * 5 + ["indexing"] + ["checking"] * 2
    ends = {step.step: step for step in steps}
    assert all(end.done == end.total for end in ends.values())


def test_a_file_that_hangs_costs_its_time_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    limits = replace(LIMITS, wall_seconds=8)
    monkeypatch.setattr("index.building.refresh.LIMITS", limits)
    monkeypatch.setattr("index.building.refresh.parse", hanging)
    shelf.put("slow.txt", f"{tmp_path / 'begun'}\n")

    reports = [shelf.refresh(load=no_model) for _ in range(3)]

    assert (tmp_path / "begun").read_text() == "once\n"
    (failure,) = reports[0].failed
    assert (failure.source, failure.kept) == ("slow.txt", False)
    assert "longer than 8 s" in failure.reason
    assert [report.failed for report in reports] == [(failure,)] * 3
    assert shelf.library().failures() == (failure,)


def test_a_file_that_failed_is_read_again_once_it_or_its_reader_is_another(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("new.txt", bytes(range(256)) * 20)
    (failure,) = shelf.refresh(load=no_model).failed
    monkeypatch.setattr("index.building.refresh.SPLITTER", "next")
    assert shelf.refresh(load=no_model).failed == (failure,)
    shelf.put("new.txt", "Wombats dig.\n")
    report = shelf.refresh()
    assert (report.failed, report.added) == ((), ("new.txt",))
    assert shelf.library().failures() == ()
