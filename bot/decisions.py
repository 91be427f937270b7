"""Who decided what about a row of an export, when, and by which version of the watch's rule."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from model.alert import AlertView
from model.people import Chat
from store import members, notes, subscribers, watch_log, watches
from store.engine import Store
from store.notes import Note
from store.watch_log import Entry

T = TypeVar("T", bound=Any)
TOLD, NOT_THEM = "told", "not them"
BY_RULE = "rule"
"""Nobody decided: the watch's rule did."""
FROM_FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of one article of one Alert."""

    decision: str
    decided_by: str
    decided_at: datetime | None
    rule: str
    """The watch's number and that of its latest change before it was told ("12.57")."""
    rule_by: str
    rule_at: datetime | None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is known of the decisions about some Alerts."""

    views: Mapping[int, AlertView]
    hidden: Mapping[tuple[int, int], tuple[int, datetime]]
    changes: Mapping[int, list[Entry]]
    """Of each Watch, the oldest first."""
    names: Mapping[int, str]
    noted: Mapping[int, list[Note]]

    def marked(self, row: T) -> T:
        """Return a row (`bot.told.ToldRow`) with what was decided about it."""
        said = "; ".join(self._said(one) for one in self.noted.get(row.alert, ()))
        return replace(row, **asdict(replace(self.of(row.alert, row.item), notes=said)))

    def _said(self, one: Note) -> str:
        return f"{self.names.get(one.by, one.by)}, {one.at:%Y-%m-%d %H:%M}: {one.text}"

    def of(self, alert_id: int, item_id: int) -> Decision:
        """Return the decision about one article of an Alert."""
        view = self.views[alert_id]
        watch_ids = [one.id for one in view.watches]
        rule, by, at = self._rule(watch_ids, view.at)
        marks = [self.hidden[one, item_id] for one in watch_ids if (one, item_id) in self.hidden]
        if marks and (len(marks) == len(watch_ids) or view.hidden_by):
            who, when = max(marks, key=lambda one: one[1])
            return Decision(NOT_THEM, self.names.get(who, str(who)), when, rule, by, at)
        return Decision(TOLD, BY_RULE, view.at, rule, by, at)

    def _rule(
        self, watch_ids: list[int], told: datetime | None
    ) -> tuple[str, str, datetime | None]:
        for watch_id in watch_ids:
            log = self.changes.get(watch_id, [])
            place = bisect_right([one.at for one in log], told) if told is not None else len(log)
            if place:
                last = log[place - 1]
                return f"{watch_id}.{last.mark}", self._name(last.by), last.at
        return "; ".join(f"{one}.0" for one in watch_ids[:1]), "", None

    def _name(self, who: int) -> str:
        return self.names.get(who, str(who)) if who else FROM_FILE


async def load(store: Store, views: Mapping[int, AlertView]) -> Decisions:
    """Return what was decided about these Alerts."""
    watch_ids = {one.id for view in views.values() for one in view.watches}
    item_ids = {one.id for view in views.values() for one in view.items}
    async with store.read() as tx:
        hidden = await watches.hidden_marks(tx, item_ids)
        log = await watch_log.of_watches(tx, watch_ids)
        chats = await subscribers.all_subscribers(tx)
        team = await members.all_members(tx)
        noted = await notes.of_alerts(tx, list(views))
    names = {
        int(one.address): one.title
        for one in chats
        if one.chat is Chat.PRIVATE and one.title and one.address.isdecimal()
    } | {one.id: one.name for one in team if one.name}
    changes: dict[int, list[Entry]] = {}
    for one in log:
        changes.setdefault(one.watch_id, []).append(one)
    return Decisions(views, hidden, changes, names, noted)
