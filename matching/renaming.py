"""What it means when a docket is called by another caption. Pure.

Each route writes captions its own way ("USA v. Zepeda", "United States v. Zepeda et al"): that is
no event. A caption that named nobody and now names somebody is one, the best there is.
"""

from __future__ import annotations

import re

_HIDING = re.compile(
    r"(?i)\b(?:sealed|under seal|unknown|redacted|grand jury|in re:? search|doe)\b"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "usa us united states america of the et al ets vs in re matter and by for defendant "
        "sealed unknown redacted under seal doe john jane inc llc corp "
        "grand jury subpoena subpoenas",
    )
)


def is_blank(caption: str) -> bool:
    """Return whether a caption hides who the case is about."""
    return not _words(caption) or (_HIDING.search(caption) is not None and len(_words(caption)) < 2)


def renaming(old: str, new: str) -> str:
    """Return "unsealed" when the old caption named nobody and the new one does, "renamed" when
    they have no name in common; empty when they are two ways of writing one.
    """
    if not new or old == new or not _words(new) or is_blank(new):
        return ""
    if is_blank(old):
        return "unsealed"
    return "" if _words(old) & _words(new) else "renamed"


def _words(caption: str) -> frozenset[str]:
    """Return the words that may be names."""
    return frozenset(_WORD.findall(caption.casefold())) - _EMPTY
