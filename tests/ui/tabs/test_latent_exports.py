"""Exports of the Latent tab equal those of the command line, and lead back to their latent vectors."""

import av
import numpy as np
import pytest
from fakes import FakeInference
from geometry import texts
from hand import choose_entry, leave, place_on, point_at
from idle import wait_until_idle
from PIL import Image, ImageSequence
from planes import has_dot, tips
from PySide6.QtCore import QPoint, QPointF, Qt
from seen import painted_anew, reported_at

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.bookmark import KEYWORD, from_text
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, Encode
from cadl_gui.domain.view import RunView, View
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.pictures.files import save
from cadl_gui.pictures.path_film import path_film
from cadl_gui.system.png_text import text_of
from cadl_gui.ui.figures.figure_panel import FigurePanel

pytestmark = pytest.mark.gui


@pytest.fixture
def export(qtbot, choose, tmp_path):
    """Chooses an entry of the export menu, and waits for its file."""

    def export(text, name, kind=""):
        choose(text, tmp_path / name, kind)
        qtbot.waitUntil((tmp_path / name).exists, timeout=20_000)
        return tmp_path / name

    return export


def gif_frames(path):
    with Image.open(path) as film:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)]


@pytest.mark.parametrize("ending", [".gif", ".mp4", ".png"])
def test_a_saved_path_renders_the_very_film_that_the_window_exports(engine, export, pin, tmp_path, ending):
    engine.view.show(Position(1))
    pin(0, 0)
    engine.view.show(Position(2))
    pin(0.7, 0.25)
    exported = export("Path as film…", f"window{ending}")
    path = LatentPath.load(export("Save path…", "path.json"))
    run = engine.view.run
    rendering = path_film(run.run_id, Position(2), run.recorded, path, strip=ending == ".png")
    rendered = tmp_path / f"command{ending}"
    save(rendering.compose([_answer(request) for request in rendering.requests]), rendered)
    assert rendered.read_bytes() == exported.read_bytes()


def _answer(request):
    images = np.ones((len(request.latents), 28, 28, 1), np.float32)
    return np.clip(images * request.latents[:, :1, None, None], 0, 1)


def test_a_path_as_mp4_goes_from_dark_to_bright_and_has_the_ending_of_its_kind(
    qtbot, find, choose, pin, tmp_path
):
    pin(0, 0)
    pin(1, 0)
    choose("Path as film…", tmp_path / "path", "MP4 (*.mp4)")
    qtbot.waitUntil((tmp_path / "path.mp4").exists)
    with av.open(str(tmp_path / "path.mp4")) as file:
        greys = [frame.to_ndarray(format="gray").mean() for frame in file.decode(video=0)]
    assert len(greys) == 109
    assert greys[0] < 5
    assert greys[-1] > 250
    qtbot.waitUntil(lambda: not find("exportProgress").isVisible())


def test_the_replay_shows_the_points_of_every_epoch(export):
    frames = gif_frames(export("Plane through the epochs…", "epochs.gif"))
    assert len(frames) == 3
    assert len({frame.tobytes() for frame in frames}) == 3


def test_the_courses_manifold_is_between_four_pins(qtbot, engine, tab, choose, export, pin):
    with qtbot.waitSignal(
        engine.notifications.unanswered, check_params_cb=lambda message: "four pins" in message
    ):
        choose("Manifold between four pins…")
    for latent in ((0, 0), (0, 1), (1, 0), (1, 1)):
        pin(*latent)
    with Image.open(export("Manifold between four pins…", "corners.png")) as sheet:
        row = np.asarray(sheet)[sheet.height // 2, :: sheet.width // 30]
    np.testing.assert_allclose(row, np.linspace(0, 255, 30), atol=1)


def test_the_grid_has_every_digit_in_a_cell_of_its_own(find, export):
    with Image.open(export("Images on a grid…", "grid.png")) as sheet:
        side = sheet.width // 7
        greys = np.asarray(sheet)[side // 2 :: side, side // 2 :: side]
    latents = find("latentPlane").points.places[:49, 0]
    np.testing.assert_allclose(np.sort(greys.ravel()), np.sort(255 * np.clip(latents, 0, 1)), atol=1)
    assert (np.diff(greys.mean(0)) >= 0).all()


def test_a_full_disk_is_reported(qtbot, engine, tab, choose, pin, tmp_path):
    pin(0, 0)
    pin(1, 0)
    with qtbot.waitSignal(
        engine.notifications.unanswered, check_params_cb=lambda message: "could not be saved" in message
    ):
        choose("Path as film…", tmp_path / "nowhere" / "path.gif")


def test_every_saved_image_has_a_bookmark(qtbot, tab, find, engine, export, file_dialogs, tmp_path):
    """One that was saved from the newest weights led to those that were the newest later."""
    find("latentSpin0").setValue(0.5)
    key, axes = engine.runs.key(engine.view.run), ("latents", 1, 0)
    engine.view.change(of_run=engine.view.value.with_run(key, axes=axes))
    for at in (1, None):
        engine.view.go_live() if at is None else engine.view.show(Position(at))
        here = View(run=key, at=Position(at or 2), of_run={key: RunView(z=(0.5, 0), axes=axes)}), "vae"
        for i, panel in enumerate(tab.findChildren(FigurePanel)):
            path = tmp_path / f"panel{i}-{at}.png"
            file_dialogs.answer(path)
            panel.save()
            qtbot.waitUntil(path.exists)
            assert from_text(text_of(path)[KEYWORD]) == here
    assert from_text(text_of(export("Print of the plane…", "print.png"))[KEYWORD]) == here


def test_a_placed_drawing_is_marked_and_is_no_pin_of_the_path(qtbot, tab, find, engine):
    """A fourth pin lengthened the path, and of the dotted line nothing said what it was."""
    plane, failed = find("latentPlane"), engine.notifications.unanswered
    with qtbot.waitSignal(failed, check_params_cb=lambda message: "Draw something" in message):
        find("placeDrawingButton").click()
    for grey in (0.25, 0.75):
        engine.view.go_live()
        engine.view.show_drawing(Seen(image=np.full((28, 28, 1), grey, np.float32)))
        find("placeDrawingButton").click()
        qtbot.waitUntil(lambda grey=grey: all(has_dot(plane, grey, at) for at in (0, 0.5, 1)))
        assert plane.handle == pytest.approx((grey, 1))
        for epoch, at in ((2, 1), (1, 0.5)):
            engine.view.show(Position(epoch))
            (below,) = (
                text
                for text in texts(tab)
                if text.widget is plane and text.words == "your drawing, a dot for each epoch"
            )
            away = below.place.center() - QPointF(place_on(plane, grey, at))
            assert abs(away.x()) < 2
            assert 0 < away.y() < 40
            told = reported_at(plane, place_on(plane, grey, at))
            assert told.startswith(f"your drawing, epoch {epoch} · ")
        assert reported_at(plane, place_on(plane, grey, 0)).startswith("your drawing, untrained · ")
        between = place_on(plane, grey, 0.25)
        line = "Where your drawing was while the network learned, a dot for each epoch · "
        assert reported_at(plane, between).startswith(line)
        assert "your" not in reported_at(plane, between + QPoint(12, 0))
        assert engine.view.value.chosen(engine.runs.key(engine.view.run)).pins == ()
        find("latentSpin0").setValue(1.5)
        assert has_dot(plane, grey, 0), "it stays where the handle leaves it"
        find("clearPinsButton").click()
        assert not has_dot(plane, grey, 0)


def test_the_mark_of_a_drawing_goes_with_the_drawing(qtbot, tab, find, engine):
    plane = find("latentPlane")
    for grey, other in ((0.25, np.full((28, 28, 1), 0.5, np.float32)), (0.75, None), (0.25, None)):
        engine.view.show_drawing(Seen(image=np.full((28, 28, 1), grey, np.float32)))
        find("placeDrawingButton").click()
        qtbot.waitUntil(lambda grey=grey: all(has_dot(plane, grey, at) for at in (0, 0.5, 1)))
        engine.view.show_drawing(Seen(image=np.full((28, 28, 1), grey, np.float32)))
        assert has_dot(plane, grey, 0), "the same"
        engine.view.show_drawing(Seen(image=other))
        assert not has_dot(plane, grey, 0)
        engine.view.show(Position(1 if other is None else 2))
        wait_until_idle(engine, tab)
        assert not has_dot(plane, grey, 0), "it does not come back with another epoch"


def test_the_way_of_a_drawing_follows_bends(qtbot, tab, find, engine, facts):
    """It stayed that of the trained network, on the plane of the bent one."""

    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        return value + len(request.bends) if isinstance(request, Encode) else value

    facts.value_of = value_of
    plane, run = find("latentPlane"), engine.view.run
    engine.view.show_drawing(Seen(image=np.full((28, 28, 1), 0.25, np.float32)))
    find("placeDrawingButton").click()
    qtbot.waitUntil(lambda: has_dot(plane, 0.25, 0) and has_dot(plane, 0.25, 0.5))
    engine.bending.bend(run.run_id, scaled((), Part("encoder_1", 3), 0.0))
    qtbot.waitUntil(lambda: has_dot(plane, 1.25, 1) and has_dot(plane, 1.25, 1.5))
    assert not has_dot(plane, 0.25, 0)


def test_a_drawing_of_another_size_is_refused(qtbot, tab, find, engine):
    engine.view.show_drawing(Seen(image=np.zeros((8, 8, 1), np.float32)))
    failed = engine.notifications.unanswered
    with qtbot.waitSignal(failed, check_params_cb=lambda message: "another size" in message):
        find("placeDrawingButton").click()


def test_the_digit_under_the_pointer_shows_how_sure_the_network_is(qtbot, tab, find):
    plane = find("latentPlane")
    place = plane.points.places[7]

    def n_tips_when_pointed_at():
        """Compared with the plane after the pointer has left, since tiles of it may still arrive."""
        leave(plane)
        before = painted_anew(plane)
        point_at(plane, place_on(plane, *place))
        return tips(plane, before, place, (0.1, 0.2))

    for _ in range(2):  # what stayed after the first time would be no news the second time
        qtbot.waitUntil(lambda: n_tips_when_pointed_at() == 8)


def test_digits_stand_where_samples_of_their_gaussians_lie(qtbot, tab, find):
    plane = find("latentPlane")
    means = plane.points.places
    qtbot.keyClick(plane, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: not np.array_equal(plane.points.places, means))
    scaled = (plane.points.places - means) / (0.1, 0.2)
    assert scaled.std() == pytest.approx(1, abs=0.2)
    find("sampledButton").click()
    np.testing.assert_array_equal(plane.points.places, means)


def test_pins_are_mixed(find, tab, pin):
    assert not find("mixPinsButton").isEnabled()
    pin(0, 0)
    pin(1, 0.5)
    find("mixPinsButton").click()
    assert find("latentPlane").handle == pytest.approx((0.5, 0.25))
    find("mixSlider0").setValue(0)
    assert find("latentPlane").handle == pytest.approx((1, 0.5))
    find("pinMixer").close()
    find("mixPinsButton").click()
    assert find("latentPlane").handle == pytest.approx((0.5, 0.25))
    find("pinMixer").close()


def test_the_handle_drifts_until_it_is_dragged(qtbot, find):
    plane = find("latentPlane")
    qtbot.keyClick(plane, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: plane.handle != (0, 0))
    assert find("driftButton").isChecked()
    qtbot.mousePress(plane, Qt.MouseButton.LeftButton)
    assert not find("driftButton").isChecked()


def test_layers_have_keys(qtbot, find):
    plane = find("latentPlane")
    qtbot.keyClick(plane, Qt.Key.Key_5)
    assert find("priorChip").isChecked()
    assert "prior" in plane.layers
    qtbot.keyClick(plane, Qt.Key.Key_5)
    assert "prior" not in plane.layers


def test_a_late_answer_about_the_newest_weights_is_not_painted_over_a_position_gone_back_to(
    qtbot, find, engine, monkeypatch
):
    """The image identifies the weights: the fake decodes z₀, so the handle stays and epochs differ."""
    answer = FakeInference.answer
    monkeypatch.setattr(
        FakeInference,
        "answer",
        lambda self, request: (
            (Position(9), np.ones((1, 28, 28, 1), np.float32))
            if isinstance(request, Decode) and len(request.latents) == 1 and request.position is None
            else answer(self, request)
        ),
    )
    find("latentSpin0").setValue(0.25)
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: find("decodedImage").images is not None)
    qtbot.waitUntil(lambda: float(find("decodedImage").images.mean()) == pytest.approx(0.25, abs=0.01))


@pytest.mark.parametrize("callback", ["Path as film…", "Save path…"])
def test_without_a_path_it_is_reported_what_is_missing(engine, tab, find, choose, callback):
    reported, kinds = [], find("pathKindCombo")
    engine.notifications.unanswered.connect(reported.append)
    choose(callback)
    choose_entry(kinds, kinds.itemText(kinds.findData("movement")))
    choose(callback)
    assert [message.split(":")[0] for message in reported] == ["Set two pins first", "Drag the handle first"]
