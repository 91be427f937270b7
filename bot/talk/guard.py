"""Who may do what: decided from the real person, never from a chat or a service account."""

from __future__ import annotations

from telegram import Update, User

from model.people import Member, Role

ANONYMOUS_ADMIN = 1087968824
"""Posts for administrators of a group who hide their names."""
NOBODY = frozenset({ANONYMOUS_ADMIN, 777000, 136817688})
"""Accounts behind which anybody may stand: anonymous administrators, Telegram's own service
(which forwards a channel's posts), and channels that speak in groups.
"""
_RANK = {Role.VIEWER: 1, Role.EDITOR: 2, Role.ADMIN: 3, Role.OWNER: 4}


def person(update: Update) -> User | None:
    """Return the real person behind an update; None when nobody can be held to it.

    A channel post has no sender at all, and one written in a channel's name in a group has a
    `sender_chat`: neither says who it was.
    """
    user = update.effective_user
    message = update.message or update.edited_message
    if user is None or user.is_bot or user.id in NOBODY:
        return None
    if message is not None and message.sender_chat is not None:
        return None
    return user


def is_anonymous_admin(update: Update) -> bool:
    """Return whether an administrator of a group acts under the group's name."""
    return update.effective_user is not None and update.effective_user.id == ANONYMOUS_ADMIN


def may(member: Member | None, role: Role | None) -> bool:
    """Return whether `member` has at least `role`; None is for everybody, strangers too."""
    if role is None:
        return True
    return member is not None and _RANK[member.role] >= _RANK[role]


def outranks(member: Member | None, other: Member) -> bool:
    """Return whether `member` may change what `other` may do: only somebody above can."""
    return member is not None and _RANK[member.role] > _RANK[other.role]


def may_give(member: Member | None, role: Role) -> bool:
    """Return whether `member` may let somebody have `role`: an admin or the owner, below theirs."""
    return may(member, Role.ADMIN) and member is not None and _RANK[member.role] > _RANK[role]
