"""Looking back, on both databases: a timeline, a chart, an export, what was possible, a note."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from bot import possibles
from bot.indexing import take_in_waiting
from store.engine import Store
from tests.bot.talk.stage import article, conversing, staged
from tests.bot.talk.test_exporting import content
from tests.bot.talk.test_timeline import NAME, filed


async def test_it_is_the_same_on_either_database(store: Store, now: datetime) -> None:
    async with staged(store, now) as stage, conversing(stage.receiver):
        ana = stage.ana
        await ana.says(NAME)
        await ana.presses_soon("Start watching")
        await ana.hears("✅ Watching")
        [one] = await stage.read(article(f"{NAME} goes home", url="https://a.example/1"))
        await stage.alert(one)
        alert = await ana.hears("goes home")
        await filed(stage, f"ORDER dismissing case as to {NAME}", date(2020, 11, 17), "58")
        await take_in_waiting(store)
        stage.clock.forward(hours=1)
        await ana.says("Call the court", reply_to=alert)
        await ana.hears("Noted on this story.")
        await ana.says("/timeline cienfuegos")
        await ana.hears("1 story and 1 filing since 17 November 2020")
        await ana.says("/stats cienfuegos")
        await ana.hears("the last 90 days: 1 story and 1 court filing.")
        await ana.says("/export")
        await ana.presses_soon("CSV")
        sent = await ana.hears("What was told of All watches")
        rows = list(csv.DictReader(io.StringIO(content(stage, sent).decode("utf-8-sig"))))
        assert [row["decision"] for row in rows] == ["told"]
        assert rows[0]["notes"].endswith(": Call the court")
        await possibles.tell(store, possibles.Rules(), stage.clock.now)
        await ana.says("/search cienfuegos home")
        await ana.hears("cienfuegos home: 1 article")
