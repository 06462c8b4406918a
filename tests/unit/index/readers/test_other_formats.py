import json
from datetime import date
from pathlib import Path

import pytest

from index.building.splitting import split
from index.errors import UnreadableDocument
from index.readers.formats import FORMATS, SUFFIXES
from tests.unit.index.readers import read, read_all


def test_rich_text_keeps_its_words() -> None:
    assert read(rb"{\rtf1\ansi Caf\'e9 at {\b noon}.\par Second.}", "a.rtf").text == "Café at noon.\n\nSecond."


def test_a_message_has_its_sender_its_day_and_what_is_attached() -> None:
    mail = (
        b"From: Ada <ada@example.org>\r\nTo: bob@example.org\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n"
        b"Date: Mon, 6 May 2024 10:00:00 +0200\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWe meet at noon.\r\n"
        b"--x\r\nContent-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="plan.pdf"\r\n\r\nabc\r\n--x--\r\n'
    )
    document = read(mail, "a.eml")
    assert document.metadata.title == "Café"
    assert (document.metadata.author, document.metadata.published) == ("Ada <ada@example.org>", date(2024, 5, 6))
    assert "We meet at noon." in document.text
    assert "Attached: plan.pdf" in document.text


def test_a_notebook_has_its_words_its_code_and_what_it_printed() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "Words."]},
        {"cell_type": "code", "source": "print(1)", "outputs": [{"text": ["1\n"]}, {"data": {"image/png": "AAAA"}}]},
    ]
    assert read(json.dumps({"cells": cells}).encode(), "a.ipynb").text == "Title\n\nWords.\n\nprint(1)\n\n1"


def test_restructured_text_includes_nothing() -> None:
    text = (
        "Title\n=====\n\nWords *here*.\n\n.. include:: /etc/passwd\n\n.. raw:: html\n\n   <b>raw</b>\n\n- One\n- Two\n"
    )
    document = read(text.encode(), "a.rst")
    assert "root:" not in document.text
    assert "raw" not in document.text
    assert document.text.startswith("Title\n\nWords here.")
    assert "- One\n- Two" in document.text


def test_asciidoc_keeps_headings_lists_and_tables_and_the_lines_they_stand_on() -> None:
    text = (
        "= Title\n:toc:\n\n== Part\n\nWords *here*,\nand https://e.org[there].\n\n* One\n* Two\n\n"
        "include::/etc/passwd[]\n\n|===\n|Name |Age\n\n|Ada |36\n|===\n"
    )
    document = read(text.encode(), "a.adoc")
    assert document.text == "Title\n\nPart\n\nWords here, and there.\n\n- One\n\n- Two\n\nName: Ada | Age: 36"
    assert document.line_of(document.text.index("Words")) == 6


def test_each_record_of_json_is_a_row_with_names() -> None:
    records = [
        {"name": "Ada", "born": 1815, "alive": False, "in": {"town": "London"}},
        {"name": "Bob", "tags": ["a", "b"]},
    ]
    expected = "name: Ada | born: 1815 | alive: no | in.town: London\nname: Bob | tags: a, b"
    for data, source in ((json.dumps(records), "a.json"), ("\n".join(map(json.dumps, records)), "a.jsonl")):
        document = read(data.encode(), source)
        assert document.text == expected
        assert document.row_of(len(expected) - 1) == 2
    with pytest.raises(UnreadableDocument, match="not JSON: line 1"):
        read(b"{nonsense", "a.json")


def test_source_code_is_parted_by_its_definitions() -> None:
    document = read(b"import os\n\nclass Bee:\n    def fly(self):\n        return 1\n\ndef land():\n    pass\n", "a.py")
    assert [(heading.title, heading.level) for heading in document.headings] == [
        ("class Bee", 1), ("def fly", 2), ("def land", 1),
    ]  # fmt: skip
    assert "class Bee:" in document.text


def test_an_export_of_discord_is_a_document_a_day() -> None:
    messages = [
        {"id": "1", "timestamp": "2024-05-06T10:00:00+00:00", "content": "When do we meet?",
         "author": {"name": "ada"}},
        {"id": "2", "timestamp": "2024-05-06T10:05:00+00:00", "content": "At noon.",
         "author": {"name": "b", "nickname": "Bob"}, "reference": {"messageId": "1"},
         "attachments": [{"fileName": "map.png"}]},
        {"id": "3", "timestamp": "2024-05-07T09:00:00+00:00", "content": "Thanks.", "author": {"name": "ada"}},
    ]  # fmt: skip
    export = {"guild": {"name": "Club"}, "channel": {"name": "general"}, "messages": messages}
    first, second = read_all(json.dumps(export).encode(), "general.json")
    assert first.metadata.title == "#general, 2024-05-06"
    assert (first.metadata.publisher, first.metadata.published) == ("Club", date(2024, 5, 6))
    assert first.text == "ada, 10:00: When do we meet?\n\nBob, 10:05: (to ada) At noon.\nAttached: map.png"
    assert second.text == "ada, 09:00: Thanks."
    assert len({first.metadata.id, second.metadata.id}) == 2


EXPORT = """<!DOCTYPE html><html><head><title>Club - general</title></head><body>
<div class=preamble><div class=preamble__entries-container><div class=preamble__entry>Club</div>
<div class=preamble__entry>Text Channels / general</div></div></div><div class=chatlog>
<div class=chatlog__message-group><div class=chatlog__message-container><div class=chatlog__message>
<div class=chatlog__message-primary><div class=chatlog__header><span class=chatlog__author title=ada>Ada</span>
<span class=chatlog__timestamp title="Monday, May 6, 2024 10:00 AM"><a href=#1>5/6/2024 10:00 AM</a></span></div>
<div class="chatlog__content chatlog__markdown"><span class=chatlog__markdown-preserve>When do we meet?</span></div>
</div></div></div><div class=chatlog__message-container><div class=chatlog__message><div class=chatlog__message-primary>
<div class="chatlog__content chatlog__markdown"><span class=chatlog__markdown-preserve>At the boathouse?</span></div>
</div></div></div></div>
<div class=chatlog__message-group><div class=chatlog__message-container><div class=chatlog__message>
<div class=chatlog__message-primary><div class=chatlog__header><span class=chatlog__author title=bob>Bob</span>
<span class=chatlog__timestamp title="Tuesday, May 7, 2024 9:00 AM"><a href=#3>5/7/2024 9:00 AM</a></span></div>
<div class="chatlog__content chatlog__markdown"><span class=chatlog__markdown-preserve>At noon.</span></div>
</div></div></div></div></div></body></html>"""


def test_an_export_of_discord_in_html_is_a_document_a_day_too() -> None:
    first, second = read_all(EXPORT.encode(), "general.html")
    assert first.metadata.title == "#general, 2024-05-06"
    assert (first.metadata.publisher, first.metadata.published) == ("Club", date(2024, 5, 6))
    assert first.text == "Ada, 10:00: When do we meet?\n\nAda, 10:00: At the boathouse?"
    assert (second.metadata.published, second.text) == (date(2024, 5, 7), "Bob, 09:00: At noon.")


def test_what_is_cited_of_an_export_opens_at_its_message() -> None:
    messages = [
        {"id": "31", "timestamp": "2024-05-06T10:00:00+00:00", "content": "When do we meet?", "author": {"name": "a"}},
        {"id": "32", "timestamp": "2024-05-06T10:05:00+00:00", "content": "At noon.", "author": {"name": "b"}},
        {"id": "33x", "timestamp": "never", "content": "Thanks.", "author": {"name": "a"}},
    ]  # fmt: skip
    channel = {"id": "20", "type": "GuildTextChat", "name": "general"}
    export = {"guild": {"id": "10", "name": "Club"}, "channel": channel, "messages": messages}
    day, _ = read_all(json.dumps(export).encode(), "general.json")
    assert day.metadata.url == "https://discord.com/channels/10/20"
    noon = day.place_of(day.text.index("noon"))
    assert noon is not None and (noon.kind, noon.number) == ("message", 32)
    (passage,) = split(day, lambda texts: [len(text.split()) for text in texts], 200)
    assert "When do we meet?" in passage.text and "At noon." in passage.text


def test_an_export_of_a_thread_is_one_document_of_question_and_answer() -> None:
    messages = [
        {"id": "31", "timestamp": "2024-05-06T10:00:00+00:00", "content": "Where are\nthe oars?",
         "author": {"name": "ada"}},
        {"id": "32", "timestamp": "2024-05-07T10:05:00+00:00", "content": "In the shed.", "author": {"name": "bob"},
         "reference": {"messageId": "31"}},
    ]  # fmt: skip
    for channel, title in (
        ({"id": "31", "type": "GuildPublicThread", "name": "Oars"}, "Oars"),
        ({"id": "31", "name": "help"}, "Oars [Solved]"),
    ):
        export = {"guild": {"id": "10", "name": "Club"}, "channel": channel, "messages": messages}
        if title != "Oars":
            export["conversation"] = {"title": "Oars", "tags": ["Solved", 7]}
        (thread,) = read_all(json.dumps(export).encode(), "oars.json")
        assert (thread.metadata.title, thread.metadata.published) == (title, date(2024, 5, 7))
        assert [heading.title for heading in thread.headings] == [
            "ada, 2024-05-06 10:00",
            "ada: Where are the oars?",
            "bob, 2024-05-07 10:05",
        ]
        place = thread.place_of(thread.text.index("shed"))
        assert place is not None and place.number == 32


def test_in_an_export_in_html_each_message_has_its_place() -> None:
    source = EXPORT.replace("chatlog__message-container>", 'chatlog__message-container data-message-id="41">', 1)
    first, _ = read_all(source.encode(), "general.html")
    assert [(place.kind, place.number) for place in first.places] == [("message", 41)]


def test_every_kind_has_a_reader_and_no_suffix_has_two() -> None:
    suffixes = [suffix for format_ in FORMATS for suffix in format_.suffixes]
    assert len(suffixes) == len(set(suffixes)) == len(SUFFIXES)
    for suffix in suffixes:
        with pytest.raises(UnreadableDocument):
            read_all(b" ", f"a{suffix}")


@pytest.mark.parametrize(
    ("source", "remedy"),
    [
        ("a.doc", "save it as .docx"),
        ("a.ppt", "save it as .pptx"),
        ("a.msg", "as .eml"),
        ("a.zip", "unpack it"),
        ("production.env", "secrets"),
        ("a", "save it"),
    ],
)
def test_what_is_not_read_is_refused_with_what_to_do(source: str, remedy: str) -> None:
    with pytest.raises(UnreadableDocument, match=f"not read: .*{remedy}"):
        read_all(b"words", source)


def test_xml_is_read_as_prose_with_headings_or_as_rows() -> None:
    book = read(
        b'<?xml version="1.0"?><book xmlns="http://docbook.org/ns/docbook"><title>The lighthouse</title>'
        b"<chapter><title>Its keeper</title><para>Ada <emphasis>Brandt</emphasis> keeps it.</para>"
        b"<section><title>Her boat</title><para>It is green.</para></section></chapter></book>",
        "book.xml",
    )
    assert book.text == "The lighthouse\n\nIts keeper\n\nAda Brandt keeps it.\n\nHer boat\n\nIt is green."
    assert [(heading.title, heading.level) for heading in book.headings] == [
        ("The lighthouse", 1),
        ("Its keeper", 2),
        ("Her boat", 3),
    ]
    assert book.metadata.title == "The lighthouse"
    data = read(
        b'<boats><boat id="7"><name>Gull</name><berths>4</berths></boat><boat id="8" name="Tern"/></boats>', "boats.xml"
    )
    assert data.text == "id: 7 | name: Gull | berths: 4\nid: 8 | name: Tern"


def test_entities_of_xml_are_not_resolved(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hunter2")
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE a [<!ENTITY e0 "boom"><!ENTITY file SYSTEM "{tmp_path / "secret.txt"}">{nested}]>'
    text = read(f"{declared}<a><p>Ada &file; &e0; &amp; more.</p></a>".encode(), "a.xml").text
    assert text == "Ada &file; &e0; & more."
    assert "boom" not in read(f"{declared}<a><p>Ada &e9; and more.</p></a>".encode(), "a.xml").text


def test_what_is_no_xml_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="not XML"):
        read(b"Just words.", "a.xml")
