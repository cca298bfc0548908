"""A panel around an image or plot: Spotlight, Hold and Curtain, copying and saving."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QImage, QKeySequence, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from cadl_gui.domain.view import FigureView, Held
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs
from cadl_gui.engine.notifications import Notifications
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.words import _
from cadl_gui.ui.controls.spotlight import FILLS_PAGE, Spotlight, spotlight_host
from cadl_gui.ui.figures.curtain import Curtain
from cadl_gui.ui.figures.figure import Figure
from cadl_gui.ui.figures.figure_body import FigureBody
from cadl_gui.ui.figures.held_figure import HeldFigure
from cadl_gui.ui.figures.hover_text import HoverText, send_hover_text
from cadl_gui.ui.figures.pixel_image import png_bytes
from cadl_gui.ui.file_dialogs import ask_where_to_save
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme

GESTURES = (
    (_("Spotlight"), "Space", _("The image or plot that has the focus fills the page.")),
    (_("Hold"), "H", _("Freezes a copy next to the live image, to compare.")),
    (_("Curtain"), "C", _("Covers the image until the class has guessed.")),
    (_("Copy image"), "Ctrl+C", _("To the clipboard.")),
    (_("Save image…"), "Ctrl+Shift+S", _("As a PNG file.")),
)
"""Name, key and help of each gesture that every image and plot offers."""

_ICONS = ("maximize", "columns-2", "eye-off", "copy", "photo-down")
_IMAGE_SCALE = 2.0


class FigurePanel(QWidget):
    """Shows an image or plot with its title and gestures.

    Spotlight lets it fill the page: the nearest ancestor with the property `spotlightHost`, or the window.
    It ends while the panel is hidden. Hold freezes a copy beside it. Curtain covers it until the class has
    guessed. Their keys act while the content has the focus.

    Args:
        content: A `QWidget` that is a `Figure`.
        theme: Colours, type and icons.
        jobs: Runs the jobs that write image files.
        title: Title, also used in the name of a saved image.
        shows_note: Whether the note is shown beside the title, and not only used for what is held or saved.
        beside: What stands at the right of the content, also in the spotlight and under the curtain.

    Signals:
        holding_changed: A copy is about to be frozen beside the content, or was removed.
        spotlight_changed: (bool) Whether the content fills the page now.

    Raises:
        TypeError: If the content is not a `QWidget`.
    """

    holding_changed = Signal()
    spotlight_changed = Signal(bool)

    def __init__(
        self,
        content: Figure,
        theme: Theme,
        jobs: BackgroundJobs,
        title: str,
        *,
        shows_note: bool = True,
        beside: QWidget | None = None,
    ) -> None:
        super().__init__()
        if not isinstance(content, QWidget):
            raise TypeError(f"Expected a widget. Received: content={content!r}")
        self._content: Figure = content
        self._content_widget: QWidget = content
        self._theme = theme
        self._jobs = jobs
        self._title = title
        self._title_details = self._note = self._note_details = ""
        self._shows_note = shows_note
        self._pointed_at = ""
        self._text: Callable[[], Mapping[str, str]] = dict
        self._spotlight: Spotlight | None = None
        slots = (self.toggle_spotlight, self.toggle_hold, self.toggle_curtain, self.copy, self.save)
        self._actions = self._build_actions(slots)
        self._body = FigureBody(content, theme, title, self._actions, n_buttons=3, beside=beside)
        self._body.installEventFilter(self)
        self._body.double_clicked.connect(self.toggle_spotlight)
        self._curtain: Curtain | None = None  # made when it is first drawn
        self._curtain_of_page: QAction | None = None
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.addWidget(self._body)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusProxy(content)
        if not content.accessibleName():
            content.setAccessibleName(title)
        self.bind_to(ViewState(), "", Notifications())
        theme.changed.connect(self._show_words)

    @property
    def is_holding(self) -> bool:
        """Whether a frozen copy is beside the content."""
        return self._body.is_holding

    def has(self, widget: QWidget | None) -> bool:
        """Return whether a widget is part of it, also while its content fills the page."""
        return widget is not None and (self.isAncestorOf(widget) or self._body.isAncestorOf(widget))

    def bind_to(self, view: ViewState, page: str, notifications: Notifications) -> None:
        """Fill the page and be covered as the view says; the view names it by its page and its content."""
        self._notifications = notifications
        self._view, self._key = view, f"{page}/{self._content_widget.objectName()}"
        view.bind(self, lambda: view.value.figure.filling, self._show_filling)
        view.bind(self, lambda: view.value.figure.covered, self._show_covered)
        view.bind(self, lambda: view.value.figure.held.get(self._key), self._show_held)

    def set_title(self, title: str, details: str = "") -> None:
        """Change the title, and what follows it with Details."""
        self._title, self._title_details = title, details
        self._show_words()

    def set_note(self, note: str, details: str = "") -> None:
        """Set the note at the right of the title, such as "epoch 3", and what follows it with Details."""
        if (note, details) != (self._note, self._note_details):
            self._note, self._note_details = note, details
            self._show_words()

    def set_text(self, text: Callable[[], Mapping[str, str]]) -> None:
        """Set the function that returns metadata for saved images, by keyword; called at each save."""
        self._text = text

    def hideEvent(self, event: QHideEvent) -> None:
        """End the spotlight, unless the page is hidden."""
        super().hideEvent(event)
        self._show_filling()

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the page again."""
        super().showEvent(event)
        self._show_filling()

    @Slot()
    def toggle_spotlight(self) -> None:
        """Let the content fill the page, or return it to its place."""
        chosen, page = self._view.value.figure, self._key.split("/")[0]
        others = tuple(key for key in chosen.filling if key.split("/")[0] != page)
        filling = others if self._key in chosen.filling else (*others, self._key)
        self._choose(replace(chosen, filling=filling))

    def _choose(self, figure: FigureView) -> None:
        self._view.change(figure=figure)
        if self.isVisible():
            self._content_widget.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_filling(self) -> None:
        """Fill the page if it is wished, and the panel is there when the page is."""
        fills = self._key in self._view.value.figure.filling and self.isVisibleTo(spotlight_host(self))
        self._actions[0].setChecked(fills)
        if fills != (self._spotlight is not None):
            self._content_widget.setProperty(FILLS_PAGE, fills)
            if fills:
                self._enter_spotlight()
            else:
                self._leave_spotlight()
            self.spotlight_changed.emit(fills)

    @Slot()
    def toggle_hold(self) -> None:
        """Freeze a copy of the content beside it, or remove the copy."""
        copy = None
        if not self.is_holding:
            caption = _("Held: {note}").format(note=self._note) if self._note else _("Held")
            self._make_room_to_hold(caption)
            # Rendered after the resize, so that both images have the same size.
            copy = Held(caption, self._content.render_image(_IMAGE_SCALE))
        self._view.change(figure=self._view.value.figure.holding(self._key, copy))

    def _show_held(self) -> None:
        copy = self._view.value.figure.held.get(self._key)
        self._actions[1].setChecked(copy is not None)
        if copy is not None:
            self._make_room_to_hold(copy.caption).set_image(copy.image)
        elif self.is_holding:
            self._body.release()
            self.holding_changed.emit()

    def _make_room_to_hold(self, caption: str) -> HeldFigure:
        was_holding, held = self.is_holding, self._body.make_room_to_hold(caption)
        if not was_holding:
            self.holding_changed.emit()
        return held

    def leave_curtain_to(self, action: QAction) -> None:
        """Have no curtain of its own: an action of the page covers more than this figure, by the same key."""
        self._curtain_of_page = action
        self._actions[2].setShortcut(QKeySequence())
        self._actions[2].setVisible(False)

    @Slot()
    def toggle_curtain(self) -> None:
        """Cover or reveal the content; it gets the focus, so that the same key reveals it."""
        if self._curtain_of_page is not None:
            self._curtain_of_page.trigger()
        else:
            self._choose(self._view.value.figure.curtained(self._key))

    def _show_covered(self) -> None:
        covers = self._key in self._view.value.figure.covered
        self._actions[2].setChecked(covers)
        if covers and self._curtain is None:
            self._curtain = Curtain(self._body.area, self._theme, self.toggle_curtain)
        if self._curtain is not None and covers == self._curtain.isHidden():
            self._curtain.setVisible(covers)
            self._tell("")

    @Slot()
    def copy(self) -> None:
        """Copy an image of the content to the clipboard."""
        QGuiApplication.clipboard().setImage(self._content.render_image(_IMAGE_SCALE))

    @Slot()
    def save(self) -> None:
        """Ask for a path and write an image of the content there as PNG, in a background job."""
        image = self._content.render_image(_IMAGE_SCALE)
        for keyword, value in self._text().items():
            image.setText(keyword, value)
        words = re.findall(r"\w+(?:\.\w+)*", f"{self._title} {self._note}".lower())
        name = f"{'-'.join(words)}.png"
        path = ask_where_to_save(self, FileKind.IMAGE, _("Save image"), name, _("PNG image (*.png)"))
        if path is None:
            return
        what = _("{name} could not be saved").format(name=path.name)
        saving = BackgroundJob(partial(_write_png, image, str(path)), what)
        self._jobs.start(saving, self._notifications.report_saved, self._notifications.unanswered)

    def _build_actions(self, slots: tuple[Callable[[], None], ...]) -> list[QAction]:
        actions = []
        for (text, key, about), icon_name, slot in zip(GESTURES, _ICONS, slots, strict=True):
            action = QAction(icon(icon_name, self._theme), text, self)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.setToolTip(f"{text}: {about} ({action.shortcut().toString()})")
            action.setAutoRepeat(False)
            action.triggered.connect(slot)
            actions.append(action)
        for action in actions[:3]:
            action.setCheckable(True)
        return actions

    def _enter_spotlight(self) -> None:
        host = spotlight_host(self)
        size = self._body.size()
        self._place.removeWidget(self._body)
        # Holds the place, so that the layout beneath does not change.
        policy = QSizePolicy.Policy.Expanding
        self._place.addSpacerItem(QSpacerItem(size.width(), size.height(), policy, policy))
        self._spotlight = Spotlight(host, self._body)
        self._spotlight.back.clicked.connect(self.toggle_spotlight)
        self._spotlight.shown.connect(self._show_filling)

    def _leave_spotlight(self) -> None:
        spotlight, self._spotlight = self._spotlight, None
        self._place.takeAt(0)
        self._place.addWidget(self._body)
        self._place.activate()
        if spotlight is not None:
            spotlight.hide()
            spotlight.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt)
        """Pass on what the content tells: from here, where it is not when it fills the page."""
        if isinstance(event, HoverText):
            self._tell(event.tip())
            return True
        return False

    def _tell(self, text: str) -> None:
        """Tell what is under the pointer, unless the curtain covers it."""
        is_covered = self._curtain is not None and self._curtain.isVisibleTo(self._body)
        self._pointed_at = "" if is_covered else text
        self._show_words()
        send_hover_text(self, self._pointed_at)

    @Slot()
    def _show_words(self) -> None:
        """Show title and note; in present mode the hover text: a class cannot read the status bar."""
        words, told = self._theme.stage.words, self._pointed_at if self._theme.present else ""
        self._body.set_title(words(self._title, self._title_details))
        self._body.set_note(told or (words(self._note, self._note_details) if self._shows_note else ""))


def _write_png(image: QImage, path: str) -> str:
    """Write the file atomically and return its path."""
    with atomic_output(Path(path)) as beside:
        beside.write_bytes(png_bytes(image))
    return path
