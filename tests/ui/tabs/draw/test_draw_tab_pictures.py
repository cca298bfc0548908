"""The Draw tab with runs on images that are not ink, by mouse, keys, files and the clipboard."""

import dataclasses

import numpy as np
import pytest
from asking import ask
from hand import drag_enter, draw_stroke
from photographs import AUTOENCODER, GREY, MNIST, SHAPE, photograph
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QColorDialog, QLabel, QToolButton, QWidget

from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.ui.draw.colour_button import COLOURS

pytestmark = pytest.mark.gui


def colour_at(canvas, across, down):
    """The colour on the screen, at a place in shares of the widget's size."""
    image = canvas.grab().toImage()
    return image.pixelColor(int(across * image.width()), int(down * image.height())).getRgb()[:3]


def colours_in(image):
    return {tuple(colour) for colour in image.reshape(-1, 3).tolist()}


def striped(width, height):
    """Red at the left and the right, blue in the middle third."""
    image = Image.new("RGB", (width, height), (255, 0, 0))
    image.paste((0, 0, 255), (width // 3, 0, 2 * width // 3, height))
    return image


def test_a_run_on_photographs_is_drawn_for_in_their_proportions(find, train, canvas, seen):
    train(AUTOENCODER)
    assert find("predictionLabel", QLabel).text() == "No drawing yet."
    assert seen() is None
    draw_stroke(canvas)
    assert seen().shape == SHAPE
    assert seen().min() == 0, "the brush is not black"
    below = canvas.rect().bottomLeft().y() / canvas.height()
    assert colour_at(canvas, 0.05, 0.05) == (255, 255, 255), "an empty canvas is not white"
    assert colour_at(canvas, 0.5, below) != (255, 255, 255), "the canvas is not wider than high"


def test_a_run_on_coloured_images_with_a_black_margin_is_drawn_for_on_black(facts, find, train, canvas, seen):
    describe = facts.description
    facts.description = lambda *about: dataclasses.replace(describe(*about), is_ink_on_black=True)
    train(AUTOENCODER)
    assert colour_at(canvas, 0.05, 0.05) == (0, 0, 0)
    draw_stroke(canvas)
    assert (seen()[0, 0].max(), seen().max()) == (0, 255)


def test_a_random_image_is_taken_as_it_is(qtbot, find, train, seen):
    train(AUTOENCODER)
    find("randomImageButton", QToolButton).click()
    qtbot.waitUntil(lambda: seen() is not None)
    np.testing.assert_array_equal(seen(), photograph())


def test_a_random_image_that_comes_late_is_put_on_no_canvas_of_another_kind(qtbot, engine, find, train, seen):
    runs = train(MNIST), train(AUTOENCODER)
    for run, other in (runs, runs[::-1], runs):
        engine.view.show_run(run)
        find("randomImageButton", QToolButton).click()
        engine.view.show_run(other)
        ask(qtbot, engine, FetchSnapshot(other.run_id, None))  # the answer before has come by then
        assert seen() is None
    find("randomImageButton", QToolButton).click()
    qtbot.waitUntil(lambda: seen() is not None)


def test_every_kind_of_image_has_a_drawing_of_its_own_and_undo_shows_the_one_that_it_changes(
    qtbot, engine, find, train, canvas, seen
):
    mnist, photographs = train(MNIST), train(AUTOENCODER)
    draw_stroke(canvas)
    picture = seen()
    engine.view.show_run(mnist)
    assert seen() is None
    draw_stroke(canvas)
    assert seen().shape == (28, 28, 1)
    engine.view.undo()
    assert seen() is None
    engine.view.undo()
    assert engine.view.run is photographs, "what is undone is shown"
    assert seen() is None
    engine.view.redo()
    np.testing.assert_array_equal(seen(), picture)
    engine.view.redo()
    assert seen().shape == (28, 28, 1)
    engine.view.undo()
    engine.view.undo()
    assert seen() is None
    qtbot.waitUntil(lambda: not find("modelCards").cards)


@pytest.mark.parametrize("name", ["Red", "Blue"])
def test_the_brush_has_the_colour_that_is_chosen(find, train, canvas, seen, name):
    train(AUTOENCODER)
    button = find("brushColourButton", QToolButton)
    QTest.keySequence(canvas, "K")
    assert button.menu().isVisible()
    while button.menu().activeAction().text() != name:
        QTest.keyClick(button.menu(), Qt.Key.Key_Down)
    QTest.keyClick(button.menu(), Qt.Key.Key_Return)
    assert button.accessibleName() == f"Brush colour: {name.lower()}"
    draw_stroke(canvas)
    assert tuple(seen()[24, 32]) == COLOURS[name] or COLOURS[name] in {
        tuple(x) for x in seen().reshape(-1, 3)
    }


def test_any_colour_can_be_chosen_in_the_dialog(tab, find, train, canvas, seen):
    train(AUTOENCODER)
    button = find("brushColourButton", QToolButton)
    button.menu().actions()[-1].trigger()
    dialog = tab.window().findChild(QColorDialog, "brushColourDialog")
    dialog.setCurrentColor(QColor(12, 200, 34))
    dialog.accept()
    assert button.accessibleName() == "Brush colour: #0cc822"
    draw_stroke(canvas)
    assert (12, 200, 34) in colours_in(seen())


def test_ink_has_no_colour_to_choose(engine, find, train):
    mnist = train(MNIST)
    assert not find("brushColourButton").isVisible()
    train(AUTOENCODER)
    assert find("brushColourButton").isVisible()
    engine.view.show_run(mnist)
    assert not find("brushColourButton").isVisible()


def test_erasing_leaves_the_ground(find, train, canvas, seen):
    train(AUTOENCODER)
    draw_stroke(canvas)
    find("eraserButton", QToolButton).click()
    canvas.set_brush(2.0)
    draw_stroke(canvas)
    assert (seen() == 255).all()


def test_grey_images_are_drawn_in_shades(find, train, canvas, seen):
    train(GREY)
    canvas.set_colour((255, 0, 0))
    draw_stroke(canvas)
    assert seen().shape == (48, 64, 1)
    assert seen().min() == round(0.299 * 255)
    assert len(set(colour_at(canvas, 0.5, 0.5))) == 1, "the canvas is not grey"


@pytest.mark.parametrize("way", ["open", "paste", "drop"])
def test_an_image_from_elsewhere_fills_the_canvas_without_its_sides(
    engine, qtbot, find, train, canvas, seen, way, tmp_path, file_dialogs
):
    train(AUTOENCODER)
    path = tmp_path / "x.png"
    striped(900, 300).save(path)
    if way == "open":
        file_dialogs.answer(path)
        QTest.keySequence(canvas, "O")
    elif way == "paste":
        QGuiApplication.clipboard().setImage(QImage(str(path)))
        QTest.keySequence(canvas, "Ctrl+V")
    else:
        drop(canvas, path)
    qtbot.waitUntil(lambda: seen() is not None)
    # Of 900 columns, the middle 400 remain, and of those 300 are blue.
    assert tuple(seen()[24, 2]) == (255, 0, 0)
    assert tuple(seen()[24, 61]) == (255, 0, 0)
    for column in (10, 32, 53):
        assert tuple(seen()[24, column]) == (0, 0, 255)
    engine.view.undo()
    assert seen() is None


def drop(canvas, path):
    mime, place = QMimeData(), canvas.rect().center()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    about = Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(canvas, drag_enter(place, *about))
    QApplication.sendEvent(canvas, QDropEvent(QPointF(place), *about))


def test_transparent_parts_show_the_ground(qtbot, find, train, canvas, seen, tmp_path):
    train(AUTOENCODER)
    image = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
    image.paste((0, 128, 0, 255), (20, 10, 40, 30))
    image.save(tmp_path / "x.png")
    canvas.open_image(str(tmp_path / "x.png"))
    qtbot.waitUntil(lambda: seen() is not None)
    assert tuple(seen()[0, 0]) == (255, 255, 255)
    assert tuple(seen()[20, 30]) == (0, 128, 0)


def test_an_image_that_is_read_while_another_run_is_chosen_is_dropped(
    qtbot, engine, find, train, canvas, tmp_path
):
    mnist, _ = train(MNIST), train(AUTOENCODER)
    striped(64, 48).save(tmp_path / "x.png")
    canvas.open_image(str(tmp_path / "x.png"))
    engine.view.show_run(mnist)
    qtbot.waitUntil(lambda: not engine.jobs.is_busy)
    QApplication.processEvents()  # what has been read arrives
    assert canvas.drawing.is_blank
    canvas.open_image(str(tmp_path / "x.png"))
    qtbot.waitUntil(lambda: not canvas.drawing.is_blank)
    assert canvas.drawing.image.ndim == 2


def test_what_the_network_sees_has_noise_but_is_not_normalised(find, train, canvas, seen):
    train(AUTOENCODER)
    draw_stroke(canvas)
    assert not find("normaliseCheck").isVisible()
    assert [card.lines[0] for card in find("reducedImages").cards] == ["image", "48×64"]
    before = seen()
    find("noiseSlider").setValue(50)
    assert (seen() != before).any()
    canvas.clear()
    assert not find("reducedImages").cards


def test_noise_of_ink_is_seen_beside_its_steps_and_never_beside_a_photograph(find, train, engine, canvas):
    ink, photographs = train(MNIST), train(AUTOENCODER)
    for noise in (30, 60):
        for run in (ink, photographs, ink):
            engine.view.show_run(run)
            draw_stroke(canvas)
            find("noiseSlider").setValue(noise)
            assert find("inputPreview").isVisible() == (run is ink)
        find("noiseSlider").setValue(0)
        assert not find("inputPreview").isVisible()
        engine.view.show_run(photographs)
        find("noiseSlider").setValue(noise + 1)
        assert not find("inputPreview").isVisible()


def test_noise_is_of_the_kind_with_which_the_newest_denoising_run_was_trained(find, train, engine, canvas):
    def is_salted():
        seen = engine.view.drawing
        return bool(((seen.image == 1) & (seen.clean == 0)).any())

    denoising = preset("denoising-vae").config
    train(MNIST)
    draw_stroke(canvas)
    find("noiseSlider").setValue(50)
    assert not is_salted(), "pixels are masked where no run denoises"
    for _ in range(2):
        train(denoising.replace(epochs=2, corruption="masking"))
        salted = train(denoising.replace(epochs=2, corruption="salt-and-pepper"))
        assert is_salted()
        newest = train(denoising.replace(epochs=2, corruption="masking"))
        assert not is_salted()
        engine.runs.remove(newest)
        assert is_salted()
        engine.runs.remove(salted)
        assert not is_salted()


def test_ink_on_paper_leaves_colours_alone(theme, find, train, canvas):
    train(AUTOENCODER)
    draw_stroke(canvas)
    before = colour_at(canvas, 0.05, 0.05)
    theme.set_inverted(True)
    assert colour_at(canvas, 0.05, 0.05) == before


def test_without_a_run_digits_are_drawn_again(engine, train, canvas, seen):
    run = train(AUTOENCODER)
    engine.runs.remove(run)
    draw_stroke(canvas)
    assert seen().shape == (28, 28, 1)


def test_every_button_that_opens_images_is_there_where_there_is_room(tab, find, train):
    train(AUTOENCODER)
    assert find("openImageButton").isVisible()
    assert find("pasteButton").isVisible()
    assert find("brushSizeSlider").width() >= 60
    for widget in tab.findChildren(QWidget):
        assert "digit" not in widget.toolTip().lower() or not widget.isVisible(), widget.toolTip()
