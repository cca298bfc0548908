"""The Latent tab by keyboard alone, and what it exposes to screen readers."""

import numpy as np
import pytest
from planes import has_dot, has_pin, tips
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QComboBox, QMenu
from seen import painted_anew
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.imaging.drawing.seen import Seen

pytestmark = pytest.mark.gui

KEY, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
MOST_STEPS = 60
"""More than there are widgets."""


@pytest.fixture
def tab(vae_tab, qtbot):
    vae_tab.activateWindow()
    qtbot.waitUntil(vae_tab.isActiveWindow)
    vae_tab.findChild(object, "latentPlane").setFocus()
    return vae_tab


@pytest.fixture
def press(qtbot):
    """Presses keys wherever the focus is: a `Key`, one with modifiers, or a text."""

    def press(*keys):
        for key in keys:
            focus = QApplication.activePopupWidget() or QApplication.focusWidget()
            if isinstance(key, str):
                qtbot.keyClicks(focus, key)
            else:
                qtbot.keyClick(focus, *(key if isinstance(key, tuple) else (key,)))

    return press


@pytest.fixture
def tab_to(press):
    """Presses Tab until a widget has the focus; fails if it never has."""

    def tab_to(name):
        for _ in range(MOST_STEPS):
            if QApplication.focusWidget().objectName() == name:
                return
            press(KEY.Key_Tab)
        pytest.fail(f"The tabulator never comes to {name}.")

    return tab_to


def test_the_handle_goes_by_arrows_and_typed_numbers_and_onto_digits(find, press, tab_to):
    plane = find("latentPlane")
    press(KEY.Key_Right, (KEY.Key_Up, CTRL))
    assert min(plane.handle) > 0
    tab_to("latentSpin0")
    press((KEY.Key_A, CTRL), "-1.25", KEY.Key_Return)
    tab_to("latentSpin1")
    press((KEY.Key_A, CTRL), "0.5", KEY.Key_Return)
    assert plane.handle == pytest.approx((-1.25, 0.5))
    tab_to("latentPlane")
    press(KEY.Key_N)
    assert plane.handle in {tuple(place) for place in plane.points.places.tolist()}


def test_a_digit_that_is_snapped_to_shows_how_sure_the_network_is(qtbot, tab, find, press):
    plane = find("latentPlane")
    press(KEY.Key_3)
    assert plane.layers == {"points", "glyphs"}, "else tiles that arrive would be taken for tips"
    press(*[(KEY.Key_Right, CTRL)] * 3)
    plain = painted_anew(plane)
    press(KEY.Key_Right, "n")
    qtbot.waitUntil(lambda: tips(plane, plain, plane.handle, (0.1, 0.2)) == 8)
    digit = plane.handle
    press(*[(KEY.Key_Right, CTRL)] * 2)
    assert tips(plane, plain, digit, (0.1, 0.2)) <= 2, "the trail goes over those at the right"


def test_the_view_is_zoomed_panned_and_fitted(find, press):
    plane = find("latentPlane")
    everything, handle = plane.view, plane.handle
    press(KEY.Key_Plus, KEY.Key_Plus, (KEY.Key_Right, CTRL | SHIFT), (KEY.Key_Down, CTRL | SHIFT))
    assert plane.view.width < everything.width
    assert plane.view.centre[0] > everything.centre[0]
    assert plane.view.centre[1] < everything.centre[1]
    press(KEY.Key_Minus, KEY.Key_Home)
    assert plane.view == everything
    assert plane.handle == handle


def test_every_layer_is_switched(find, press):
    plane = find("latentPlane")
    for key, layer in zip(
        "123456", ("points", "thumbnails", "manifold", "classifier", "prior", "density"), strict=True
    ):
        before = layer in plane.layers
        press(key)
        assert (layer in plane.layers) != before
        press(key)
    for key, name in (("s", "sampledButton"), ("v", "hoverButton")):
        press(key)
        assert find(name).isChecked()
        press(key)


def test_pins_path_and_play(qtbot, find, engine, press, tab_to):
    plane, places = find("latentPlane"), []
    for _ in range(3):
        places.append(plane.handle)
        press("p", (KEY.Key_Right, CTRL))
    assert [has_pin(plane, *place) for place in places] == [True, True, True]
    engine.view.undo()
    assert [has_pin(plane, *place) for place in places] == [True, True, False]
    tab_to("pathKindCombo")
    press(KEY.Key_Down, KEY.Key_Down)
    tab_to("pathSpeedCombo")
    press(KEY.Key_End)
    tab_to("latentPlane")
    press((KEY.Key_L, SHIFT), (KEY.Key_L, SHIFT), "l")
    assert find("playPathButton").text() == "Stop"
    qtbot.waitUntil(lambda: find("playPathButton").text() == "Play path")
    assert plane.handle == pytest.approx(places[1])
    press((KEY.Key_Delete, SHIFT))
    assert [has_pin(plane, *place) for place in places] == [False, False, False]


def test_pins_are_mixed_by_keys(qtbot, find, press):
    plane = find("latentPlane")
    press("p", (KEY.Key_Right, CTRL), "p", "m")
    middle = plane.handle[0]
    find("pinMixer").activateWindow()
    qtbot.waitUntil(find("mixSlider0").hasFocus)
    press(KEY.Key_End, KEY.Key_Tab, KEY.Key_Home)
    assert plane.handle[0] < middle
    press(KEY.Key_Escape)
    assert not find("pinMixer").isVisible()


def test_what_moves_by_itself_begins_and_ends(qtbot, find, engine, press):
    plane = find("latentPlane")
    press("w")
    qtbot.waitUntil(lambda: plane.handle != (0, 0))
    press("w")
    assert not find("driftButton").isChecked()
    press("b")
    qtbot.waitUntil(lambda: not find("reencodeButton").isChecked())
    engine.view.show_drawing(Seen(image=np.full((28, 28, 1), 0.25, np.float32)))
    press("d")
    qtbot.waitUntil(lambda: has_dot(plane, 0.25, 0) and has_dot(plane, 0.25, 0.5))


def test_digits_move_to_a_grid_with_a_handle_and_back(qtbot, find, press):
    plane = find("latentPlane")
    latents = plane.points.places
    press("g")
    qtbot.waitUntil(lambda: plane.points.is_on_grid)
    press(KEY.Key_Right, "n")
    shown = [find(f"latentSpin{i}").value() for i in range(2)]
    assert np.abs(latents - shown).max(1).min() < 1e-3
    assert f"z₀ {shown[0]:.3f}".replace("-", "−") in plane.accessibleDescription()
    press("g")
    np.testing.assert_array_equal(plane.points.places, latents)


def test_the_export_menu_opens_a_dialog(qtbot, find, press, tab_to, file_dialogs, tmp_path):
    file_dialogs.answer(tmp_path / "print.png")
    tab_to("exportButton")
    press(KEY.Key_Space)
    menu = find("exportButton").menu()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    while menu.activeAction() is None or menu.activeAction().text() != "Print of the plane…":
        press(KEY.Key_Down)
    press(KEY.Key_Return)
    qtbot.waitUntil((tmp_path / "print.png").exists, timeout=20_000)


def test_an_export_is_cancelled(qtbot, find, press, tab_to, file_dialogs, tmp_path):
    file_dialogs.answer(tmp_path / "film.gif")
    press("p", (KEY.Key_Right, CTRL), "p", (KEY.Key_F, CTRL | SHIFT))
    qtbot.waitUntil(find("cancelExportButton").isVisible)
    tab_to("cancelExportButton")
    press(KEY.Key_Space)
    assert not find("exportProgress").isVisible()


def test_axes_and_latents_of_a_large_space(qtbot, find, press, tab_to, train_vae):
    train_vae(latent_dim=4)
    tab_to("axesKindCombo")
    press(KEY.Key_Down)
    assert find("axesKindCombo", QComboBox).currentText() == "Latents"
    tab_to("secondAxisCombo")
    press(KEY.Key_Down)
    tab_to("randomLatentsButton")
    press(KEY.Key_Space)
    assert find("latentSpin0").value() != 0
    tab_to("latentSlider3")
    press(KEY.Key_Right)
    assert find("latentSpin3").value() != 0
    tab_to("resetLatentsButton")
    press(KEY.Key_Space)
    assert find("latentSpin0").value() == pytest.approx(0, abs=1e-3)


def test_screen_reader_gets_z_and_the_answer_in_the_tab(qtbot, find, engine, press):
    vae = engine.view.run
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    engine.view.show_run(vae)
    plane = QAccessible.queryAccessibleInterface(find("latentPlane"))
    press((KEY.Key_Right, CTRL))
    handle = find("latentPlane").handle
    qtbot.waitUntil(lambda: "%" in plane.text(QAccessible.Text.Description))
    reported = plane.text(QAccessible.Text.Description)
    assert reported.startswith(f"z₀ {handle[0]:.3f}, z₁ 0.000. ")
    assert find("answerLabel").text() in reported


def test_a_screen_reader_gets_the_z_of_many_latents(find, train_vae, press):
    train_vae(latent_dim=4)
    find("latentSpin3").setValue(0.25)
    assert "z₃ 0.250" in find("latentPlane").accessibleDescription()


def test_everything_that_takes_the_focus_has_a_name(tab, find, tab_to, press):
    tab_to("latentPlane")
    for _ in range(MOST_STEPS):
        press(KEY.Key_Tab)
        focus = QApplication.focusWidget()
        interface = QAccessible.queryAccessibleInterface(focus)
        assert interface.text(QAccessible.Text.Name), focus.objectName()
