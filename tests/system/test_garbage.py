"""Garbage collection is paused during imports; afterwards, a collector runs when requested."""

import gc
import math
import weakref

import pytest

from cadl_gui.system.garbage import Collector, gc_paused

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _earlier_tests():
    """Freezes what earlier tests left, millions of objects that each full collection would look at."""
    gc.collect()
    gc.freeze()


def test_paused_collector_collects_nothing_and_freezes_existing_objects(automatic_collection):
    with gc_paused():
        assert not gc.isenabled()
        retained = [[]]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    assert not any(thing is retained for thing in gc.get_objects())


def test_an_import_that_fails_leaves_collecting_on(automatic_collection):
    with pytest.raises(ImportError), gc_paused():
        raise ImportError
    assert gc.isenabled()


def test_an_import_does_not_turn_on_what_a_window_has_turned_off(automatic_collection):
    Collector()
    with gc_paused():
        pass
    assert not gc.isenabled()


def test_collector_waits_until_there_is_enough():
    collector = Collector()
    gc.collect()
    assert collector.collect_due() is None


def test_the_youngest_are_collected_most_and_everything_seldom():
    collector = Collector()
    gc.collect()
    collected = []
    for _ in range(500):
        litter = [[] for _ in range(gc.get_threshold()[0] + 100)]
        collected.append(collector.collect_due())
        del litter
    assert collected[0] == 0
    assert collected.count(0) > 10 * collected.count(1) - 10 > 0
    assert 1 <= collected.count(2) < collected.count(1)


def test_everything_is_collected_where_it_is_asked_for_however_little_there_is():
    collector = Collector()
    gc.collect()
    collector.make_full_due()
    assert collector.collect_due() == 2
    assert collector.collect_due() is None


def test_what_a_full_collection_leaves_is_not_looked_at_again():
    """With every kind of network trained, each full collection stopped the window for half a second."""
    collector = Collector()
    retained = [[] for _ in range(1000)]
    collector.make_full_due()
    assert collector.collect_due() == 2
    assert not any(thing is retained for thing in gc.get_objects())


def test_collector_waits_while_another_thread_imports(automatic_collection):
    """The window stood still for 0.1 s while TensorFlow was imported: it makes 300,000 objects."""
    collector = Collector()
    collector.make_full_due()
    with gc_paused():
        assert collector.collect_due() is None
    assert collector.collect_due() == 2


class Node:
    """Part of a cycle."""

    def __init__(self):
        self.itself = self


def test_what_lived_long_and_then_became_garbage_is_freed_while_nobody_watches():
    """It outlived a full collection, which froze it, so that no later one found it."""
    collector = Collector(full_share=math.inf)
    for _ in range(2):
        retained = Node()
        gone = weakref.ref(retained)
        collector.make_full_due()
        assert collector.collect_due() == 2
        del retained
        collector.make_full_due()
        assert collector.collect_due() == 2
        assert gone() is not None, "the window would stand still"
        assert collector.collect_due(is_watched=False) == 2
        assert gone() is None
        assert collector.collect_due(is_watched=False) is None
