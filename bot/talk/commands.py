"""The table of commands, and the table of what buttons do: a new one is one entry here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.talk import (
    apart,
    archive,
    bulk,
    casepeople,
    channel,
    choices,
    destination,
    digests,
    docket,
    exporting,
    feeds,
    grouped,
    helping,
    hours,
    importing,
    latest,
    listing,
    more,
    muting,
    notthem,
    onestory,
    possibles,
    privacy,
    proposal,
    public,
    reviews,
    sample,
    searching,
    start,
    stats,
    status,
    team,
    timeline,
    topics,
    tune,
    undo,
    visiting,
    watch,
    why,
    zone,
    zoned,
)
from bot.talk.turn import Turn
from model.people import Chat, Role

Flow = Callable[[Turn], Awaitable[None]]
ANYWHERE = frozenset({Chat.PRIVATE, Chat.GROUP})
PRIVATELY = frozenset({Chat.PRIVATE})


@dataclass(frozen=True, slots=True)
class Command:
    """Something one can type after a slash."""

    name: str
    flow: Flow
    role: Role | None
    """The least role that may; None: strangers too."""
    places: frozenset[Chat] = ANYWHERE
    aliases: tuple[str, ...] = ()
    """Other names, in other languages too; they answer, but stand in no menu."""
    menu: str = ""
    """The catalogue's code of its line in the menu; empty: hidden, it still answers."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a button does."""

    name: str
    """As the store keeps it: never rename one, old buttons still hold it."""
    flow: Flow
    role: Role | None
    """The least role that may; asked anew at each press."""


COMMANDS = (
    Command("watch", watch.asked, Role.EDITOR, aliases=("seguir",), menu="talk.menu.watch"),
    Command("list", listing.asked, Role.VIEWER, aliases=("lista",), menu="talk.menu.list"),
    Command("news", latest.asked, Role.VIEWER, aliases=("noticias",), menu="when.menu.news"),
    Command("docket", docket.asked, Role.EDITOR, aliases=("caso",), menu="talk.menu.docket"),
    Command("feeds", feeds.asked, Role.EDITOR, aliases=("fuentes",), menu="talk.menu.feeds"),
    Command("digest", digests.asked, Role.EDITOR, aliases=("resumen",), menu="when.menu.digest"),
    Command("mute", muting.asked, Role.VIEWER, aliases=("silenciar",), menu="when.menu.mute"),
    Command("stats", stats.asked, Role.VIEWER, aliases=("grafico",), menu="look.menu.stats"),
    Command(
        "timeline",
        timeline.asked,
        Role.VIEWER,
        aliases=("cronologia",),
        menu="look.menu.timeline",
    ),
    Command("export", exporting.asked, Role.VIEWER, aliases=("exportar",), menu="export.menu"),
    Command(
        "channel",
        channel.asked,
        Role.ADMIN,
        PRIVATELY,
        aliases=("canal",),
        menu="talk.menu.channel",
    ),
    Command("status", status.asked, Role.VIEWER, aliases=("estado",), menu="talk.menu.status"),
    Command("settings", hours.asked, Role.VIEWER, aliases=("ajustes",), menu="when.menu.settings"),
    Command("help", helping.asked, Role.VIEWER, aliases=("ayuda",), menu="talk.menu.help"),
    Command("start", start.asked, None),
    Command("team", team.asked, Role.ADMIN, PRIVATELY, aliases=("equipo",)),
    Command("invite", team.invite, Role.ADMIN, PRIVATELY, aliases=("invitar",)),
    Command("unwatch", listing.unwatch, Role.EDITOR),
    Command("unmute", muting.unmute_asked, Role.VIEWER),
    Command("why", why.asked, Role.VIEWER),
    Command("opml", exporting.sources_file, Role.VIEWER),
    Command("privacy", privacy.asked, Role.VIEWER, PRIVATELY, aliases=("privacidad",)),
    Command("test", sample.asked, Role.VIEWER, aliases=("prueba",)),
    Command("search", archive.asked, Role.VIEWER, aliases=("buscar",)),
    Command("undo", undo.asked, Role.EDITOR),
    Command("cancel", helping.cancelled, Role.VIEWER),
    Command("id", helping.number, Role.VIEWER),
    Command("version", helping.version, Role.VIEWER),
)

RHYTHM = (
    Action("digest", digests.show, Role.VIEWER),
    Action("digest_change", digests.change, Role.VIEWER),
    Action("digest_set", digests.choose, Role.VIEWER),
    Action("digest_time", digests.ask_time, Role.VIEWER),
    Action("digest_switch", digests.toggle, Role.VIEWER),
    Action("digest_file", grouped.as_file, Role.VIEWER),
    Action("digest_new", grouped.show_new, Role.VIEWER),
    Action("show_held", grouped.show_held, Role.VIEWER),
    Action("mute", muting.ask, Role.VIEWER),
    Action("mute_which", muting.which, Role.EDITOR),
    Action("mute_set", muting.choose, Role.VIEWER),
    Action("unmute", muting.unmute, Role.VIEWER),
    Action("settings", hours.open_settings, Role.VIEWER),
    Action("set_language", hours.set_language, Role.VIEWER),
    Action("quiet_set", hours.choose, Role.VIEWER),
    Action("quiet_ask", hours.ask_hours, Role.VIEWER),
    Action("quiet_loud", hours.switch_loud, Role.VIEWER),
    Action("change_zone", hours.change_zone, Role.VIEWER),
    Action("set_zone", zoned.chosen, Role.VIEWER),
    Action("ask_zone", zone.ask, Role.VIEWER),
    Action("publish", reviews.publish, Role.EDITOR),
    Action("skip", reviews.skip, Role.EDITOR),
    Action("edit_headline", reviews.ask_headline, Role.EDITOR),
    Action("news", latest.page, Role.VIEWER),
    Action("place", destination.show, Role.ADMIN),
    Action("place_anew", destination.back, Role.ADMIN),
    Action("place_what", destination.set_what, Role.ADMIN),
    Action("place_switch", destination.switch, Role.ADMIN),
    Action("place_editors", destination.which_editors, Role.ADMIN),
    Action("place_topics", topics.make_topics, Role.ADMIN),
)
"""When and where things are told. Their flows ask whether a viewer may: in one's own chat yes."""

ACTIONS = {
    action.name: action
    for action in (
        *RHYTHM,
        Action("example", start.example, Role.EDITOR),
        Action("ask_name", watch.ask, Role.EDITOR),
        Action("watch", watch.begin, Role.EDITOR),
        Action("preview", watch.again, Role.EDITOR),
        Action("wish", watch.wished, Role.EDITOR),
        Action("watch_here", watch.here, Role.EDITOR),
        Action("watches", listing.page, Role.VIEWER),
        Action("show_watch", listing.show, Role.VIEWER),
        Action("drop_watch", listing.drop, Role.EDITOR),
        Action("fine_tune", listing.tuned, Role.VIEWER),
        Action("tune", tune.show, Role.EDITOR),
        Action("tune_drop", tune.drop, Role.EDITOR),
        Action("tune_change", tune.change, Role.EDITOR),
        Action("tune_keep", tune.keep, Role.EDITOR),
        Action("tune_seen", proposal.seen, Role.EDITOR),
        Action("tune_where", choices.where, Role.EDITOR),
        Action("tune_where_keep", choices.where_keep, Role.EDITOR),
        Action("ask_court_search", searching.ask, Role.EDITOR),
        Action("court_search", searching.decide, Role.EDITOR),
        Action("ask_docket", docket.ask, Role.EDITOR),
        Action("docket", docket.chosen, Role.EDITOR),
        Action("docket_meant", docket.meant, Role.EDITOR),
        Action("docket_ask_court", docket.ask_court, Role.EDITOR),
        Action("follow", docket.begin, Role.EDITOR),
        Action("follow_case", docket.follow_told, Role.EDITOR),
        Action("dockets", docket.page, Role.VIEWER),
        Action("show_docket", docket.show, Role.VIEWER),
        Action("docket_level", docket.change_level, Role.EDITOR),
        Action("docket_entries", docket.entries, Role.VIEWER),
        Action("docket_people", casepeople.asked, Role.EDITOR),
        Action("not_public", casepeople.not_public, Role.VIEWER),
        Action("drop_docket", docket.drop, Role.EDITOR),
        Action("feeds", feeds.page, Role.VIEWER),
        Action("show_feed", feeds.show, Role.VIEWER),
        Action("ask_feed", feeds.ask, Role.ADMIN),
        Action("add_feeds", feeds.add, Role.ADMIN),
        Action("drop_feed", feeds.drop, Role.ADMIN),
        Action("channel", channel.asked, Role.ADMIN),
        Action("link", channel.link, Role.ADMIN),
        Action("send_all", channel.send_all, Role.ADMIN),
        Action("choose_watches", channel.choose, Role.ADMIN),
        Action("toggle_watch", channel.toggle, Role.ADMIN),
        Action("unlink", channel.unlink, Role.ADMIN),
        Action("why", why.pressed, Role.VIEWER),
        Action("search", archive.page, Role.VIEWER),
        Action("timeline", timeline.page, Role.VIEWER),
        Action("timeline_file", timeline.as_file, Role.VIEWER),
        Action("chart", stats.pressed, Role.VIEWER),
        Action("import", importing.ask, Role.ADMIN),
        Action("possible_yes", possibles.yes, Role.EDITOR),
        Action("possible_no", possibles.no, Role.EDITOR),
        Action("privacy", privacy.back, Role.VIEWER),
        Action("privacy_ask", privacy.ask, Role.VIEWER),
        Action("privacy_delete", privacy.delete, Role.VIEWER),
        Action("privacy_hand_over", privacy.hand_over, Role.OWNER),
        Action("bulk_add", bulk.add, Role.EDITOR),
        Action("bulk_review", bulk.review, Role.EDITOR),
        Action("bulk_decide", bulk.decide, Role.EDITOR),
        Action("export", exporting.chosen, Role.VIEWER),
        Action("export_whose", exporting.whose, Role.VIEWER),
        Action("export_file", exporting.give, Role.VIEWER),
        Action("split", onestory.not_the_same, Role.EDITOR),
        Action("split_item", onestory.chosen, Role.EDITOR),
        Action("merge", onestory.same_story, Role.EDITOR),
        Action("merge_into", onestory.into, Role.EDITOR),
        Action("unmerge", onestory.parted_again, Role.EDITOR),
        Action("not_them", notthem.pressed, Role.EDITOR),
        Action("hide", notthem.hide, Role.EDITOR),
        Action("someone_else", apart.someone_else, Role.EDITOR),
        Action("in_passing", apart.in_passing, Role.EDITOR),
        Action("seen_already", notthem.seen, Role.EDITOR),
        Action("not_news", apart.not_news, Role.EDITOR),
        Action("rule", apart.rule, Role.EDITOR),
        Action("unpost", notthem.remove, Role.EDITOR),
        Action("never", apart.never, Role.EDITOR),
        Action("ask_never", apart.ask, Role.EDITOR),
        Action("more", more.opened, Role.VIEWER),
        Action("keep", more.keep, Role.EDITOR),
        Action("unhide", more.unhide, Role.EDITOR),
        Action("mute_day", more.mute_day, Role.EDITOR),
        Action("back", notthem.back, Role.VIEWER),
        Action("team", team.listed, Role.ADMIN),
        Action("team_history", team.history, Role.ADMIN),
        Action("invite", team.invite, Role.ADMIN),
        Action("invited", team.invited, Role.ADMIN),
        Action("show_member", team.show, Role.ADMIN),
        Action("set_role", team.set_role, Role.ADMIN),
        Action("drop_member", team.drop, Role.ADMIN),
        Action("undo", undo.pressed, Role.EDITOR),
        Action("undone", undo.undone, Role.EDITOR),
        Action("status", status.refresh, Role.VIEWER),
        Action("public_news", public.page, Role.VIEWER),
        Action("public_timeline", public.chosen, Role.VIEWER),
        Action("visitor_watch", visiting.begin, Role.VIEWER),
        Action("visitor_drop", visiting.drop, Role.VIEWER),
    )
}

ANSWERS = {
    action.name: action
    for action in (
        Action("zone", zone.typed, Role.VIEWER),
        Action("digest_time", digests.typed, Role.VIEWER),
        Action("quiet_hours", hours.typed, Role.VIEWER),
        Action("headline", reviews.typed, Role.EDITOR),
        Action("watch", watch.offer, Role.EDITOR),
        Action("search", archive.asked, Role.VIEWER),
        Action("feed", feeds.find, Role.ADMIN),
        Action("docket", docket.offer, Role.EDITOR),
        Action("docket_court", docket.court_named, Role.EDITOR),
        Action("never", apart.typed, Role.EDITOR),
        Action("tune", tune.typed, Role.EDITOR),
    )
}
"""What the answer to an open question does."""

BY_NAME = {name: one for one in COMMANDS for name in (one.name, *one.aliases)}
