"""What editors are asked before something is published (pure)."""

from __future__ import annotations

from dataclasses import replace

from alerts.inert import clipped, inert
from model.alert import AlertView
from model.message import Button, Message, joined
from model.words import Words

_LABELS = {
    "publish": "review.button.publish",
    "skip": "review.button.skip",
    "edit_headline": "review.button.headline",
}


def review(view: AlertView, shown: Message, words: Words) -> Message:
    """Return an Alert (`shown`: as it would be posted) with where it would go, and the buttons
    to decide; once that is decided, with who did.
    """
    notice = view.notice
    args = dict(notice.args) if notice else {}
    target = view.members[0].subscriber if view.members else None
    name = clipped(inert((target and (target.title or target.address)) or "…"), 60)
    code = notice.code if notice else "review.ask"
    line = words.write(code, to=name, who=clipped(inert(args.get("who", "")), 60))
    ids = dict(view.buttons)
    row = tuple(
        Button(words.say(label), press=ids[action])
        for action, label in _LABELS.items()
        if action in ids and code == "review.ask"
    )
    return replace(
        joined([line, shown], "\n\n"), preview=shown.preview, buttons=(row,) if row else ()
    )
