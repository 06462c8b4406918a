"""What each viewer sees of one index: what corpus.toml limits is found, listed, spelled and counted for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.access import NOBODY, OPERATOR, Viewer
from index.errors import UnknownDocument
from index.library import Library
from index.models.embedding import Embedder
from tests.conftest import Shelf

BEES, WASPS = 1, 2  # servers
BOARD, KEEPER = 11, 12  # roles
HALL, LAB = 21, 22  # channels
RULES = """
[[source]]
name = "corpus"
[[source.access]]
include = ["bees/**"]
servers = [1]
[[source.access]]
include = ["*/board/**"]
roles = [11]
[[source.access]]
include = ["lab.md"]
servers = [1, 2]
channels = [22]
[[source.access]]
include = ["hall.md"]
readers_of = [21]
"""
DOCUMENTS = {
    "public.md": "The bee garden opens at nine.\n",
    "bees/hives.md": "The bee hives stand behind the mill. Ask the Hive Inspection Board (HIB).\n",
    "bees/board/wages.md": "The bee board pays the gardener Quibblewhistle forty crowns.\n",
    "wasps/board/raid.md": "The wasp board plans a raid on the bee garden.\n",
    "lab.md": "In the lab the bee venom is measured in glimmerbeaks.\n",
    "hall.md": "In the hall somebody asked about bee stings.\n",
    "zh/report.md": "蜜蜂的花园九点开门。\n",
}
PUBLIC = {"public.md", "zh/report.md"}
IDS = st.frozensets(st.sampled_from([BEES, WASPS, BOARD, KEEPER, HALL, LAB]), max_size=4)
VIEWERS = st.builds(Viewer, servers=IDS, channels=IDS, roles=IDS, readable=IDS)


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("garden"), embedder)
    for source, text in DOCUMENTS.items():
        shelf.put(source, text)
    shelf.put("corpus.toml", RULES)
    shelf.refresh()
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def library(garden: Shelf) -> Library:
    return garden.library()


def seen_by(viewer: Viewer) -> set[str]:
    """Say in words of their own what the rules above let a viewer see."""
    seen = set(PUBLIC)
    if BEES in viewer.servers:
        seen.add("bees/hives.md")
        if BOARD in viewer.roles:
            seen.add("bees/board/wages.md")
    if BOARD in viewer.roles:
        seen.add("wasps/board/raid.md")
    if LAB in viewer.channels and viewer.servers & {BEES, WASPS}:
        seen.add("lab.md")
    if HALL in viewer.readable:
        seen.add("hall.md")
    return seen


@given(VIEWERS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_viewer_finds_and_lists_all_that_they_may_see_and_nothing_else(library: Library, viewer: Viewer) -> None:
    seen = seen_by(viewer)
    with library.pinned(viewer) as snapshot:
        assert {document.source for document in snapshot.documents()} == seen
        assert {hit.document.source for hit in snapshot.search("bee", 50).hits} == seen
        evidence = snapshot.evidence(snapshot.query("What is it about bees?"), 50)
        assert {hit.document.source for hit in evidence.hits} == seen
        assert {sentence.hit.document.source for sentence in evidence.sentences} == seen
        assert (snapshot.manifest.documents, snapshot.manifest.passages) == (len(seen), len(seen))


def test_the_operator_sees_everything_and_whoever_is_unknown_what_is_public(library: Library) -> None:
    assert {document.source for document in library.sources(OPERATOR)} == set(DOCUMENTS)
    assert {document.source for document in library.sources(NOBODY)} == PUBLIC
    assert (library.hides(OPERATOR), library.hides(NOBODY)) == (False, True)


def test_a_document_that_is_not_seen_is_as_if_it_were_not_there(library: Library) -> None:
    (wages,) = (each for each in library.sources(OPERATOR) if each.source == "bees/board/wages.md")
    with pytest.raises(UnknownDocument) as unseen:
        library.document(wages.id, NOBODY)
    with pytest.raises(UnknownDocument) as missing:
        library.document("no such id", NOBODY)
    assert str(unseen.value) == str(missing.value)
    assert "Quibblewhistle" in library.document(wages.id, Viewer(frozenset({BEES}), roles=frozenset({BOARD}))).text


def test_words_that_stand_in_hidden_documents_alone_are_neither_known_nor_spelled(library: Library) -> None:
    bees = Viewer(servers=frozenset({BEES}))
    with library.pinned(bees) as snapshot:
        assert not snapshot.knows("Quibblewhistle") and not snapshot.knows("glimmerbeaks")
        assert "quibblewhistle" not in snapshot.spelled(3, 30)
        assert snapshot.spelled(3, 3)["bee"] == 2
        assert snapshot.expansions("HIB") == ("Hive Inspection Board",)
    with library.pinned(NOBODY) as snapshot:
        assert snapshot.expansions("HIB") == ()
    with library.pinned(OPERATOR) as snapshot:
        assert snapshot.knows("Quibblewhistle") and snapshot.spelled(14, 14) == {"quibblewhistle": 1}


def test_the_rarity_of_a_word_is_counted_among_what_is_seen(library: Library) -> None:
    def rarity(viewer: Viewer) -> float:
        with library.pinned(viewer) as snapshot:
            evidence = snapshot.evidence(snapshot.query("wasp"), 5)
            return evidence.idf["wasp"]

    assert rarity(NOBODY) == 1.0 > rarity(OPERATOR)


def test_only_channels_that_documents_are_limited_to_the_readers_of_have_to_be_asked_about(library: Library) -> None:
    assert library.channels() == {HALL}


def test_sources_of_which_a_viewer_sees_nothing_are_not_named(shelf: Shelf) -> None:
    (shelf.corpus.parent / "beside").mkdir()
    (shelf.corpus.parent / "beside" / "a.md").write_text("The side door is green.\n")
    shelf.put("corpus.toml", '[[source]]\nname = "beside"\nfolder = "../beside"\naccess = { roles = [11] }\n')
    shelf.refresh()
    library = shelf.library()
    assert [one.name for one in library.configured(NOBODY)] == ["corpus"]
    named = {one.name: one.documents for one in library.configured(Viewer(roles=frozenset({BOARD})))}
    assert named == {"corpus": 5, "beside": 1}


def test_what_was_cited_once_is_seen_by_the_rules_that_hold_now(shelf: Shelf) -> None:
    shelf.refresh()
    library = shelf.library()
    (cats,) = (each for each in library.sources(NOBODY) if each.source == "cats.txt")
    assert library.sees(NOBODY, [cats])
    limit(shelf, "cats.txt")
    assert not library.sees(NOBODY, [cats])
    shelf.refresh()
    library.reload()
    assert not library.sees(NOBODY, [cats]) and library.sees(Viewer(roles=frozenset({BOARD})), [cats])
    (limited,) = (each for each in library.sources(OPERATOR) if each.source == "cats.txt")
    shelf.drop("cats.txt")
    shelf.refresh()
    library.reload()
    assert not library.sees(NOBODY, [limited])


def test_a_rule_holds_at_once_and_the_next_refresh_publishes_it_without_embedding(shelf: Shelf) -> None:
    shelf.refresh()
    library = shelf.library()
    assert "cats.txt" in found(library, NOBODY)
    limit(shelf, "cats.txt")
    assert "cats.txt" not in found(library, NOBODY)
    counted = [generation.documents for viewer in (NOBODY, OPERATOR) if (generation := library.generation(viewer))]
    assert counted == [4, 5]
    with library.pinned(NOBODY) as snapshot:
        # Whose words they are nobody could tell before the next refresh.
        assert snapshot.is_outdated and snapshot.spelled(3, 30) == {}
    report = shelf.refresh()
    assert (report.changed, report.embedded) == (("cats.txt",), 0)
    library.reload()
    assert "cats.txt" not in found(library, NOBODY)
    assert "cats.txt" in found(library, Viewer(roles=frozenset({BOARD})))
    with library.pinned(NOBODY) as snapshot:
        assert not snapshot.is_outdated and "cats" not in snapshot.spelled(3, 30)


def test_going_back_to_an_earlier_generation_brings_back_no_earlier_rules(shelf: Shelf) -> None:
    shelf.refresh()
    limit(shelf, "cats.txt")
    shelf.refresh()
    library = shelf.library()
    library.roll_back()
    assert "cats.txt" not in found(library, NOBODY)
    assert "cats.txt" not in {document.source for document in library.sources(NOBODY)}


def test_a_file_that_can_no_longer_be_read_obeys_the_rules_of_now(shelf: Shelf) -> None:
    shelf.refresh()
    shelf.put("cats.txt", b"")
    limit(shelf, "cats.txt")
    report = shelf.refresh()
    assert [(failure.source, failure.kept) for failure in report.failed] == [("cats.txt", True)]
    assert "cats.txt" not in found(shelf.library(), NOBODY)
    assert "cats.txt" in found(shelf.library(), OPERATOR)


def test_a_rule_that_fits_no_document_is_named(shelf: Shelf) -> None:
    limit(shelf, "cat.txt")
    (failure,) = shelf.refresh().failed
    assert (failure.source, failure.reason) == ("corpus", "access: cat.txt fits no document, so it hides none")


def test_a_corpus_toml_that_breaks_opens_nothing(shelf: Shelf) -> None:
    shelf.refresh()
    library = shelf.library()
    limit(shelf, "cats.txt")
    assert "cats.txt" not in found(library, NOBODY)
    shelf.put("corpus.toml", "[[source]")
    assert "cats.txt" not in found(library, NOBODY)


def test_whoever_sees_little_still_gets_as_many_passages_as_they_ask_for(empty_shelf: Shelf) -> None:
    for number in range(150):
        empty_shelf.put(f"staff/{number}.md", f"The bee garden opens at nine, says note {number} of the bee garden.\n")
    for number in range(12):
        empty_shelf.put(f"public/{number}.md", f"Some visitor {number} wrote about a garden.\n")
    empty_shelf.put("corpus.toml", '[[source]]\nname = "corpus"\naccess = { include = ["staff/**"], roles = [11] }\n')
    empty_shelf.refresh()
    hits = empty_shelf.library().search("When does the bee garden open?", NOBODY, 12).hits
    assert len(hits) == 12
    assert all(hit.document.source.startswith("public/") for hit in hits)


def test_without_a_rule_nothing_is_filtered_and_everybody_finds_the_same(articles: Library) -> None:
    with articles.pinned(NOBODY) as public, articles.pinned(OPERATOR) as everything:
        assert public.hidden == everything.hidden == frozenset()
        assert public.manifest is everything.manifest
        assert public.search("What licence does the H20 need?") == everything.search("What licence does the H20 need?")


def limit(shelf: Shelf, source: str) -> None:
    """Let only the board see a document."""
    shelf.put("corpus.toml", f'[[source]]\nname = "corpus"\naccess = {{ include = ["{source}"], roles = [11] }}\n')


def found(library: Library, viewer: Viewer) -> set[str]:
    return {hit.document.source for hit in library.search("cats", viewer, 50).hits}
