"""One change of a Watch: words put into a list or taken out of it, or one value set (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matching.forms import terms_of
from matching.limits import check, tidy
from matching.notation import normal
from matching.wishes import language, settled
from model import Priority, TermError, Watch

NAMES = "names"
"""The name and the aliases together, as people see them."""
LISTS = (NAMES, "nicknames", "context", "require", "never", "lang", "sources")
"""What words can be put into and taken out of."""
_PARTED = {NAMES: r"[\n|]", "nicknames": r"[\n|]", "never": r"[\n|]"}


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change that is yet to be kept: it is applied to the Watch as it then stands."""

    field: str
    """One of LISTS, or "priority", "threshold" or "leading"."""
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    value: str = ""
    """Of the last three: a Priority, a number (empty: the default), "yes" or empty."""

    def packed(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        kept = {"add": list(self.add), "drop": list(self.drop), "value": self.value}
        return {"field": self.field} | {name: one for name, one in kept.items() if one}


def unpacked(kept: Mapping[str, Any]) -> Amendment:
    """Return what `packed` kept."""
    add, drop = tuple(kept.get("add", ())), tuple(kept.get("drop", ()))
    return Amendment(str(kept["field"]), add, drop, str(kept.get("value", "")))


def typed(name: str, text: str) -> Amendment:
    """Return the Amendment that puts what somebody typed into the list `name`: one or several,
    on lines of their own or between |, single words between commas too. TermError says what can't
    be read.
    """
    parts = [tidy(part) for part in re.split(_PARTED.get(name, r"[\n|,，、]"), text)]
    words = [part for part in parts if part]
    if name == "lang":
        words = [language(one) for one in words]
    elif name == NAMES:
        words = [normal(one) for one in words]
    return Amendment(name, tuple(dict.fromkeys(words)))


def listed(watch: Watch, name: str) -> tuple[str, ...]:
    """Return one of the LISTS of a Watch."""
    if name == NAMES:
        return (watch.name, *watch.aliases)
    found: tuple[str, ...] = getattr(watch, name)
    return found


def amended(watch: Watch, change: Amendment) -> Watch:
    """Return the Watch after the change; TermError when it can't be watched so."""
    if change.field in LISTS:
        changed = _relisted(watch, change)
    elif change.field == "priority":
        changed = replace(watch, priority=Priority(change.value))
    elif change.field == "leading":
        changed = replace(watch, leading=change.value == "yes")
    else:
        changed = replace(watch, threshold=int(change.value) if change.value else None)
    changed = replace(settled(changed), id=watch.id)
    check(changed)
    terms_of(changed)
    return changed


def _relisted(watch: Watch, change: Amendment) -> Watch:
    kept = [one for one in listed(watch, change.field) if one not in change.drop]
    words = tuple(dict.fromkeys((*kept, *change.add)))
    if change.field != NAMES:
        return replace(watch, **{change.field: words})  # type: ignore[arg-type]
    if not words:
        raise TermError(
            "A watch needs one name at least: add another before you take this one out.",
            code="no_name",
        )
    return replace(watch, name=words[0], aliases=words[1:])


def restored(watch: Watch, before: Mapping[str, Sequence[str] | str | None]) -> Watch:
    """Return the Watch with some of its lists and values as they were, as `different` gave them."""
    changed = watch
    for name, value in before.items():
        if name == NAMES and isinstance(value, Sequence) and not isinstance(value, str):
            changed = replace(changed, name=value[0], aliases=tuple(value[1:]))
        elif name in LISTS:
            changed = replace(changed, **{name: tuple(value or ())})  # type: ignore[arg-type]
        else:
            changed = amended(changed, Amendment(name, value=str(value or "")))
    return changed


def different(before: Watch, after: Watch) -> dict[str, Any]:
    """Return how `before` was where `after` is not the same, as plain JSON."""
    found: dict[str, Any] = {
        name: list(listed(before, name))
        for name in LISTS
        if listed(before, name) != listed(after, name)
    }
    if before.priority is not after.priority:
        found["priority"] = before.priority.value
    if before.threshold != after.threshold:
        found["threshold"] = "" if before.threshold is None else str(before.threshold)
    if before.leading != after.leading:
        found["leading"] = "yes" if before.leading else ""
    return found
