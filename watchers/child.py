"""The sandbox's child: reads jobs from its pipe, answers them, and can be killed at any time."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping

from model import ParseError
from watchers.wire import (
    Frame,
    hear_answer,
    hear_source,
    read_frame,
    say_article,
    say_feeds,
    say_links,
    say_page,
    say_paper,
)

_COLLECT = (20_000, 20, 50)
"""How seldom garbage is looked for: a feed leaves much behind, and nearly none in circles."""


def main(seconds: float, memory: int) -> None:
    """Answer jobs until the pipe ends. A job may take `seconds` of processor time, or the kernel
    ends this process; the whole of it may take `memory` bytes of address space.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    _give_up_everything(memory)
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    with contextlib.suppress(BrokenPipeError):
        while (job := read_frame(jobs)) is not None:
            _get_ready(job)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            answer = _answered(job)
            signal.setitimer(signal.ITIMER_PROF, 0)
            answers.write(answer.pack())
            answers.flush()
            if "died" in answer.words:
                break
    os._exit(0)


def _give_up_everything(memory: int) -> None:
    """Keep nothing but the two pipes: no terminal, no files written, no core, little memory."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    limits = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0))
    for what, most in limits:
        with contextlib.suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(what, (most, most))


def _answered(job: Frame) -> Frame:
    try:
        return _JOBS[job.words["job"]](job)
    except ParseError as error:
        return Frame({"error": str(error)})
    except MemoryError:
        return Frame({"died": "memory"})
    except Exception as error:  # a fault of ours: it costs this document, not the loop
        return Frame({"died": f"{type(error).__name__}: {error}"[:200]})


def _parse(job: Frame) -> Frame:
    from watchers.kinds import KINDS

    words = job.words
    known, body = job.body[: words["known"]], job.body[words["known"] :]
    source, answer = hear_source(words["source"]), hear_answer(words["answer"], body)
    kind = KINDS[source.kind]
    page = kind.parse(source, answer, known, most=words["most"], aside=words["aside"])
    return say_page(page)


def _opml(job: Frame) -> Frame:
    from watchers.opml import read_opml

    return say_feeds(read_opml(job.body))


def _links(job: Frame) -> Frame:
    from watchers.links import links

    return say_links(links(job.body, job.words["base"], job.words["charset"]))


def _page(job: Frame) -> Frame:
    from watchers.pages import article

    return say_article(article(job.body, job.words["url"], job.words["charset"]))


def _paper(job: Frame) -> Frame:
    from watchers.papers import paper

    return say_paper(paper(job.body))


def _get_ready(job: Frame) -> None:
    """Load what only some jobs need before the job's time begins to count: it takes long once."""
    if job.words.get("job") == "paper":
        from watchers import papers  # noqa: F401
    if job.words.get("job") == "page":
        import trafilatura  # noqa: F401

        from watchers import pages  # noqa: F401


_JOBS: Mapping[str, Callable[[Frame], Frame]] = {
    "parse": _parse,
    "opml": _opml,
    "links": _links,
    "page": _page,
    "paper": _paper,
}

if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
