"""The language in which people are answered, over the wire: that of their client, or of the server."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.answer import Note, NoteKind
from tests.scenarios.discord.wire import Wire

QUESTION = "How high is the rate?"


async def test_a_command_is_answered_in_the_language_of_the_client(wire: Wire) -> None:
    berta = wire.discord.user("berta", locale="de").joins(wire.guild)
    answer = await berta.asks("ask", at=wire.general, question=QUESTION)
    assert answer.embeds[0]["title"] == "Quellen"
    assert "Nachfragen" in [button.label for button in answer.buttons]
    refusal = await berta.asks("ask", at=wire.general, question="Who is the mayor?")
    assert refusal.content.startswith("> Who is the mayor?\n**Die Dokumente sagen es nicht.**")
    assert "Fragen aus den eigenen Dokumenten" in (await berta.asks("help", at=wire.general)).content
    card = await berta.final(await berta.presses(answer, "1"))
    assert "Falsche Quelle" in [button.label for button in card.buttons]
    await wire.nothing_went_wrong()


async def test_a_message_is_answered_in_the_language_of_the_server_unless_it_is_set(wire: Wire) -> None:
    paris = wire.discord.guild("Paris", locale="fr", joined=False)
    wire.discord.join(paris)
    salon = wire.discord.channel("salon", paris)
    await wire.discord.quiet()
    wire.ada.joins(paris)
    wire.ada.says(QUESTION, salon, mention=True)
    first = await wire.reply_number(1, salon)
    assert "confiance" in first.embeds[0]["footer"]["text"]
    wire.clients[-1].servers.set_locale(paris.id, "ja")
    wire.ada.says(QUESTION, salon, mention=True)
    second = await wire.reply_number(2, salon)
    assert "確信度" in second.embeds[0]["footer"]["text"]


async def test_a_direct_message_is_answered_in_its_own_language(wire: Wire) -> None:
    wire.ada.says("谢谢你！")
    assert "/帮助" in (await wire.reply_number(1, wire.ada.dm)).content


async def test_a_question_in_a_language_that_cannot_be_searched_hears_so_and_what_to_set(wire: Wire) -> None:
    mei = wire.discord.user("mei", locale="zh-CN").joins(wire.guild)
    nothing = wire.quoting("Who is the mayor?")
    wire.answerer.says = replace(nothing, notes=(Note(NoteKind.NOT_SEARCHED, "zh"),))
    refusal = await mei.asks("ask", at=wire.general, question="利率是多少？")
    assert "我不能用中文搜索这些文档" in refusal.content
    assert "文档中没有说明" not in refusal.content
    assert "EMBEDDING" in refusal.content


async def test_the_commands_are_offered_in_every_language(wire: Wire) -> None:
    (ask,) = [each for each in wire.discord.commands.of(None, localised=True) if each["name"] == "ask"]
    names = ask["name_localizations"]
    assert names["de"] == "fragen" and names["zh-CN"] == "提问" and names["pt-BR"] == "perguntar"
