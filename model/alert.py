"""Alerts and their Deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from model.docket import Docket
from model.item import Item
from model.mention import Mention
from model.people import Subscriber
from model.version import Amendment, Changed
from model.watch import Priority


class AlertKind(StrEnum):
    """What an Alert is about."""

    STORY = "story"
    FILING = "filing"
    """Entries of one docket that came together, or what has become of the docket itself."""
    BACKLOG = "backlog"
    """What a new Source already held, in one grouped Message."""
    NOTICE = "notice"
    """Something about vigil itself: a Source failing, all is well."""
    GROUP = "group"
    """Several Alerts in one Message: a digest, or what waited for quiet hours to end."""
    REVIEW = "review"
    """An Alert for another destination, shown to the editors who may publish it."""


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """One Subscriber should hear of one Item because of these Mentions: before the store
    has decided whether it is a new Story for them.
    """

    subscriber_id: int
    item: Item
    watch_ids: tuple[int, ...]
    mentions: tuple[Mention, ...]
    priority: Priority = Priority.NORMAL
    backlog: bool = False
    changed: bool = False
    """The Item was known before: this is an edit of it."""
    headline_changed: bool = False
    fresh_watches: tuple[int, ...] = ()
    """Of a changed Item: the watches that had no Mention in it before."""
    docket_id: int = 0
    """Of a Filing: its docket here; such drafts are never Stories."""
    changes: frozenset[str] = frozenset()
    """Of a Filing: what has become of it, or of its docket (`Filed.changes`)."""
    anew: bool = False
    """Of a changed Filing: this is to be told in a Message of its own, not by an edit."""
    followed: bool = False
    """The Subscriber hears of it because the docket is followed, whatever else it mentions."""
    possible: bool = False
    """It may not be the one who is watched: said so, and without a sound."""
    amended: tuple[Changed, ...] = ()
    """Of a changed Item: what of it changed since it was told."""
    dropped: tuple[int, ...] = ()
    """Of a changed Item: the watches it no longer names."""
    turned: bool = False
    """Of a changed Item: its headline tells of another kind of event."""


class Bond(StrEnum):
    """How an Alert hangs together with an earlier one of the same reader."""

    STAGE = "stage"
    """It tells the next stage of what the other told: sent as a reply to it."""
    EARLIER = "earlier"
    """It tells the same as the other, whose message is edited no more: it links back to it."""
    CORRECTION = "correction"
    """It tells what has become of an article that the other told: sent as a reply to it."""
    COURT = "court"
    """One is a Filing and the other the news of it."""
    APART = "apart"
    """It was near the other, and something kept them apart."""
    MERGED = "merged"
    """Somebody said that it tells the same: the other now tells it."""
    SPLIT = "split"
    """Somebody said that it does not tell the same: it was taken out of the other."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What an Alert has to do with an earlier one of the same reader."""

    alert_id: int
    """The other. Of STAGE it is the first of the thread, of EARLIER the one that is gone on with.
    Below 0 as in `Decision.alert_id`.
    """
    bond: Bond
    why: str = ""
    """What kept them apart, or how they were found to be the same (`Sameness`, a verdict); of
    MERGED, what they had to do with each other before (`store.ties`).
    """


class Sameness(StrEnum):
    """By what an Item was known to tell what was told before."""

    ADDRESS = "address"
    HEADLINE = "headline"
    REPRINT = "reprint"
    """Nearly all its words."""
    SAME = "same"
    """Other words, the same event."""
    MERGED = "merged"
    """Somebody said so."""

    @property
    def is_reprint(self) -> bool:
        """Whether it is the other's text once more, and no outlet's own."""
        return self in (Sameness.ADDRESS, Sameness.HEADLINE, Sameness.REPRINT)


class Step(StrEnum):
    """What is done about a draft."""

    TELL = "tell"
    """A new Alert, a new Message."""
    JOIN = "join"
    """Another Item of a Story already told: the first Message is edited ("also in")."""
    EDIT = "edit"
    """The told Item changed its headline: its Message is edited."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Told:
    """An Alert a Subscriber has had, as far as deciding needs it."""

    alert_id: int
    subscriber_id: int
    story_id: int
    watch_ids: tuple[int, ...]
    item_ids: tuple[int, ...]
    url_keys: tuple[bytes, ...]
    title_keys: tuple[bytes, ...]
    at: datetime
    kind: AlertKind = AlertKind.STORY
    items: tuple[Item, ...] = ()
    """Of a Story told lately: what its Items say, as far as grouping reads it; reprints left
    out. Of Filings told lately: they.
    """
    tie: Tie | None = None
    possible: bool = False
    """It said that it may be somebody else, and made no sound."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about one draft, and to which Alert."""

    draft: AlertDraft
    step: Step
    alert_id: int = 0
    """The Alert joined or edited; 0 for TELL. An Alert told in the same list of decisions has
    no id yet: then -(position + 1) of its TELL in that list, counted from 0.
    """
    how: Sameness | None = None
    """Of JOIN: by what it was known to tell the same."""
    frozen: bool = False
    """Of JOIN: the message is edited no more; the Item is only kept with its Story. Of a
    correction: the message it answers is edited no more.
    """
    tie: Tie | None = None
    """Of TELL: the earlier Alert it has to do with."""
    among: bool = False
    """Of TELL: its reader has live Stories for the same Watches, one of which it might tell."""
    court: int = 0
    """Of TELL: the Alert that told its reader what the court filed of it; 0: there is none."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something an owner should read about vigil itself: a catalogue code with arguments."""

    code: str
    args: tuple[tuple[str, str], ...] = ()
    about: str = ""
    """What it is about ("source:12"): notices about one thing answer each other."""


@dataclass(frozen=True, slots=True)
class WatchName:
    """A Watch as an Alert shows it."""

    id: int
    name: str
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True)
class Thread:
    """What an Alert has to do with others of its reader, and what joined it."""

    tie: Tie | None = None
    other: Item | None = None
    """What raised the Alert that it is tied to."""
    joins: tuple[tuple[int, Sameness], ...] = ()
    """By Item id, how what joined was known to tell the same."""
    filings: tuple[Item, ...] = ()
    """What the court filed of it, told to the same reader: the oldest first."""


@dataclass(frozen=True, slots=True)
class AlertView:
    """Everything needed to say an Alert."""

    id: int
    kind: AlertKind
    subscriber: Subscriber
    watches: tuple[WatchName, ...] = ()
    items: tuple[Item, ...] = ()
    """First the Item that raised it, then the others of its Story, oldest first."""
    mentions: tuple[Mention, ...] = ()
    """Of the first Item."""
    notice: Notice | None = None
    at: datetime | None = None
    edited_at: datetime | None = None
    hidden_by: str = ""
    """Who marked it "not them"; empty: nobody."""
    buttons: tuple[tuple[str, str], ...] = ()
    """(action, opaque id) pairs made with the Alert; which are shown depends on the chat."""
    earlier: tuple[Item, ...] = ()
    """Of a Filing: what mattered in its case before it, the oldest first."""
    item_mentions: tuple[tuple[int, tuple[Mention, ...]], ...] = ()
    """Of a backlog or of Filings: the Mentions of each Item, by Item id."""
    docket: Docket | None = None
    """Of Filings: their docket as it now stands; `items` are the entries, the weightiest first."""
    followed: bool = False
    """Its reader follows the docket; False: it is told because of whom it mentions."""
    possible: bool = False
    """It may be somebody else: marked so, and sent without a sound."""
    changes: tuple[str, ...] = ()
    """Why it was told, besides being new: "unsealed", "found" or "renamed" of the docket,
    "event" or "unsealed" of an entry that was known.
    """
    amendments: tuple[Amendment, ...] = ()
    """What has changed in its Items since they were told, the oldest first."""
    members: tuple[AlertView, ...] = ()
    """Of a group, the Alerts it tells; of a review, the one that is to be published."""
    silent: bool = False
    """It is sent without a sound."""
    thread: Thread = field(default_factory=Thread)


class DeliveryState(StrEnum):
    """Where a Delivery stands."""

    DUE = "due"
    HELD = "held"
    """To be told later: alone once it is released, or together with others."""
    SENDING = "sending"
    """Committed just before the send: if we die now, it may or may not have arrived."""
    SENT = "sent"
    REFUSED = "refused"
    """The other side will never take it."""
    GONE = "gone"
    """Overtaken: an edit replaced by a later one, a Subscriber that left."""


class DeliveryKind(StrEnum):
    """What a Delivery does."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    PICTURE = "picture"
    """Shows the first page of what was filed, below the message that told of it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One Alert on its way to one address."""

    id: int
    alert_id: int
    subscriber_id: int
    kind: DeliveryKind
    state: DeliveryState
    priority: Priority
    tries: int
    not_before: datetime | None
    repeat: bool
    """An earlier try may have arrived: the Message says so."""
    created_at: datetime
    message_ids: tuple[int, ...] = ()
    """What an edit or delete is applied to."""
    error: str = ""
    digest: str = ""
    """Digest of what was last sent for this Alert: an equal edit is not sent."""
    plain: bool = False
    """Marks were refused for this Alert: it is said as plain text."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a Courier brings back from a send."""

    message_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a Delivery, to be settled."""

    delivery_id: int
    state: DeliveryState
    """DUE: to be tried again at `not_before`."""
    message_ids: tuple[int, ...] = ()
    not_before: datetime | None = None
    repeat: bool = False
    error: str = ""
    digest: str = ""
    plain: bool = False
    """Marks are refused here: say it as plain text from now on."""
