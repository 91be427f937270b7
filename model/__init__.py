"""Every noun of vigil, each with one meaning: read this room first.

Source → Item → (Watch: Mention) → Story → Alert → Delivery → Message, seen by a Subscriber.
"""

from model.alert import (
    AlertDraft,
    AlertKind,
    AlertView,
    Decision,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Notice,
    Outcome,
    Sent,
    Step,
    Told,
    WatchName,
)
from model.errors import (
    ConfigError,
    DeliveryError,
    FetchError,
    ParseError,
    StoreError,
    TermError,
    UsageError,
    VigilError,
)
from model.item import (
    Item,
    News,
    Page,
    Recorded,
)
from model.mention import (
    Mention,
    Reason,
    Verdict,
)
from model.message import (
    Button,
    Mark,
    Message,
    Style,
    joined,
    marked,
)
from model.people import (
    Chat,
    Member,
    NewSubscriber,
    Role,
    Subscriber,
)
from model.report import (
    DispatchReport,
    PollReport,
    SourcePoll,
)
from model.source import (
    Claim,
    NewSource,
    Pace,
    PollNote,
    Source,
    SourceHealth,
    SourceState,
    Validators,
)
from model.watch import (
    Priority,
    StoredWatch,
    Watch,
    WatchKind,
    WatchLog,
)
from model.words import (
    Words,
)

__all__ = [
    "AlertDraft",
    "AlertKind",
    "AlertView",
    "Button",
    "Chat",
    "Claim",
    "ConfigError",
    "Decision",
    "Delivery",
    "DeliveryError",
    "DeliveryKind",
    "DeliveryState",
    "DispatchReport",
    "FetchError",
    "Item",
    "Mark",
    "Member",
    "Mention",
    "Message",
    "NewSource",
    "NewSubscriber",
    "News",
    "Notice",
    "Outcome",
    "Pace",
    "Page",
    "ParseError",
    "PollNote",
    "PollReport",
    "Priority",
    "Reason",
    "Recorded",
    "Role",
    "Sent",
    "Source",
    "SourceHealth",
    "SourcePoll",
    "SourceState",
    "Step",
    "StoreError",
    "StoredWatch",
    "Style",
    "Subscriber",
    "TermError",
    "Told",
    "UsageError",
    "Validators",
    "Verdict",
    "VigilError",
    "Watch",
    "WatchKind",
    "WatchLog",
    "WatchName",
    "Words",
    "joined",
    "marked",
]
