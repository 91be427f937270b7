"""One try of one Delivery: what is said, then the courier's word on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from alerts import filings
from alerts.compose import compose, digest_of
from alerts.couriers import BadMarks, Courier, Refused, Trouble
from model.alert import AlertView, Delivery, DeliveryKind, Sent
from model.message import Message
from model.words import Words


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed Delivery with all that is needed to say it."""

    delivery: Delivery
    view: AlertView
    reply_to: int = 0
    """The message in its chat that it answers; 0: none."""
    picture: bytes = b""
    """The first page of what was filed, where that is to be shown …"""
    pages: int = 0
    """… and how many pages there are."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a Delivery says, composed before it is begun."""

    message: Message
    digest: str
    """Of the message without what says when it was edited or repeated."""
    unmarked: Message
    """The message as it was said the first time, whatever has happened to it since."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the courier said: the ids, or the trouble."""

    sent: Sent = field(default_factory=Sent)
    trouble: Trouble | None = None
    plain: bool = False
    """Only the plain text was taken."""


def prepare(job: Job, words: Callable[[str], Words]) -> Said | None:
    """Return what the Delivery says; None for an edit that would change nothing."""
    delivery, view = job.delivery, job.view
    if delivery.kind is DeliveryKind.DELETE:
        return Said(Message(""), "", Message(""))
    if delivery.kind is DeliveryKind.PICTURE:
        caption = filings.first_page(view, job.pages, words(view.subscriber.language))
        return Said(caption, "", caption) if job.picture else None
    spoken = words(view.subscriber.language)
    message = unmarked = compose(replace(view, edited_at=None), spoken)
    digest = digest_of(message)
    if delivery.kind is DeliveryKind.EDIT and digest == delivery.digest:
        return None
    repeat = delivery.repeat and delivery.kind is DeliveryKind.SEND
    if repeat or view.edited_at:
        message = compose(view, spoken, repeat=repeat)
    return Said(plain(message) if delivery.plain else message, digest, unmarked)


def plain(message: Message) -> Message:
    """Return the message without anything a server could dislike: its text."""
    return replace(message, marks=(), buttons=(), preview="")


async def carry(courier: Courier, job: Job, said: Said) -> Answer:
    """Hand the message over; marks that are refused are left out at the second try. A mistake of
    ours is a refusal too: it must not hold up the others.
    """
    try:
        return Answer(await _hand_over(courier, job, said.message))
    except BadMarks as trouble:
        if trouble.arrived or said.message == plain(said.message):
            return Answer(trouble=trouble)
    except Trouble as trouble:
        return Answer(trouble=trouble)
    except Exception as error:
        return Answer(trouble=mistake(error))
    try:
        return Answer(await _hand_over(courier, job, plain(said.message)), plain=True)
    except Trouble as trouble:
        return Answer(trouble=trouble)


def mistake(error: Exception) -> Trouble:
    """Return an error of our own as a Trouble: this Delivery alone pays for it."""
    return Refused(f"vigil could not put it into words ({type(error).__name__}: {error}).")


async def _hand_over(courier: Courier, job: Job, message: Message) -> Sent:
    delivery, subscriber = job.delivery, job.view.subscriber
    if delivery.kind is DeliveryKind.SEND:
        hushed = replace(message, silent=message.silent or job.view.silent)
        hushed = replace(hushed, reply_to=job.reply_to)
        return await courier.send(subscriber, hushed)
    match delivery.kind:
        case DeliveryKind.EDIT:
            await courier.edit(subscriber, delivery.message_ids, message)
        case DeliveryKind.DELETE:
            await courier.delete(subscriber, delivery.message_ids)
        case DeliveryKind.PICTURE:
            below = replace(message, reply_to=next(iter(delivery.message_ids), 0))
            return await courier.show(subscriber, below, job.picture)
    return Sent()
