"""Score the matcher on the labelled cases: python bench/names.py [--all] [FILE …].

Reads ../shared/names/public.jsonl when it is there and tests/matching/cases/*.jsonl; prints
precision, recall and F1 per tier and phenomenon, how well spans fit, and every failure.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from matching.match import Matcher  # noqa: E402 - the project is run from its folder
from model.item import Item  # noqa: E402
from model.watch import Watch, WatchKind  # noqa: E402

LISTS = ("aliases", "nicknames", "context", "require", "never", "lang", "sources")


def watch_of(fields: dict[str, object]) -> Watch:
    """Return the Watch of a case."""
    given = {key: tuple(fields[key]) for key in LISTS if fields.get(key)}  # type: ignore[arg-type]
    return Watch(str(fields["name"]), WatchKind(str(fields.get("kind", "person"))), id=1, **given)  # type: ignore[arg-type]


def files() -> list[Path]:
    """Return the files named on the command line, or all there are."""
    named = [Path(a) for a in sys.argv[1:] if not a.startswith("-")]
    shared = ROOT.parent / "shared" / "names" / "public.jsonl"
    every = [shared, *sorted((ROOT / "tests" / "matching" / "cases").glob("*.jsonl"))]
    return named or [path for path in every if path.exists()]


def judge(case: dict[str, object], *, lang: bool = True) -> tuple[bool, float | None, str]:
    """Return whether the case was found, the overlap of its span, and what was found."""
    matcher = Matcher()
    matcher.add(watch_of(case["watch"]))  # type: ignore[arg-type]
    item = Item(key="x", text=str(case["text"]), lang=str(case["lang"]) if lang else "")
    mentions = matcher.find_mentions(item)
    if not mentions:
        return False, None, ""
    span = case.get("span")
    best = max((overlap((m.start, m.end), span) for m in mentions), default=0.0) if span else None  # type: ignore[arg-type]
    told = "; ".join(f"{m.text!r} {m.score} {m.reason.code}" for m in mentions)
    return True, best, told


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Return the intersection of two spans over their union."""
    shared = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return shared / (max(a[1], b[1]) - min(a[0], b[0]))


def scores(count: Counter[str]) -> str:
    """Return precision, recall and F1 in words."""
    right, wrong, missed = count["tp"], count["fp"], count["fn"]
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f} (n {sum(count.values())})"


def main() -> None:
    """Score and print."""
    tiers: dict[str, Counter[str]] = defaultdict(Counter)
    kinds: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    spans: list[float] = []
    for path in files():
        for line in path.read_text("utf-8").splitlines():
            case = json.loads(line)
            found, fit, told = judge(case, lang="--no-lang" not in sys.argv)
            outcome = ("tp" if found else "fn") if case["expect"] else ("fp" if found else "tn")
            tiers[f"{path.parent.name}/{case['tier']}"][outcome] += 1
            kinds[case["tier"], case["phenomenon"]][outcome] += 1
            if found and case["expect"] and fit is not None:
                spans.append(fit)
            if outcome in {"fp", "fn"} or (outcome == "tp" and fit is not None and fit < 0.5):
                name = json.dumps(case["watch"], ensure_ascii=False)
                print(f"{outcome} {case['tier']:7} {case['id']:9} {name}")
                print(f"     {case['text']!r} | {case['why']} | {told}")
    if "--all" in sys.argv:
        for (tier, kind), count in sorted(kinds.items()):
            print(f"{tier:8}{kind:26}{scores(count)}")
    for tier, count in sorted(tiers.items()):
        print(f"{tier:24}{scores(count)}")
    if spans:
        well = sum(fit >= 0.5 for fit in spans) / len(spans)
        print(f"spans: IoU >= .5 for {well:.3f}, mean {sum(spans) / len(spans):.3f}")


if __name__ == "__main__":
    main()
