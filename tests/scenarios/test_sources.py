"""Other sources, from the command line: a page of the web is added, gone back to and taken out again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import BadConfiguration
from tests.conftest import ARTICLES, Shelf
from tests.scenarios.conftest import Footnote
from tests.unit.index.sources.site import serving


def test_a_page_is_added_gone_back_to_and_removed(shelf: Shelf, tmp_path: Path) -> None:
    footnote = Footnote(tmp_path)
    with serving() as site:
        # What it says is in the cache of vectors, so that no model has to be loaded.
        site.put("/cats.txt", ARTICLES["cats.txt"], "text/plain")
        (footnote.home / ".env").write_text(f"FOOTNOTE_PRIVATE_HOSTS={site.host}\n")

        added = footnote("add", site.at("/cats.txt"), "--name", "zoo", "--json")
        assert added.stderr.startswith("Added zoo.\n")
        report = json.loads(added.stdout)
        assert (report["generation"], report["added"], report["embedded"]) == (2, [site.at("/cats.txt")], 0)
        assert list(report["stages"]) == ["fetching", "reading", "indexing", "checking"]

        removed = footnote("remove", "zoo")
        assert "Removed zoo." in removed.stderr
        assert removed.stdout.startswith("Index 3: 1 removed, 5 unchanged")

        back = json.loads(footnote("rollback", "--json").stdout)
        assert (back["number"], back["restored"], back["documents"]) == (4, 2, 6)
        kept = json.loads(footnote("history", "--json").stdout)["generations"]
        assert [one["number"] for one in kept] == [4, 3, 2]
        listed = json.loads(footnote("sources", "--json").stdout)
        assert site.at("/cats.txt") in [document["source"] for document in listed["sources"]]
        assert [(one["name"], one["kind"]) for one in listed["from"]] == [("corpus", "folder")]

    wrong = footnote("add", "ftp://example.org/a")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "only addresses that begin with http" in wrong.stderr


def test_an_address_that_is_never_fetched_is_refused_and_not_added(shelf: Shelf, tmp_path: Path) -> None:
    refused = Footnote(tmp_path)("add", "http://127.0.0.1/admin")
    assert refused.returncode == 1 and refused.stdout == ""
    assert refused.stderr.strip() == (
        "footnote: http://127.0.0.1/admin is not added: 127.0.0.1 is not a public host: "
        "where it is meant to be read, name it in FOOTNOTE_PRIVATE_HOSTS"
    )
    for address in ("http://[::ffff:10.0.0.1]/", "ftp://example.org/a", "http://a:b@c.org/", "http://0x7f.1/"):
        for server in (None, 10):
            with pytest.raises(BadConfiguration, match="is not added"):
                shelf.library().add_source(address, server=server)
    with pytest.raises(BadConfiguration, match="is not added"):
        shelf.library().add_source("/etc", server=10)
    assert not (shelf.corpus / "corpus.toml").exists()
    assert shelf.folder.current() == 1


def test_whoever_runs_the_command_sees_what_is_limited_and_is_told_of_a_rule_that_hides_nothing(
    shelf: Shelf, tmp_path: Path
) -> None:
    footnote = Footnote(tmp_path)
    rule = '[[source]]\nname = "corpus"\n[[source.access]]\ninclude = ["{}"]\nroles = [7]\n'
    shelf.put("corpus.toml", rule.format("cats.txt"))
    refreshed = json.loads(footnote("refresh", "--json").stdout)
    assert (refreshed["changed"], refreshed["embedded"], refreshed["failed"]) == (["cats.txt"], 0, [])
    listed = {each["source"]: each["access"] for each in json.loads(footnote("sources", "--json").stdout)["sources"]}
    assert listed["cats.txt"] == [{"roles": [7]}] and listed["people/huang.md"] == []
    assert "hunt mice" in footnote("search", "What do cats hunt?").stdout

    shelf.put("corpus.toml", rule.format("cat.txt"))
    refused = footnote("refresh")
    assert "access: cat.txt fits no document, so it hides none" in " ".join((refused.stdout + refused.stderr).split())

    shelf.put("corpus.toml", rule.format("cats.txt").replace("roles", "rolls"))
    wrong = footnote("refresh")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "source 1 (corpus): access.0.rolls" in wrong.stderr
