"""Why an alert came, and whether an article would have raised one."""

from __future__ import annotations

from model import Watch
from model.version import Part, Version
from store import items, versions, watches
from tests.bot.talk.stage import Stage, article
from tests.bot.talk.test_feeds import site

NAME = "Salvador Cienfuegos Zepeda"


async def alerted(stage: Stage) -> dict[str, object]:
    await stage.ana.says(NAME)
    await stage.ana.presses_soon("Start watching")
    await stage.ana.hears("✅ Watching")
    [item] = await stage.read(article("A hearing", f"{NAME} was heard", "https://a.example/1"))
    await stage.alert(item)
    return await stage.ana.hears("A hearing")


async def test_the_button_under_an_alert_tells_why(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.presses("⋯")
    await stage.ana.presses_soon("Why")
    said = await stage.ana.hears(f"✅ {NAME}: alert")
    assert "A hearing" in said["text"].splitlines()[0]
    assert "• " in said["text"]


async def test_why_as_a_reply_to_an_alert(stage: Stage) -> None:
    alert = await alerted(stage)
    await stage.ana.says("/why", reply_to=alert)
    await stage.ana.hears(f"✅ {NAME}: alert")


async def test_why_alone_and_why_of_something_else_say_how(stage: Stage) -> None:
    await stage.ana.says("/why")
    said = await stage.ana.hears("Send /why as a reply to an alert")
    await stage.ana.says("/why", reply_to=said)
    await stage.ana.hears("not an alert I still remember")


async def test_the_address_of_an_article_we_have_is_explained(stage: Stage) -> None:
    await alerted(stage)
    await stage.ana.says("https://a.example/1")
    await stage.ana.hears(f"✅ {NAME}: alert")


async def test_an_article_that_names_nobody_is_said_to(stage: Stage) -> None:
    async with stage.store.write() as tx:
        await watches.add(tx, Watch(NAME), stage.clock.now)
    await stage.read(article("Weather", "Rain", "https://a.example/2"))
    await stage.ana.says("/why https://a.example/2")
    await stage.ana.hears("No alert: your 1 watch has nothing in it.")


async def test_an_article_no_source_gave_is_fetched(stage: Stage) -> None:
    async with stage.store.write() as tx:
        await watches.add(tx, Watch(NAME), stage.clock.now)
    page = (
        f"<html><head><title>A hearing</title></head><body><p>{NAME} was heard.</p></body></html>"
    )
    async with site({"/story": page}) as address:
        await stage.ana.says(f"/why {address}/story")
        await stage.ana.hears(f"✅ {NAME}: alert")
        await stage.ana.says(f"/why {address}/gone")
        await stage.ana.hears("404")


async def test_the_versions_of_a_told_article_stand_under_why(stage: Stage) -> None:
    alert = await alerted(stage)
    async with stage.store.write() as tx:
        (item,) = await items.history(tx)
        at, print_ = stage.clock.now, "0123456789abcdef" * 4
        page = "https://a.example/1"
        said = Version(item.id, at, Part.PAGE, page, print_, title="A hearing")
        await versions.keep(tx, [said, Version(item.id, at, Part.PAGE, page, "", status=404)])
    await stage.ana.says("/why", reply_to=alert)
    text = (await stage.ana.hears("2 versions kept"))["text"]
    assert "page: “A hearing” (sha256 0123456789ab)" in text
    assert "nothing at its address any more (404)" in text
