from bot.discord.messaging.message import (
    Button,
    Embed,
    Field,
    Menu,
    Message,
    TextFile,
    as_embeds,
    as_files,
    as_view,
    in_rows,
)


def test_buttons_stand_five_in_a_row() -> None:
    buttons = [Button(str(number), f"footnote:cite:a:{number}") for number in range(7)]
    assert [len(row) for row in in_rows(buttons)] == [5, 2]


async def test_a_view_keeps_its_rows_and_is_not_remembered_by_discord_py() -> None:
    rows = ((Button("1", "a"), Button("Open", link="https://example.org")), (Menu("b", "Why?", (("x", "X"),)),))
    view = as_view(Message("text", rows=rows))
    assert view is not None and view.is_finished()
    first, second = view.to_components()
    assert [item.get("url") or item["custom_id"] for item in first["components"]] == ["a", "https://example.org"]
    assert second["components"][0]["options"][0]["value"] == "x"


def test_a_message_without_buttons_has_no_view() -> None:
    assert as_view(Message("text")) is None


def test_an_embed_carries_title_text_link_fields_and_footer() -> None:
    embed = Embed("Title", "Text", "https://example.org", (Field("Name", "Value", inline=True),), "Footer")
    (made,) = as_embeds(Message(embeds=(embed,)))
    assert {**made.to_dict(), "flags": 0} == {
        "flags": 0,
        "title": "Title",
        "description": "Text",
        "url": "https://example.org",
        "type": "rich",
        "fields": [{"name": "Name", "value": "Value", "inline": True}],
        "footer": {"text": "Footer"},
    }


def test_a_file_can_be_sent_again() -> None:
    message = Message("text", file=TextFile("answer.md", "Wörter"))
    for _ in range(2):
        (file,) = as_files(message)
        assert (file.filename, file.fp.read()) == ("answer.md", "Wörter".encode())
