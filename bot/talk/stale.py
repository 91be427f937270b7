"""Buttons that are too old to act: what each opens fresh instead of what it once meant."""

from __future__ import annotations

_SAME = """
    watches show_watch fine_tune tune tune_change tune_seen preview dockets show_docket
    docket_entries feeds show_feed channel choose_watches why search timeline team team_history
    show_member status back more not_them someone_else in_passing not_news ask_name ask_docket
    ask_feed example invite news digest settings mute mute_which place export privacy chart
""".split()  # noqa: SIM905  # names are read more easily so
"""What only shows or asks: an old button opens it as it now is."""
FRESH = {name: name for name in _SAME} | {
    "watch": "preview",
    "watch_here": "show_watch",
    "drop_watch": "show_watch",
    "tune_drop": "tune",
    "tune_keep": "tune_change",
    "tune_where": "show_watch",
    "tune_where_keep": "show_watch",
    "court_search": "show_watch",
    "ask_court_search": "show_watch",
    "drop_docket": "show_docket",
    "docket_level": "show_docket",
    "drop_feed": "show_feed",
    "send_all": "choose_watches",
    "toggle_watch": "choose_watches",
    "unlink": "channel",
    "set_role": "show_member",
    "drop_member": "show_member",
    "invited": "invite",
    "mute_set": "mute",
    "unmute": "mute",
    "mute_day": "mute",
    "place_what": "place",
    "place_switch": "place",
    "merge_into": "not_them",
    "seen_already": "not_them",
    "rule": "someone_else",
    "hide": "someone_else",
    "ask_never": "someone_else",
}
"""By the action of an old button: the action whose screen is opened fresh. What is not listed
(an Undo of a month ago) is only said to be too old.
"""
