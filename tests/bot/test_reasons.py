"""Every reason that matching gives, for a mention or against one, can be said in words."""

from __future__ import annotations

import ast
from pathlib import Path

import matching
from bot.words import load
from matching.match import Matcher
from model import Item, Reason
from tests.matching.labelled import every


def test_every_reason_given_for_a_labelled_case_is_worded() -> None:
    catalogue = load("en")
    for case in every():
        matcher = Matcher()
        matcher.add(case.watch)
        item = Item(key=case.id, text=case.text, lang=case.lang)
        mentions = matcher.find_mentions(item, possible=True)
        said = [mention.reason for mention in mentions]
        said += [verdict.reason for verdict in matcher.explain(case.watch, item)]
        for reason in said:
            sentence = catalogue.reason(reason)
            assert "reason." not in sentence, reason
            assert "{" not in sentence, (reason, sentence)


def test_every_code_that_lowers_a_score_or_refuses_is_worded() -> None:
    known = load("en")
    for code in sorted(_codes()):
        assert known.reason(Reason(code, ("a", "b"))) != f"reason.{code}", code


def _codes() -> set[str]:
    """Return the codes that matching's source names in `lower(…, code)` and `_refuse(…, code)`."""
    found: set[str] = set()
    for path in Path(matching.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", "")
            if isinstance(node, ast.Call) and name in {"lower", "_refuse"} and node.args:
                last = node.args[-1]
                if isinstance(last, ast.Constant) and isinstance(last.value, str):
                    found.add(last.value if name == "lower" else f"not_{last.value}")
    return found
