"""Work aside: done in a thread of its own, told in the window's, where it also ends."""

import threading
import weakref

import pytest

from cadl_gui.ui.aside import Aside

pytestmark = pytest.mark.gui


def test_it_is_told_and_ends_in_the_thread_that_asked(qtbot):
    told, ended = [], []

    def begin():
        aside = Aside(threading.get_ident)
        aside.done.connect(lambda worker: told.append((worker, threading.get_ident())))
        weakref.finalize(aside, lambda: ended.append(threading.get_ident()))
        aside.start()

    for _ in range(50):
        begin()
    qtbot.waitUntil(lambda: len(ended) == 50)
    here = threading.get_ident()
    assert set(ended) == {here}
    assert len(told) == 50
    assert all(worker != here and heard == here for worker, heard in told)


def test_one_that_fails_ends_too(qtbot, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    told, ended = [], []

    def begin():
        aside = Aside(lambda: {}[0])
        aside.done.connect(told.append)
        weakref.finalize(aside, lambda: ended.append(threading.get_ident()))
        aside.start()

    begin()
    qtbot.waitUntil(lambda: len(ended) == 1)
    assert ended == [threading.get_ident()]
    assert told == []
