"""The view is stored soon after a change, and is the user's from the first act on: only once."""

import json
from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeInference
from held import HeldTraining, holding
from menus import entry
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget, QWidget
from shown_view import store_view, stored_paths, stored_view
from trained import train

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.labelled import Labelled, labelled_from_json
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.work_store import WorkStore

pytestmark = pytest.mark.gui
PAGES = "seen"
BACKENDS = HeldTraining, FakeInference
RUNS_FOLDER = "runs"

CONFIG = preset("lecture-autoencoder").config.replace(epochs=3)


def files(tmp_path, *names):
    paths = [tmp_path / f"{name}.keras" for name in names]
    for path in paths:
        path.touch()
    return paths


def press(window, place):
    """Press as the window system does: the window is told, not a widget."""
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)


def in_page(window):
    page = window.findChild(QTabWidget, "tabs")
    return page.mapTo(window, QPoint(page.width() // 2, page.height() - 3))


def test_a_click_while_a_file_is_read_keeps_the_run_shown_only_if_nobody_has_acted_before(
    qtbot, window, engine, backends, tmp_path
):
    """A file was opened, and never shown if one clicked anywhere as long as it was read."""
    shown = train(qtbot, engine, CONFIG)
    for n, path in enumerate(files(tmp_path, "first", "second", "third"), 2):
        with holding(backends[0].may_read):
            if n > 2:
                engine.view.show_run(shown)
            engine.runs.open(path)
            for _ in range(2):
                press(window, in_page(window))
            assert engine.view.run is shown
        qtbot.waitUntil(lambda n=n: len(engine.runs) == n)
        assert engine.view.run is (shown if n == 2 else engine.runs[-1])


def test_a_menu_is_no_act_and_where_it_would_be_in_present_mode_is_one(
    qtbot, window, engine, backends, theme, tmp_path
):
    train(qtbot, engine, CONFIG)
    assert engine.view.value.tab == ""
    at_menus = window.menuBar().height() // 2
    press(window, QPoint(600, at_menus))
    assert engine.view.value.tab == ""
    entry(window, "present").trigger()
    press(window, QPoint(8, at_menus))  # left of the tabs
    assert engine.view.value.tab == "trainTab"


@pytest.fixture
def stored(window, tmp_path):
    """Stores what waits, and returns what is stored."""

    def stored():
        window.findChild(WorkStore).flush()
        return stored_view(tmp_path)

    return stored


def test_what_is_stored_follows_the_trainings_that_start_and_are_given_up(
    qtbot, window, engine, backends, tmp_path, stored
):
    """A program that is killed while a training starts has its run in the list at the next start."""
    shown = train(qtbot, engine, CONFIG)
    own = engine.runs.key(shown)
    engine.view.show(Position(2))
    assert (stored().run, stored().at) == (own, Position(2))
    with holding(backends[0].may_start):
        run_id = engine.training.train(CONFIG, name="next")
        assert (stored().runs, stored().run, stored().at) == ((own, run_id), run_id, None)
        assert stored_paths(tmp_path)[run_id].parent == tmp_path / "runs"
        assert (engine.view.value.run, engine.view.value.at) == (own, Position(2))
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.training.state is TrainingState.IDLE)
    key = engine.runs.key(engine.runs[-1])
    assert key != run_id
    assert (stored().runs, stored().run) == ((own, key), key)
    engine.view.show_run(shown)
    with holding(backends[0].may_start):
        run_id = engine.training.train(CONFIG)
        assert stored().run == run_id
        engine.training.cancel_start()
        assert (stored().runs, stored().run) == ((own, key), own)


def test_a_run_that_resumes_is_stored_at_its_place_as_the_run_shown(
    qtbot, window, engine, backends, tmp_path, stored
):
    """Until it had started, it was stored a second time, by a name that the next start could not find."""
    engine.training.train(CONFIG, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    resumed = engine.training.run
    resumed.description.source.mkdir(parents=True)
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    other = train(qtbot, engine, CONFIG)
    keys = tuple(map(engine.runs.key, (resumed, other)))
    assert (stored().runs, stored().run) == (keys, keys[1])
    with holding(backends[0].may_start):
        engine.training.resume_run(resumed)
        assert (stored().runs, stored().run) == (keys, keys[0])
        assert [*stored_paths(tmp_path).values()].count(resumed.description.source) == 1
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    assert (stored().runs, stored().run) == (keys, keys[0])


def test_runs_of_the_last_session_are_opened_in_their_order_but_those_that_are_opened_anyway(
    qtbot, next_start, tmp_path
):
    first, gone, named, last = files(tmp_path, "first", "gone", "named", "last")
    link = tmp_path / "link.keras"
    link.symlink_to(named)
    shipped = files(tmp_path, "shipped")
    gone.unlink()
    store_view(
        tmp_path, runs=tuple(map(str, (last, gone, named, link, first))), run=str(last), at=Position(2)
    )
    _, engine = next_start(*shipped, but=[named.parent / "x" / ".." / named.name])
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    assert [run.description.source.stem for run in engine.runs] == ["shipped", "last", "first"]
    assert (engine.view.run, engine.view.is_live) == (engine.runs[1], False)


def test_the_tab_is_that_of_the_hand(window, find, engine, stored):
    for name in ("drawTab", "dataTab", "drawTab"):
        find("tabs").setCurrentWidget(find(name))
        assert engine.view.value.tab == name
        assert stored().tab == name
    assert find("drawTab", QWidget).isVisible()


def test_drawings_and_labels_are_stored_as_they_are_by_now_however_often_they_come_and_go(
    window, engine, stored, tmp_path
):
    view, other = engine.view, DrawingForm((5, 9, 3), is_dark=False)
    drawings = [Drawing(tuple(Stroke((Point(n / 9, 0.5),), 0.1) for n in range(k))) for k in range(4)]
    labels = [Labelled(INK, ("a", "b"), np.full((28, 28, 1), n, np.uint8), n % 2) for n in range(3)]

    def in_files():
        stored()
        work = {path.stem: json.loads(path.read_text("utf-8")) for path in (tmp_path / "work").iterdir()}
        strokes = [len(work.get(f"drawing-{form.key}", {"strokes": ()})["strokes"]) for form in (INK, other)]
        return *strokes, len(labelled_from_json(work.get("labelled", {"sheets": ()})))

    for n_ink, n_other, n_labels in (
        (1, 0, 2),
        (2, 3, 3),
        (1, 3, 1),
        (0, 2, 0),
        (3, 0, 1),
        (0, 0, 0),
        (1, 1, 0),
    ):
        sheets = {form.key: drawings[n] for form, n in ((INK, n_ink), (other, n_other)) if n}
        view.change(draw=replace(view.value.draw, sheets=sheets, labelled=tuple(labels[:n_labels])))
        assert in_files() == (n_ink, n_other, n_labels)
        view.change(draw=replace(view.value.draw, noise=n_ink + 9 * n_other))
        assert in_files() == (n_ink, n_other, n_labels)
