"""What a person sends to follow a case: a link, a number in any form, or a caption. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from urllib.parse import parse_qs, urlsplit

from matching.cases import SUFFIX, dockets, normal_number
from model.courts import COURTS, Court, court_at, find_court, nearest_court
from model.docket import DocketWish
from model.errors import DocketError

_LINK = re.compile(r"(?i)(?:https?://|(?:www\.)?courtlistener\.com/|ecf\.\w+\.uscourts\.gov/)\S+")
_CL_DOCKET = re.compile(r"^/(?:docket|api/rest/v\d+/dockets)/(?P<id>\d+)(?:/(?P<rest>.*))?$")
_SLUG = re.compile(r"^(?:\d+/){0,2}(?P<slug>[a-z0-9-]*-v-[a-z0-9-]+|in-re-[a-z0-9-]+)/?$")
_RECAP = re.compile(r"gov\.uscourts\.(?P<court>[a-z0-9]+)\.(?P<case>\d+)")
_CASE = re.compile(r"^(?P<case>\d{3,})(?:-|&|$)")
_BARE = re.compile(r"(?<![\w:-])(\d{2}-\d{1,6})(?![\w-]*\d)(?:-[a-z]{2,4})?\b")
_ODD = re.compile(r"(?i)(?:\d{1,2}:)?\d{2,4}-([a-z]{1,5})-\d{1,6}")
_TYPES = ("cr", "cv", "mj", "mc", "bk")
_LOOSE = re.compile(r"(?<=\w)[ ]*([-‐‑–:])[ ]*(?=\w)")
_INITIALS = re.compile(r"^[A-Z]{2,4}$")
_FILLER = re.compile(
    r"(?i)^(?:(?:case|docket|dkt|number|nos?|in|at|the|criminal|civil|action|indictment|court|"
    r"judge|and|index|#)\b[.:#\s]*)+|(?:\s+(?:in|at|no\.?|case|docket))+$"
)
_VERSUS = re.compile(r"(?i)\s(?:vs?|versus)\.?\s|^in re\b|^(?:in the )?matter of\b")


def read_docket(text: str) -> DocketWish:
    """Return the case that `text` asks for: CourtListener's or a court's link, a docket number
    with or without its court in any order, or a caption. Raises DocketError, which suggests.
    """
    said = " ".join(text.split()).strip("<>")
    link = _LINK.search(said)
    if link:
        return _from_link(link[0])
    return _from_number(said) or _from_caption(said)


def _from_link(link: str) -> DocketWish:
    url = urlsplit(link if "://" in link else f"https://{link}")
    host = (url.hostname or "").lower()
    recap = _RECAP.search(url.path)
    if recap and (court := COURTS.get(recap["court"])):
        return DocketWish(court=court.id, case_id=recap["case"])
    if host.removeprefix("www.") == "courtlistener.com":
        docket = _CL_DOCKET.match(url.path)
        if docket:
            slug = _SLUG.match(docket["rest"] or "")
            return DocketWish(
                docket_id=docket["id"], caption=_caption(slug["slug"] if slug else "")
            )
        raise DocketError(
            "That CourtListener page is no docket. Open the case there and send the link that has "
            "/docket/ in it.",
            code="no_docket_link",
        )
    found = court_at(host)
    if found is None:
        raise DocketError(
            "I can read links of courtlistener.com and of the courts' own pages "
            "(ecf.….uscourts.gov). Send one of those, the docket number or the caption.",
            code="strange_link",
        )
    return _from_pacer(found.id, url.path, url.query)


def _from_pacer(court: str, path: str, query: str) -> DocketWish:
    asked = {name.lower(): values[0] for name, values in parse_qs(query).items()}
    number = normal_number(asked.get("casenum", ""))
    case = asked.get("caseid", "") or (m["case"] if (m := _CASE.match(query)) else "")
    if number:
        return DocketWish(court=court, number=number)
    if case:
        return DocketWish(court=court, case_id=case)
    raise DocketError(
        f"That link to {COURTS[court].short} names no case. Send its docket number instead.",
        suggestion=f"1:19-cr-00366 {COURTS[court].short}",
        code="no_case_in_link",
    )


def _caption(slug: str) -> str:
    """Return a caption as CourtListener's addresses spell it, written out."""
    words = [one if one in {"v", "of", "in", "re"} else one.capitalize() for one in slug.split("-")]
    return " ".join(words).replace(" v ", " v. ").replace("in re ", "In re ") if slug else ""


def _from_number(said: str) -> DocketWish | None:
    """Return the case whose number stands in `said`; None when there is none."""
    found = list(dockets(said))
    if not found:
        said = _LOOSE.sub(r"\1", said)
        found = list(dockets(said))
    if found:
        best = max(found, key=lambda one: bool(one.docket.type))
        start, end, number = best.start, best.end, best.docket.normal
    elif bare := _BARE.search(said):
        start, end = bare.span()
        number = bare[1]
    else:
        _refuse_odd(said)
        return None
    behind = SUFFIX.match(said, end)
    court, caption = _rest(said[:start], said[behind.end() if behind else end :], number)
    _settle_type(court, number)
    return DocketWish(court=court, number=number, caption=caption)


def _rest(before: str, after: str, number: str) -> tuple[str, str]:
    """Return the court and the caption that stand around a number."""
    court = caption = ""
    for part in re.split(r"[(),;]|\s[-–—]\s", f"{before};{after}"):
        words = _FILLER.sub("", part.strip(" .:")).strip(" .:")
        if not words or (_INITIALS.match(words) and not find_court(words)):
            continue
        found = find_court(words)
        if found:
            court = found[0].id if len(found) == 1 else court
        elif _VERSUS.search(words):
            caption = words
        elif not caption:
            _refuse_court(words, number)
    return court, caption


def read_court(words: str) -> Court:
    """Return the court that `words` name, however it is written. Raises DocketError, which
    suggests the id of the one that was probably meant.
    """
    found = find_court(words)
    if found:
        return found[0]
    near = nearest_court(words)
    meant = f'Did you mean "{near.id}" ({near.short})?' if near else "Write it like EDNY."
    raise DocketError(
        f"I don't know a federal court called {words}. {meant}",
        suggestion=near.id if near else "",
        code="unknown_court",
    )


def _refuse_court(words: str, number: str) -> None:
    try:
        read_court(words)
    except DocketError as error:
        meant = f"{number} {COURTS[error.suggestion].short}" if error.suggestion else number
        raise DocketError(str(error), suggestion=meant, code=error.code) from None


def _settle_type(court: str, number: str) -> None:
    """Refuse a number without type in a court whose numbers have one."""
    if re.fullmatch(r"\d{2}-\d+", number) and court.endswith("d") and court in COURTS:
        year, _, serial = number.partition("-")
        raise DocketError(
            f"In {COURTS[court].short} {number} can be a criminal or a civil case. Send "
            f"{year}-cr-{serial} or {year}-cv-{serial}.",
            suggestion=f"{year}-cr-{serial} {COURTS[court].short}",
            code="which_type",
        )


def _refuse_odd(said: str) -> None:
    odd = _ODD.search(said)
    if odd:
        near = max(_TYPES, key=lambda one: SequenceMatcher(None, one, odd[1].lower()).ratio())
        meant = odd[0].replace(odd[1], near)
        raise DocketError(
            f"{odd[0]} is no docket number I know: its kind is written cr, cv, mj or the like. "
            f"Did you mean {meant}?",
            suggestion=meant,
            code="odd_number",
        )


def _from_caption(said: str) -> DocketWish:
    words = re.findall(r"[^\W\d_]{2,}", said)
    if not words:
        raise DocketError(
            "Send a CourtListener link, a docket number (1:19-cr-00366) or names from the caption "
            "(US v. Cienfuegos).",
            suggestion="1:19-cr-00366",
            code="nothing",
        )
    if find_court(said):
        short = find_court(said)[0].short
        raise DocketError(
            f"{said} is a court. Which case there? Send its number with it.",
            suggestion=f"1:19-cr-00366 {short}",
            code="court_alone",
        )
    court = ""
    behind = re.search(r"[\s,]*\(([^()]+)\)$", said)
    if behind and len(found := find_court(behind[1])) == 1:
        court, said = found[0].id, said[: behind.start()]
    return DocketWish(court=court, caption=said)
