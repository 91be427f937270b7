"""Which Terms could be in a text, by the keys of its words."""

from __future__ import annotations

from matching.index import Index

QUIET: frozenset[str] = frozenset()


def index_of(*anchors: tuple[str, ...]) -> Index:
    """Return an index that holds each anchor for a Term of its own, 0 and on."""
    index = Index()
    for term, anchor in enumerate(anchors):
        index.add(term, [anchor])
    return index


def test_two_keys_near_each_other_make_a_candidate() -> None:
    index = index_of(("marg", "lun"))
    assert index.candidates(["Margo", "the", "Luna"], QUIET) == {0: [0, 2]}


def test_two_keys_far_apart_make_none() -> None:
    index = index_of(("marg", "lun"))
    assert index.candidates(["Margo", *["so"] * 12, "Luna"], QUIET) == {}


def test_a_single_key_is_enough_for_who_has_but_one() -> None:
    index = index_of(("lun",))
    assert index.candidates(["Luna"], QUIET) == {0: [0, 0]}


def test_small_letters_are_no_names_where_there_are_capitals_unless_neighbours() -> None:
    index = index_of(("marg", "kuirog"))
    assert index.candidates(["margo", "of", "the", "quiroga"], QUIET) == {}
    assert index.candidates(["margo", "quiroga"], QUIET) == {0: [0, 1]}
    assert index.candidates(["margo", "of", "the", "quiroga"], QUIET, small=True) == {0: [0, 3]}


def test_a_new_key_counts_for_words_seen_before() -> None:
    index = index_of(("marg", "lun"))
    assert index.candidates(["Margo", "Sola"], QUIET) == {}
    index.add(7, [("marg", "sol")])
    assert index.candidates(["Margo", "Sola"], QUIET) == {7: [0, 1]}


def test_what_is_removed_leaves_nothing() -> None:
    index = index_of(("marg", "lun"), ("marg", "sol"))
    index.remove(0, [("marg", "lun")])
    assert index.candidates(["Margo", "Luna", "Sola"], QUIET) == {1: [0, 2]}
    index.remove(1, [("marg", "sol")])
    assert len(index) == 0
    assert index.candidates(["Margo", "Luna", "Sola"], QUIET) == {}
