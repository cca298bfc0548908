"""Whatever stands in the file of the last view: a sentence, and the window is as before."""

import json
from contextlib import suppress
from types import SimpleNamespace

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.view import View
from cadl_gui.ui.window.view_store import ViewStore
from cadl_gui.ui.work_store import WorkStore

pytestmark = pytest.mark.gui

GOOD = View(
    runs=("id:a", "id:b"),
    run="id:b",
    at=Position(2, 3),
    compared=("id:b", "id:a"),
    tab="drawTab",
    next=NextRun().replace(epochs="7"),
)
WRITTEN = json.dumps(
    {"format": 1, **GOOD.to_json(), "paths": {"id:a": "/nowhere/a"}, "letters": {"id:a": "C"}}
).encode()
ATOMS = st.sampled_from(
    [
        None,
        True,
        -1,
        2**70,
        1e308,
        0.5,
        "",
        "x" * 20_000,
        "a\0b",
        "\ud800",
        "/",
        "/dev/zero",
        "id:a",
        "9" * 5_000,
    ]
)
STRANGE = st.recursive(
    ATOMS | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
PARTS = [*GOOD.to_json(), "paths", "letters", "format"]
DAMAGED = st.one_of(
    st.binary(max_size=60),
    st.integers(0, len(WRITTEN) - 1).map(lambda n: WRITTEN[:n]),
    st.builds(
        lambda n, byte: WRITTEN[:n] + bytes([byte]) + WRITTEN[n + 1 :],
        st.integers(0, len(WRITTEN) - 1),
        st.integers(0, 255),
    ),
    STRANGE.map(lambda values: json.dumps(values).encode()),
    st.dictionaries(st.sampled_from(PARTS), STRANGE, min_size=1, max_size=4).map(
        lambda parts: json.dumps(json.loads(WRITTEN) | parts).encode()
    ),
    st.sampled_from([
        b"[" * 100_000, b"{" * 300, b'{"format": 1, "runs": [' + b"0," * 400_000 + b"0]}",
        b"\xff\xfe" + WRITTEN,
        WRITTEN.replace(b'"at": [2', b'"at": [1e999'), WRITTEN.replace(b'"format": 1', b'"format": 2'),
        b'{"format": 1, "at": NaN}', WRITTEN * 2, b" " * (2**25 + 1), b'{"' + b"9" * 5_000 + b'": 1}',
    ]),
)  # fmt: skip


def test_files_that_hold_no_view_are_moved_aside_and_told_in_one_sentence(window, engine, tmp_path):
    """One window, and many files; 2,000 with `--hypothesis-profile=search`."""
    folder = tmp_path / "views"
    folder.mkdir()
    path, before = folder / "view.json", folder / "view-before.json"
    builder = SimpleNamespace(current="trainTab")

    def load():
        """Start anew; returns what is told."""
        work, told = WorkStore(engine.jobs, folder, window), []
        work.unreadable.connect(told.append)
        engine.view.change(**vars(View()))
        store = ViewStore(engine, work, builder, window)
        store.open_again((), ())
        work.flush()
        for each in (store, work):
            each.setParent(None)
            each.deleteLater()
        return told

    def is_readable(data):
        with suppress(ValueError, RecursionError):
            values = json.loads(data, parse_constant=lambda _: int("no number"))
            return isinstance(values, dict) and values.get("format") == 1 and type(values["format"]) is int
        return False

    @hypothesis.settings(max_examples=40 if hypothesis.settings.default.derandomize else 2_000)
    @given(DAMAGED)
    def loads(data):
        path.write_bytes(data)
        before.write_bytes(WRITTEN)
        told, errors = load(), []
        wished = engine.view.value
        if not is_readable(data) or len(data) > 2**25 or data.count(b",") > 100_000:
            assert len(told) == 1
            assert wished == GOOD.with_recent(), "the last good one is used"
        else:
            assert wished == View.from_json(json.loads(data), errors.append).with_recent()
            assert bool(told) >= bool(errors)
        for aside in folder.glob("view-unread-*.json"):
            assert aside.read_bytes() == data, "nothing is lost"
            assert told == [f"{told[0].partition(' It is now')[0]} It is now “{aside.name}”."]
            aside.unlink()
            told = []
        assert told == []
        assert engine.runs.listed == ()
        assert json.loads(path.read_bytes())["run"] == wished.run, "what is shown is stored again"

    loads()
