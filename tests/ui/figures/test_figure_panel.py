"""All actions of a panel by keys and clicks: Spotlight, Hold, Curtain, copy, save."""

from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hand import leave, point_at
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from seen import LayoutRequests, hover_texts

from cadl_gui.engine.notifications import Notifications
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.resources import resource_path
from cadl_gui.ui.controls.spotlight import Spotlight
from cadl_gui.ui.figures import pixel_image
from cadl_gui.ui.figures.curtain import Curtain
from cadl_gui.ui.figures.figure_panel import GESTURES, FigurePanel
from cadl_gui.ui.figures.held_figure import HeldFigure
from cadl_gui.ui.figures.hover_text import send_hover_text
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.theme.stylesheet import stylesheet
from cadl_gui.ui.theme.theme import Theme

pytestmark = pytest.mark.gui

RED, BLUE = QColor("#C00000"), QColor("#0000C0")


class Image(QWidget):
    """A figure of one colour that reports the position of the pointer."""

    def __init__(self):
        super().__init__()
        self.colour = RED
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def mouseMoveEvent(self, event):
        send_hover_text(self, f"x {event.position().x():.0f}, y {event.position().y():.0f}")

    def leaveEvent(self, event):
        send_hover_text(self, "")

    def render_image(self, scale):
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        self.render(image)
        return image

    def paintEvent(self, event):
        QPainter(self).fillRect(self.rect(), self.colour)


@pytest.fixture
def theme():
    return Theme("light")


@pytest.fixture
def content():
    return Image()


@pytest.fixture
def page(qtbot, theme, jobs, content):
    """A window whose page, with two panels below a bar, hosts the Spotlight."""
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget()
    page.setProperty("spotlightHost", True)
    page.panel = FigurePanel(content, theme, jobs, "Reconstruction")
    page.other = FigurePanel(Image(), theme, jobs, "Input")
    row = QHBoxLayout(page)
    row.addWidget(page.panel)
    row.addWidget(page.other)
    column = QVBoxLayout(window)
    column.addWidget(QLabel("Bar"))
    column.addWidget(page, stretch=1)
    window.resize(900, 500)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    page.panel.setFocus()
    qtbot.waitUntil(content.hasFocus)
    page.kept_alive = window
    return page


@pytest.fixture
def panel(page):
    return page.panel


def spotlight_of(page):
    found = [one for one in page.findChildren(Spotlight) if one.isVisible()]
    return found[0] if found else None


def colour_at(widget, x_share, y_share=0.5):
    image = widget.grab().toImage()
    return image.pixelColor(int(x_share * (image.width() - 1)), int(y_share * (image.height() - 1)))


def enter_by_space(panel, content):
    QTest.keyClick(content, Qt.Key.Key_Space)


def enter_by_double_click(panel, content):
    QTest.mouseDClick(content, Qt.MouseButton.LeftButton)


def enter_by_button(panel, content):
    button = next(b for b in panel.findChildren(QToolButton) if b.text() == "Spotlight")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_content_does_not_move_where_the_buttons_appear(qtbot, page, theme):
    page.setStyleSheet(stylesheet(theme.colours, theme.sizes, resource_path("icons/light")))
    place = page.other.geometry()
    content = page.other.focusProxy()
    before = content.mapTo(page, QPoint()), content.size()
    page.other.setFocus()
    qtbot.waitUntil(content.hasFocus)
    buttons = [button for button in page.other.findChildren(QToolButton) if button.isVisible()]
    assert len(buttons) == 4
    QCoreApplication.sendPostedEvents()
    assert (content.mapTo(page, QPoint()), content.size()) == before
    assert page.other.geometry() == place
    right = [button.mapTo(page, button.rect().topRight()).x() for button in buttons]
    assert len(set(right)) == 4
    assert max(right) < place.right()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
@pytest.mark.parametrize("enter", [enter_by_space, enter_by_double_click, enter_by_button])
def test_spotlight_fills_the_page_and_everything_returns_exactly(page, panel, content, enter, key):
    before = (content.parentWidget(), content.geometry(), panel.geometry(), page.other.geometry())
    grabbed = page.window().grab().toImage()
    enter(panel, content)
    spotlight = spotlight_of(page)
    assert spotlight.geometry() == page.rect()
    QApplication.processEvents()
    assert content.width() > 1.7 * before[1].width()
    assert content.hasFocus()
    assert page.other.geometry() == before[3]
    QTest.keyClick(content, key)
    QApplication.processEvents()
    assert spotlight_of(page) is None
    assert (content.parentWidget(), content.geometry(), panel.geometry(), page.other.geometry()) == before
    assert content.hasFocus()
    assert page.window().grab().toImage() == grabbed


def test_spotlight_has_a_visible_way_out(page, content):
    for _ in range(2):
        QTest.keyClick(content, Qt.Key.Key_Space)
        QApplication.processEvents()  # lays out
        (back,) = spotlight_of(page).findChildren(QPushButton)
        assert back.visibleRegion().boundingRect() == back.rect()
        QTest.mouseClick(back, Qt.MouseButton.LeftButton)
        QApplication.processEvents()
        assert spotlight_of(page) is None
        assert content.hasFocus()


def test_an_image_is_in_the_middle_of_the_page_that_it_fills(qtbot, page, theme, jobs):
    image = ImageView(theme, empty_text="")
    panel = FigurePanel(image, theme, jobs, "Image")
    page.layout().addWidget(panel)
    image.set_image(np.full((4, 4, 1), 255, np.uint8))
    panel.setFocus()
    for fills in (False, True, False):
        assert (spotlight_of(page) is not None) is fills
        QApplication.processEvents()
        lit = [colour_at(image, share, 0.1).lightness() > 250 for share in (0.01, 0.5, 0.99)]
        assert lit == ([False, True, False] if fills else [True, lit[1], lit[2]])
        QTest.keyClick(image, Qt.Key.Key_Space)


def test_spotlight_follows_the_page(page, content):
    QTest.keyClick(content, Qt.Key.Key_Space)
    page.window().resize(1100, 640)
    QApplication.processEvents()
    assert spotlight_of(page).geometry() == page.rect()
    page.hide()
    QTest.keyClick(page.window(), Qt.Key.Key_Escape)
    page.show()
    assert spotlight_of(page) is not None, "while it was hidden, the key was another page's"


def test_without_a_host_the_window_is_filled(qtbot, theme, jobs, content):
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(FigurePanel(content, theme, jobs, "Alone"))
    window.show()
    content.setFocus()
    qtbot.waitUntil(content.hasFocus)
    QTest.keyClick(content, Qt.Key.Key_Space)
    assert spotlight_of(window).geometry() == window.rect()


def test_escape_means_nothing_to_a_stage_that_is_in_its_place(page, content):
    QTest.keyClick(content, Qt.Key.Key_Escape)
    assert spotlight_of(page) is None


def test_hold_shows_the_old_image_while_the_live_one_changes(page, panel, content):
    area, whole = content.parentWidget(), content.width()
    for note, before, after in (("epoch 3", RED, BLUE), ("A · <b>first</b>", BLUE, RED)):
        panel.set_note(note)
        QTest.keyClick(content, Qt.Key.Key_H)
        content.colour = after
        panel.set_note("epoch 7")
        content.update()
        QApplication.processEvents()
        assert (colour_at(area, 0.25, 0.4), colour_at(area, 0.75, 0.4)) == (before, after)
        assert abs(content.width() - (whole - 16) / 2) <= 1
        caption = panel.findChild(QLabel, "stageHeld")
        assert caption.isVisible()
        assert caption.accessibleName() == caption.text() == f"Held: {note}", "letter by letter"
        badge = area.grab().toImage().copy(0, 0, 40, 20)
        colours = {badge.pixelColor(x, y).name() for x in range(40) for y in range(20)}
        assert len(colours) > 2, "on the image itself it says that it is held"
        QTest.keyClick(content, Qt.Key.Key_H)
        QApplication.processEvents()
        assert content.width() == whole
        assert not caption.isVisible()
        assert colour_at(area, 0.25) == after


@pytest.mark.parametrize("note", ["epoch 3", 9 * "untrained: only the mean image, "])
def test_held_image_has_the_size_of_the_live_one(panel, content, note):
    """A long caption made the live image half as large as the held one."""
    panel.set_note(note)
    QTest.keyClick(content, Qt.Key.Key_H)
    (held,) = panel.findChildren(HeldFigure)
    assert held.image.deviceIndependentSize().toSize() == content.size()
    assert abs(held.width() - content.width()) <= 1
    held.resize(held.width() // 2, held.height())
    colours = [colour_at(held, 0.5, share) for share in (0.4, 0.9)]
    assert [each == RED for each in colours] == [True, False], "in a narrow window it keeps its proportions"


@pytest.mark.parametrize("lift", ["key", "click"])
def test_curtain_hides_the_image_and_lifts(panel, content, lift):
    area = content.parentWidget()
    assert colour_at(area, 0.5, 0.2) == RED
    QTest.keyClick(content, Qt.Key.Key_C)
    curtain = panel.findChild(Curtain)
    assert curtain.geometry() == area.rect()
    covered = area.grab().toImage()
    assert all(
        covered.pixelColor(x, y) != RED
        for x in range(0, covered.width(), 7)
        for y in range(0, covered.height(), 7)
    )
    if lift == "key":
        QTest.keyClick(content, Qt.Key.Key_C)
    else:
        QTest.mouseClick(curtain, Qt.MouseButton.LeftButton)
    assert colour_at(area, 0.5, 0.2) == RED


def test_the_key_reveals_what_a_click_on_the_button_has_covered(page, panel, content):
    """The focus had stayed in the list of runs, where C chose another run."""
    page.other.setFocus()
    button = next(b for b in panel.findChildren(QToolButton) if b.text() == "Curtain")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not panel.findChild(Curtain).isHidden()
    QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_C)
    assert panel.findChild(Curtain).isHidden()


def test_a_press_on_the_curtain_is_taken_back_by_dragging_away(panel, content):
    QTest.keyClick(content, Qt.Key.Key_C)
    curtain = panel.findChild(Curtain)
    QTest.mousePress(curtain, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(curtain, Qt.MouseButton.LeftButton, pos=curtain.rect().bottomRight() + QPoint(9, 9))
    assert not curtain.isHidden()


@pytest.mark.parametrize("first", [Qt.Key.Key_C, Qt.Key.Key_H])
def test_curtain_hides_a_held_copy_too(panel, content, first):
    """A copy held while the class was guessing lay on the curtain and gave the answer away."""
    area = content.parentWidget()
    QTest.keyClick(content, first)
    QTest.keyClick(content, Qt.Key.Key_H if first == Qt.Key.Key_C else Qt.Key.Key_C)
    QApplication.processEvents()
    assert RED not in [colour_at(area, share, 0.2) for share in (0.1, 0.25, 0.4, 0.6, 0.75, 0.9)]
    QTest.keyClick(content, Qt.Key.Key_C)
    assert colour_at(area, 0.25, 0.2) == colour_at(area, 0.75, 0.2) == RED


def test_curtain_also_hides_what_is_under_the_pointer(panel, content):
    reported = hover_texts(panel)
    point_at(content, QPoint(12, 7))
    QTest.keyClick(content, Qt.Key.Key_C)
    point_at(content, QPoint(13, 7))
    assert reported == ["x 12, y 7", "", ""]


def test_copy_puts_the_image_on_the_clipboard_at_twice_its_size(panel, content):
    QGuiApplication.clipboard().clear()
    QTest.keyClick(content, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    image = QGuiApplication.clipboard().image()
    assert image.size() == content.size() * 2
    assert image.pixelColor(5, 5) == RED


def press_save(content):
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(content, Qt.Key.Key_S, modifiers)


@pytest.fixture
def notifications(panel):
    notifications = Notifications()
    panel.bind_to(ViewState(), "", notifications)
    return notifications


@pytest.mark.parametrize("name", ["picture.png", "picture"])
def test_save_writes_a_png(panel, notifications, content, file_dialogs, tmp_path, qtbot, name):
    panel.set_note("epoch 3 · 0.21, “lower is better”")
    file_dialogs.answer(tmp_path / name)
    with qtbot.waitSignal(notifications.saved) as saved:
        press_save(content)
    written = tmp_path / "picture.png"
    assert saved.args == [str(written), ""]
    assert QImage(str(written)).size() == content.size() * 2
    assert written.read_bytes().startswith(b"\x89PNG")
    assert Path(file_dialogs.asked[0].place).name == "reconstruction-epoch-3-0.21-lower-is-better.png"


def test_save_that_fails_says_why_in_a_message(notifications, content, file_dialogs, tmp_path, qtbot):
    file_dialogs.answer(str(tmp_path / "no" / "such" / "picture.png"))
    with qtbot.waitSignal(notifications.unanswered) as failed:
        press_save(content)
    message = failed.args[0]
    assert message.startswith("picture.png could not be saved: ")
    assert message.endswith(".")


def test_dragging_continues_while_an_image_is_written(
    panel, notifications, content, monkeypatch, file_dialogs, tmp_path, qtbot
):
    file_dialogs.answer(tmp_path / "picture.png")
    goes_on = Event()

    class LateWriter(QImageWriter):
        def write(self, image):
            assert goes_on.wait(60)
            return super().write(image)

    monkeypatch.setattr(pixel_image, "QImageWriter", LateWriter)
    press_save(content)
    content.colour = BLUE
    content.update()
    QTest.keyClick(content, Qt.Key.Key_Space)
    assert spotlight_of(panel.parentWidget()) is not None
    assert not (tmp_path / "picture.png").exists()
    with qtbot.waitSignal(notifications.saved):
        goes_on.set()
    assert QImage(str(tmp_path / "picture.png")).pixelColor(5, 5) == RED, "what was shown when it was asked"


def test_save_without_a_choice_does_nothing(notifications, content, file_dialogs, tmp_path):
    reported = []
    notifications.saved.connect(reported.append)
    notifications.unanswered.connect(reported.append)
    file_dialogs.answer("")
    press_save(content)
    assert reported == []


def test_context_menu_has_all_five_gestures_with_their_keys(panel, content):
    centre = content.rect().center()
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        QApplication.sendEvent(content, QContextMenuEvent(reason, centre, content.mapToGlobal(centre)))
        menu = QApplication.activePopupWidget()
        shown = [(action.text(), action.shortcut().toString()) for action in menu.actions()]
        assert shown == [(name, key) for name, key, _ in GESTURES]
        menu.close()


def test_an_image_with_little_room_keeps_its_size_when_it_is_pointed_at(qtbot, theme, jobs):
    """The buttons made *Variation* wider than its neighbour, and its image jumped."""
    page = QWidget()
    qtbot.addWidget(page)
    row, images = QHBoxLayout(page), (Image(), Image())
    for image, title in zip(images, ("Mean", "Variation"), strict=True):
        row.addWidget(FigurePanel(image, theme, jobs, title), stretch=1)
    for width, n_buttons in ((290, 1), (700, 4), (290, 1)):
        page.resize(width, 200)
        page.show()
        QApplication.processEvents()  # lays out
        before = [QRect(image.mapTo(page, QPoint(0, 0)), image.size()) for image in images]
        images[1].setFocus()
        QApplication.processEvents()
        buttons = [one for one in page.findChildren(QToolButton) if one.isVisible()]
        assert len(buttons) == n_buttons
        assert [QRect(image.mapTo(page, QPoint(0, 0)), image.size()) for image in images] == before
        images[1].clearFocus()


def test_buttons_show_on_focus_or_hover_and_nothing_shifts(page, panel, content):
    note = panel.findChild(QLabel, "stageNote")

    def geometries():
        return content.geometry(), note.geometry().topRight(), note.height()

    buttons = panel.findChildren(QToolButton)
    before, second = geometries(), buttons[1].x()
    assert all(button.isVisible() for button in buttons)
    assert note.x() > buttons[-1].x()
    page.other.setFocus()
    assert not any(button.isVisible() for button in buttons)
    QApplication.processEvents()
    assert geometries() == before
    assert note.x() < second, "the note has the place of the buttons while they are hidden"
    QTest.mouseMove(panel, QPoint(5, 5))
    QTest.mouseMove(panel, QPoint(9, 9))
    QApplication.processEvents()
    assert all(button.isVisible() for button in buttons)
    assert all(button.accessibleName() or button.text() for button in buttons)


def test_keys_act_on_the_stage_in_the_focus_only(page, content):
    page.other.setFocus()
    QTest.keyClick(page.other.focusWidget() or page.window().focusWidget(), Qt.Key.Key_C)
    assert page.panel.findChild(Curtain) is None
    assert not page.other.findChild(Curtain).isHidden()


def test_note_gives_way_to_the_pointer_in_present_mode(panel, content, theme):
    note = panel.findChild(QLabel, "stageNote")
    panel.set_note("epoch 3")
    point_at(content, QPoint(12, 7))
    assert note.accessibleName() == "epoch 3"
    theme.set_present(True)
    assert note.accessibleName() == "x 12, y 7"
    leave(content)
    assert note.accessibleName() == "epoch 3"


def test_of_a_note_that_does_not_fit_the_beginning_is_seen(panel):
    note = panel.findChild(QLabel, "stageNote")

    def painted(text):
        panel.set_note(text)
        return note.grab().toImage().copy(0, 0, note.width() // 2, note.height())

    middle = " · what is known of it" * 20
    assert painted(f"image 1,243{middle} at the end") == painted(f"image 1,243{middle}, or elsewhere")
    assert painted(f"image 1,243{middle} at the end") != painted(f"other 9,876{middle} at the end")


def test_another_note_lays_out_nothing_anew(panel):
    """Qt would lay out the whole window for each value under the pointer, and often in training."""
    panel.set_note("before")
    QApplication.processEvents()
    laid_out = LayoutRequests()
    for widget in (panel, panel.window()):
        widget.installEventFilter(laid_out)
    panel.set_note("a note that is longer by far")
    QApplication.processEvents()
    assert panel.findChild(QLabel, "stageNote").accessibleName() == "a note that is longer by far"
    assert laid_out.n == 0


def test_content_is_named_for_screen_readers(panel, content):
    assert content.accessibleName() == "Reconstruction"


def test_content_that_is_no_widget_is_refused(theme, jobs):
    with pytest.raises(TypeError, match="Expected a widget"):
        FigurePanel(object(), theme, jobs, "Nothing")
