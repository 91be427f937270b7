"""`@bot words` in any chat: cards for people who are known here, nothing for others."""

from __future__ import annotations

from tests.bot.talk.stage import Stage, article


async def test_a_known_person_gets_cards_of_what_was_read(stage: Stage) -> None:
    await stage.read(
        article("Cienfuegos returns", url="https://a.example/1"),
        article("A judge frees Cienfuegos", url="https://a.example/2"),
        article("Rain in the mountains", url="https://a.example/3"),
    )
    cards = await stage.ana.asks_inline("cienfuegos")
    titles = {one["title"] for one in cards}
    assert titles == {"Cienfuegos returns", "A judge frees Cienfuegos"}
    said = cards[0]["input_message_content"]
    assert said["message_text"].startswith(cards[0]["title"])
    assert said["entities"][0]["url"].startswith("https://a.example/")
    [call] = stage.server.calls("answerInlineQuery")
    assert call.asked["is_personal"] is True


async def test_a_stranger_gets_nothing(stage: Stage) -> None:
    await stage.read(article("Cienfuegos returns"))
    assert await stage.server.person("Eve").asks_inline("cienfuegos") == []


async def test_a_short_or_empty_query_looks_for_nothing(stage: Stage) -> None:
    await stage.read(article("Cienfuegos returns"))
    for text in ("", "ci", "-cienfuegos", '"'):
        assert await stage.ana.asks_inline(text) == []
