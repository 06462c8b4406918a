"""Other sources, from the command line: a page of the web is added, found, gone back to and taken out again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.scenarios.conftest import Footnote
from tests.unit.index.sources.site import serving


def test_a_page_is_added_gone_back_to_and_removed(tmp_path: Path) -> None:
    footnote = Footnote(tmp_path)
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    corpus.mkdir()
    (corpus / "cats.txt").write_text("Cats sleep for most of the day. They hunt mice at night.\n")
    places = ("--corpus", corpus, "--data", data)
    with serving() as site:
        site.page("/clock", "The clock museum of Veldhaven opens at nine in the morning.")
        (footnote.home / ".env").write_text(f"FOOTNOTE_PRIVATE_HOSTS={site.host}\n")

        added = footnote("add", site.at("/clock"), "--name", "museum", "--json", *places)
        assert added.stderr.startswith("Added museum.\n")
        report = json.loads(added.stdout)
        assert (report["generation"], report["added"]) == (1, ["cats.txt", site.at("/clock")])
        assert list(report["stages"]) == ["fetching", "reading", "indexing", "checking"]

        removed = footnote("remove", "museum", *places)
        assert "Removed museum." in removed.stderr
        assert removed.stdout.startswith("Index 2: 1 removed, 1 unchanged")

        back = json.loads(footnote("rollback", "--json", *places).stdout)
        assert (back["number"], back["restored"], back["documents"]) == (3, 1, 2)
        kept = json.loads(footnote("history", "--json", *places).stdout)["generations"]
        assert [one["number"] for one in kept] == [3, 2, 1]
        listed = json.loads(footnote("sources", "--json", *places).stdout)
        assert [document["source"] for document in listed["sources"]] == ["cats.txt", site.at("/clock")]
        assert [(one["name"], one["kind"]) for one in listed["from"]] == [("corpus", "folder")]

    wrong = footnote("add", "ftp://example.org/a", *places)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "only addresses that begin with http" in wrong.stderr
