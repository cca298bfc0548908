"""Drawings, pins and position are there again at the next start, also after a kill."""

import json
from dataclasses import replace

import numpy as np
import pytest
from any_run import rendered
from fakes import STEPS_PER_EPOCH, FakeInference, FakeTraining, bright, description
from hand import choose_entry, draw_stroke
from next_settings import next_config, set_next
from photographs import AUTOENCODER, MNIST, photograph, use_photographs
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QTabWidget, QWidget
from shown_view import stored_paths, stored_view
from trained import train

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.domain.events import RunOpened
from cadl_gui.domain.health import FAILED, HealthNote, Suggestion
from cadl_gui.domain.history import History
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.view import DrawView, LatentView, RunView, View
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.held_figure import HeldFigure
from cadl_gui.ui.run_text import describe
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.window.main_window import MainWindow
from cadl_gui.ui.work_store import WorkStore

pytestmark = pytest.mark.gui

SHIFT = Qt.KeyboardModifier.ShiftModifier


class Opening(FakeTraining):
    """Every file is a run with a plane and three epochs."""

    def open(self, request):
        about = description(request.run_id, preset("vae").config, request.path)
        recorded = tuple(Position(epoch) for epoch in (1, 2, 3))
        return RunOpened(about, History(STEPS_PER_EPOCH), recorded, Snapshot(recorded[-1], bright(0.5)))


@pytest.fixture
def backends():
    return Opening(), FakeInference()


def draw(window):
    window.findChild(QTabWidget, "tabs").setCurrentWidget(window.findChild(QWidget, "drawTab"))
    canvas = window.findChild(QWidget, "digitCanvas")
    draw_stroke(canvas)
    return canvas.drawing


def drawn(window):
    return window.findChild(QWidget, "digitCanvas").drawing


def test_a_drawing_is_there_again_after_a_kill(qtbot, window, next_start, tmp_path):
    drawing = draw(window)
    qtbot.waitUntil((tmp_path / "work" / "drawing-28x28x1-dark.json").exists)
    another, _ = next_start()
    assert drawn(another).strokes == drawing.strokes


def test_a_drawing_is_there_again_after_closing_at_once_and_a_cleared_canvas_stays_empty(window, next_start):
    drawing = draw(window)
    window.close()
    another, _ = next_start()
    assert drawn(another).strokes == drawing.strokes
    another.findChild(QWidget, "clearButton").click()
    another.close()
    another, _ = next_start()
    assert drawn(another).is_blank


def test_what_was_undone_stays_undone_at_the_next_start_and_what_was_redone_is_there(
    qtbot, window, next_start, tmp_path
):
    stored = tmp_path / "work" / "drawing-28x28x1-dark.json"
    undo, redo = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ControlModifier | SHIFT

    def press_z(window, modifiers):
        qtbot.keyClick(window.findChild(QWidget, "digitCanvas"), Qt.Key.Key_Z, modifiers)

    one = draw(window)
    draw(window)
    qtbot.waitUntil(lambda: stored.exists() and len(json.loads(stored.read_text())["strokes"]) == 2)
    press_z(window, undo)
    window.close()
    second, _ = next_start()
    assert drawn(second).strokes == one.strokes
    two = draw(second)
    press_z(second, undo)
    press_z(second, redo)
    second.close()
    third, _ = next_start()
    assert drawn(third).strokes == two.strokes


def test_drawings_of_two_forms_are_there_again_with_their_flipped_pixels(
    qtbot, window, engine, find, facts, next_start
):
    """Drawn in turns, one of them undone, and Draw hidden meanwhile."""
    use_photographs(facts)
    mnist, photographs = train(qtbot, engine, MNIST), train(qtbot, engine, AUTOENCODER)
    view, canvas, tabs = engine.view, find("digitCanvas"), find("tabs")
    tabs.setCurrentWidget(find("drawTab"))
    for run, n in ((photographs, 1), (mnist, 1), (photographs, 2), (mnist, 2)):
        view.show_run(run)
        draw_stroke(canvas)
        assert len(canvas.drawing.strokes) == n
        tabs.setCurrentWidget(find("trainTab"))
        tabs.setCurrentWidget(find("drawTab"))
    ink, flips = DrawingForm.of(mnist.description), frozenset({(2, 5), (27, 0)})
    drawing = replace(view.value.draw.sheet(ink), flips=flips)
    view.change(draw=view.value.draw.with_sheet(ink, drawing), undo="flipped pixels")
    assert view.drawing.image[2, 5] == view.drawing.image[27, 0] == 1
    view.show_run(photographs)
    canvas.set_image(photograph())
    view.undo()
    assert len(canvas.drawing.strokes) == 2
    canvas.set_image(photograph())
    picture = canvas.drawing.image
    for _ in range(2):
        window.close()
        window, engine = next_start()
        sheets = engine.view.value.draw.sheets
        assert {*sheets} == {"28x28x1-dark", "48x64x3-light"}
        assert sheets["28x28x1-dark"].strokes == drawing.strokes
        assert sheets["28x28x1-dark"].flips == flips
        np.testing.assert_array_equal(sheets["48x64x3-light"].image, picture)
        engine.view.undo()
        assert engine.view.value.draw.sheets is sheets, "a session undoes its own steps"


def test_what_is_chosen_in_draw_is_chosen_again(window, engine, next_start):
    def find(name):
        return window.findChild(QWidget, name)

    for n, (noise, normalised) in enumerate(((37, False), (4, True))):
        find("noiseSlider").setValue(noise)
        find("normaliseCheck").setChecked(normalised)
        find("allEvidenceButton").setChecked(not normalised)
        section = ("fool", "evidence")[n]
        find(f"{section}PanelButton").click()
        chosen = DrawView(section, False, normalised, noise, has_all_evidence=not normalised)
        assert engine.view.value.draw == chosen
        window.close()
        window, engine = next_start()
        window.findChild(QTabWidget, "tabs").setCurrentWidget(find("drawTab"))
        assert engine.view.value.draw == chosen
        for other in ("evidence", "seen"):
            find(f"{other}PanelButton").click()
        assert find("noiseSlider").value() == noise
        assert find("normaliseCheck").isChecked() == normalised
        assert find("allEvidenceButton").isChecked() != normalised


def stroke_through(x, y):
    """A stored drawing with a point that no hand gets to; it ended the process, at each start."""
    points = Point(0.25, 0.25), Point(x, y), Point(y, x)
    return json.dumps(Drawing((Stroke(points, 0.1),)).to_json())


def image_of(n):
    """A stored drawing with an image of 30×20 pixels, of which there are `n`."""
    values = Drawing(image=np.zeros((1, n), np.uint8)).to_json()
    values["image"]["shape"] = [30, 20]
    return json.dumps({"format": 1, **values})


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": 1, "strokes": [{}], "image": null}',
        '{"format": 1, "strokes": [], "image": {"shape": [Infinity, 1], "pixels": ""}}',
        stroke_through(1e308, -1e308),
        stroke_through(0.5, 1e12),
        stroke_through(float("nan"), 0.5),
        '{"format": 1, "strokes": [], "image": {"shape": [30, 20], "pixels": "AAAA"}}',
        image_of(30 * 20 + 1),
        image_of(30 * 20 - 1),
    ],
    ids=lambda text: text[-25:],
)
def test_a_damaged_drawing_gives_a_line_in_the_log_and_an_empty_canvas(
    window, next_start, caplog, tmp_path, text
):
    draw(window)
    window.close()
    (tmp_path / "work" / "drawing-28x28x1-dark.json").write_text(text)
    another, _ = next_start()
    assert drawn(another).is_blank
    assert "is damaged and is not restored" in caplog.text
    draw(another)


def test_a_file_that_no_drawing_has_the_size_of_is_moved_aside(window, next_start, tmp_path):
    draw(window)
    window.close()
    path = tmp_path / "work" / "drawing-28x28x1-dark.json"
    with path.open("ab") as file:
        file.truncate(2**30)
    another, _ = next_start()
    assert drawn(another).is_blank
    assert path.with_name("drawing-28x28x1-dark-unread-1.json").stat().st_size == 2**30
    assert not path.exists()


def test_networks_see_the_same_of_a_photograph_at_the_next_start(
    qtbot, window, engine, find, facts, next_start, tmp_path
):
    use_photographs(facts)
    train(qtbot, engine, AUTOENCODER)
    draw_tab, canvas = find("drawTab"), find("digitCanvas")
    find("tabs").setCurrentWidget(draw_tab)
    path = tmp_path / "work" / "drawing-48x64x3-light.json"
    for side in (1000, 701):
        Image.fromarray(np.random.default_rng(side).integers(0, 256, (side, 900, 3), np.uint8)).save(
            tmp_path / "photograph.png"
        )
        before = canvas.drawing
        canvas.open_image(str(tmp_path / "photograph.png"))
        qtbot.waitUntil(lambda: canvas.drawing is not before)  # noqa: B023
        seen = engine.view.drawing.image
        window.close()
        assert path.stat().st_size < 256_000
        window, engine = next_start()
        train(qtbot, engine, AUTOENCODER)
        window.findChild(QTabWidget, "tabs").setCurrentWidget(window.findChild(QWidget, "drawTab"))
        np.testing.assert_array_equal(engine.view.drawing.image, seen)
        canvas = window.findChild(QWidget, "digitCanvas")


def test_a_held_copy_is_there_again_until_it_is_released(window, next_start):
    def held(window):
        page = window.findChild(QWidget, "drawTab")
        panel = next(each for each in page.findChildren(FigurePanel) if each.isVisible())
        return panel, panel.findChild(HeldFigure)

    draw(window)
    panel, _ = held(window)
    panel.set_note("epoch 3")
    panel.toggle_hold()
    image = held(window)[1].image.convertToFormat(QImage.Format.Format_RGB32)
    window.close()
    second, _ = next_start()
    second.close()
    window, _ = next_start()
    panel, copy = held(window)
    assert panel.is_holding
    assert not image.isNull()
    assert copy.image.convertToFormat(QImage.Format.Format_RGB32) == image
    assert copy.accessibleName() == "Held: epoch 3"
    panel.toggle_hold()
    window.close()
    assert not held(next_start()[0])[0].is_holding


@pytest.mark.parametrize(
    "text",
    ["{", '{"a": {}}', '{"a": {"caption": "", "png": "!"}}', '{"a": {"caption": "", "png": "aaaa"}}'],
)
def test_held_copies_that_cannot_be_read_are_moved_aside_and_reported(next_start, tmp_path, qtbot, text):
    path = tmp_path / "work" / "held.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace("{", '{"format": 1, ', 1) if len(text) > 1 else text)
    window, engine = next_start()
    qtbot.waitUntil(lambda: "held-unread-1.json" in window.findChild(QWidget, "noticeStrip").message())
    assert not engine.view.value.figure.held
    assert path.with_name("held-unread-1.json").exists()


@pytest.mark.parametrize(("text", "why"), [('{"format": 2, "strokes": []}', "newer CADL"), ("{", "damaged")])
def test_a_drawing_that_cannot_be_read_is_moved_aside_and_reported(
    qtbot, window, next_start, tmp_path, text, why
):
    """The next stroke would overwrite it: a later version of the program may have drawn it."""
    draw(window)
    window.close()
    path = tmp_path / "work" / "drawing-28x28x1-dark.json"
    for n in (1, 2):
        path.write_text(text)
        another, _ = next_start()
        assert drawn(another).is_blank
        notices = another.findChild(QWidget, "noticeStrip")
        qtbot.waitUntil(lambda notices=notices: "-unread-" in notices.message())
        message = notices.message()
        assert why in message
        assert f"“{path.stem}-unread-{n}.json”" in message
        draw(another)
        another.close()
        assert path.with_name(f"{path.stem}-unread-{n}.json").read_text() == text
        assert not drawn(next_start()[0]).is_blank


def pin(qtbot, window, *numbers):
    for number, value in enumerate(numbers):
        window.findChild(QWidget, f"latentSpin{number}").setValue(value)
    qtbot.mouseClick(window.findChild(QWidget, "pinButton"), Qt.MouseButton.LeftButton)


@pytest.fixture
def pinned(qtbot, window, engine, find, tmp_path):
    """A run with two pins."""
    path = tmp_path / "mine.keras"
    path.touch()
    engine.runs.open(path)
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    find("tabs").setCurrentWidget(find("latentTab"))
    pin(qtbot, window, 0.5, 0.25)
    pin(qtbot, window, -1, 0.75)
    choose_entry(find("pathKindCombo"), "Spherical")
    return path


def test_the_pins_of_a_run_are_there_again(qtbot, window, find, pinned, next_start):
    kind = find("pathKindCombo").currentText()
    window.close()
    another, engine = next_start()
    qtbot.waitUntil(lambda: engine.view.run is not None)
    assert another.findChild(QWidget, "playPathButton").isEnabled()
    assert another.findChild(QWidget, "pathKindCombo").currentText() == kind
    another.close()
    third, engine = next_start()
    qtbot.waitUntil(lambda: engine.view.run is not None)
    assert third.findChild(QWidget, "playPathButton").isEnabled(), "closing did not lose them"


def test_the_position_is_there_again_after_a_kill(qtbot, window, find, engine, pinned, next_start, tmp_path):
    set_next(engine, epochs="7")
    engine.view.show(Position(2))
    find("latentPlane").choose(ViewBox(-1, 2, -2.5, -0.5))
    find("sampledButton").click()
    form = next_config(engine)
    assert form.training.epochs == 7
    (run,) = engine.runs
    key = f"id:{run.description.uuid}"
    shown = View(
        (key,), key, Position(2), tab="latentTab", next=NextRun.of(form),
        latent=LatentView(path_kind="spherical", is_sampled=True),
        of_run={key: RunView(pins=((0.5, 0.25, 3), (-1.0, 0.75, 3)), z=(-1.0, 0.75), box=(0.5, -1.5, 2.0))},
        recent=(key,),
    )  # fmt: skip
    qtbot.waitUntil(lambda: stored_view(tmp_path) == shown)
    assert stored_paths(tmp_path) == {key: pinned}
    other, other_engine = next_start()
    qtbot.waitUntil(lambda: not other_engine.view.is_live)
    assert other_engine.view.position == Position(2)
    plane = other.findChild(QWidget, "latentPlane")
    assert plane.handle == (-1, 0.75)
    assert other.findChild(QAbstractButton, "sampledButton").isChecked()
    assert (plane.view.centre, min(plane.view.width, plane.view.height)) == ((0.5, -1.5), pytest.approx(2))


def test_the_newest_batches_of_a_training_are_not_stored(qtbot, window, engine, pinned):
    """Else the settings would be written every second, and the interface wait for the disk."""
    to_store = window.findChild(WorkStore).findChild(QTimer)
    engine.view.show(Position(2))
    assert to_store.isActive()
    qtbot.waitUntil(lambda: not to_store.isActive())
    engine.view.go_live()
    assert to_store.isActive()
    qtbot.waitUntil(lambda: not to_store.isActive())
    seen = rendered(engine.view)
    engine.view.newest_moved()
    assert seen
    assert not to_store.isActive()


class Failed(Opening):
    """Every file is a run whose loss became infinite after its first epoch."""

    def open(self, request):
        about = description(request.run_id, preset("vae").config, request.path)
        history = History(STEPS_PER_EPOCH)
        suggestion = Suggestion("learning_rate", 0.002)
        history.add_note(
            HealthNote(Position(1), FAILED, "Training stopped: the loss is infinite.", suggestion)
        )
        return RunOpened(about, history, (Position(1),), Snapshot(Position(1), bright(0.5)))


def test_a_failed_run_opens_as_failed_and_says_what_happened_once(qtbot, theme, tmp_path):
    engine = Engine(Failed, FakeInference, runs_folder=None)
    window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
    qtbot.addWidget(window)
    engine.load()
    window.complete()
    for name in ("first.keras", "second.keras"):
        (tmp_path / name).touch()
        engine.runs.open(tmp_path / name)
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    strip = window.findChild(QWidget, "noticeStrip")
    assert describe(engine.runs[1]) == "failed after epoch 1"
    assert strip.message() == "B · Training stopped: the loss is infinite."
    assert window.findChild(QWidget, "noticeAction").text() == "Set learning rate to 0.002"
    engine.view.show_run(engine.runs[0])
    engine.view.show_run(engine.runs[1])
    assert strip.message() == "", "it was said already"
    assert engine.shut_down(60_000)
