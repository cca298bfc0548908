"""Work is written soon, however fast it changes; what was kept last is what is there in the end."""

import json
from threading import Event

import pytest
from held import holding
from PySide6.QtCore import QObject, QTimer

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.work_store import WorkStore, key_of


@pytest.fixture
def store(qtbot, qapp, tmp_path):
    """A store that writes 20 ms after a change."""
    jobs, parent = BackgroundJobs(), QObject()
    store = WorkStore(jobs, tmp_path / "work", parent)
    store.findChild(QTimer).setInterval(20)
    yield store
    qtbot.waitUntil(lambda: jobs.is_idle)


def stored(tmp_path, name):
    path = tmp_path / "work" / f"{name}.json"
    return json.loads(path.read_text("utf-8")).get("n") if path.exists() else None


def test_what_changes_without_a_pause_is_written_all_the_same(qtbot, store, tmp_path):
    """Each change put the writing off: who drew without a pause and was then killed lost everything."""
    store.findChild(QTimer).setInterval(100)
    changes, hand = [], QTimer(store, interval=0)

    def change():
        changes.append(len(changes))
        store.keep("a", lambda n=changes[-1]: {"n": n})

    hand.timeout.connect(change)
    hand.start()
    for _ in range(2):
        before = len(changes)
        qtbot.waitUntil(lambda: (stored(tmp_path, "a") or 0) > before)  # noqa: B023
    hand.stop()
    store.keep("b", lambda: {"n": -1})
    qtbot.waitUntil(lambda: (stored(tmp_path, "a"), stored(tmp_path, "b")) == (changes[-1], -1))


def test_what_is_kept_while_something_is_written_is_written_after_it(qtbot, store, tmp_path):
    may_write, due, begun = Event(), [], []
    store.findChild(QTimer).timeout.connect(lambda: due.append(1))

    def slow(n):
        begun.append(n)
        assert may_write.wait(60)
        return {"n": n}

    for first in (1, 11):
        with holding(may_write):
            store.keep("a", lambda n=first: slow(n))
            qtbot.waitUntil(lambda: begun[-1:] == [first])  # noqa: B023
            store.keep("a", lambda n=first + 1: slow(n))
            store.keep("b", lambda n=first + 2: slow(n))
            before = len(due)
            qtbot.waitUntil(lambda: len(due) > before + 1)  # noqa: B023
            store.keep("a", lambda n=first + 3: slow(n))
            assert begun[-1] == first
        qtbot.waitUntil(lambda: (stored(tmp_path, "a"), stored(tmp_path, "b")) == (first + 3, first + 2))  # noqa: B023


def test_closing_writes_all_that_waits_at_once_and_nothing_later(qtbot, store, tmp_path):
    store.findChild(QTimer).setInterval(60_000)
    for n in (1, 2):
        for name in ("a", "b"):
            store.keep(name, lambda n=n: {"n": n})
        store.flush()
        assert (stored(tmp_path, "a"), stored(tmp_path, "b")) == (n, n)
        assert not store.findChild(QTimer).isActive()
    (tmp_path / "work" / "a.json").unlink()
    store.flush()
    assert stored(tmp_path, "a") is None, "it waits no more"


def test_what_cannot_be_written_stops_neither_the_others_nor_the_next_time(qtbot, store, tmp_path, caplog):
    (tmp_path / "work").touch()
    store.keep("a", lambda: {"n": 1})
    store.flush()
    assert "“a” could not be stored" in caplog.text
    (tmp_path / "work").unlink()
    (tmp_path / "work" / "a.json").mkdir(parents=True)
    store.keep("a", lambda: {"n": 2})
    store.keep("b", lambda: {"n": 3})
    store.flush()
    assert stored(tmp_path, "b") == 3
    (tmp_path / "work" / "a.json").rmdir()
    store.keep("a", lambda: {"n": 4})
    qtbot.waitUntil(lambda: stored(tmp_path, "a") == 4)


def test_what_is_damaged_is_moved_aside_each_time_and_what_is_good_is_read(store, tmp_path):
    told = []
    store.unreadable.connect(told.append)
    assert (store.load("a"), told) == (None, [])
    for n, (text, why) in enumerate((("{", "damaged"), ('{"format": 99}', "newer"), ("[]", "damaged")), 1):
        store.keep("a", lambda n=n: {"n": n, "of": ["x", n]})
        store.flush()
        assert store.load("a") == {"n": n, "of": ["x", n]}
        path = tmp_path / "work" / "a.json"
        path.write_text(text)
        assert store.load("a") is None
        assert not path.exists()
        assert (tmp_path / "work" / f"a-unread-{n}.json").read_text() == text
        assert why in told[-1]
        assert told[-1].endswith(f"It is now “a-unread-{n}.json”.")
        assert len(told) == n
        assert store.load("a") is None
    assert len(told) == 3, "there is nothing to read"


def test_the_key_of_a_run_that_ships_is_its_name_and_of_any_other_where_it_lies(tmp_path):
    shipped = shipped_runs()[0]
    assert key_of(shipped) == f"shipped:{shipped.name}"
    own = tmp_path / "x" / ".." / shipped.name
    assert key_of(own) == str(tmp_path / shipped.name)
