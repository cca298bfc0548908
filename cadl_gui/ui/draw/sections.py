"""The sections beneath the canvas, of which one is open."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.choice_group import ChoiceGroup
from cadl_gui.ui.controls.parts import column_in, row_in
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX


class Sections(QWidget):
    """A row of buttons that choose which section is shown; who lays the page out places the sections.

    Args:
        pages: the widget of each section, by its name; the first one is open.
        beside: a widget at the right of the buttons or, where not all are offered and it has no room, above.
        theme: for icons.

    Attributes:
        action_set: the actions of `ROWS`, which open the sections.
        pages: has the section that was chosen.
        is_covered: whether none is shown, as while a class guesses.

    Signals:
        chosen: (str) the user opened the section of this name.
        folded: where not all sections are offered, one was opened or closed.
    """

    chosen = Signal(str)
    folded = Signal()

    def __init__(self, pages: Mapping[str, QWidget], beside: QWidget, theme: Theme) -> None:
        super().__init__()
        self.pages = QStackedWidget()
        self.is_covered = False
        # The height is the layout's, however much a section would like.
        self.pages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.pages.setMinimumSize(1, 1)
        self._group = ChoiceGroup(self)
        self._names = list(pages)
        self._counts: dict[str, int] = {}
        self._beside = QWidget()  # around what is hidden and shown apart from it
        row_in(self._beside, 0, beside)
        self._only: tuple[str, ...] = ()
        self._wished = ""
        self._above_at = 0
        self._is_open = True
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(GAP_SMALL_PX)
        for number, (name, page) in enumerate(pages.items()):
            button = ActionButton(self.action_set[f"{name}Panel"])
            self._group.addButton(button, number)
            self.pages.addWidget(page)
            self._buttons.addWidget(button)
        self._buttons.addSpacing(GAP_SMALL_PX)
        self._buttons.addStretch()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(0)
        self._row.addLayout(self._buttons)
        self._row.addWidget(self._beside, stretch=1)
        column_in(self, 0, self._row)
        self.action_set.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the row for the new width."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Arrange the row for other texts in it."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        if self._only and self._buttons.sizeHint().width() + self._beside.sizeHint().width() > self.width():
            self._above_at = self.width()  # where it stays: a stroke, which shortens the text, moves nothing
        beside, above = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.BottomToTop
        self._row.setDirection(above if self._only and self._above_at == self.width() else beside)

    @property
    def row_height(self) -> int:
        """Height of the buttons, and of what is above them."""
        return self._row.sizeHint().height()

    @property
    def current(self) -> str:
        """Name of the open section."""
        return self._names[self.pages.currentIndex()]

    @property
    def is_open(self) -> bool:
        """Whether a section is open, as one always is where all are offered and nothing is covered."""
        return self._is_open and not self.is_covered

    def shows(self, name: str) -> bool:
        """Return whether the section of this name is open."""
        return self._is_open and self.current == name

    def offers(self, name: str) -> bool:
        """Return whether the section of this name can be opened.

        Another one that a lesson shows takes the place of the first, for which its button leaves no room.
        """
        is_other = self._wished not in {"", *self._only}
        return not self._only or name in self._only[is_other:] or name == self._wished

    def text_of(self, name: str, title: str) -> str:
        """Return a section's title with how many pixels it has changed, also while another one is open."""
        n = self._counts.get(name, 0)
        return f"{title} · {n}" if n else title

    def offer_only(self, *names: str) -> None:
        """Offer some sections, and the wished one, as in present mode; without any, all.

        Where not all are offered, a button also closes its section.
        """
        if names == self._only:
            return
        self._only, self._above_at = names, 0
        self.pages.setCurrentIndex(self._index(self._wished))
        self._group.setExclusive(not names)
        self._show_offered()
        self._arrange()
        self._set_open(not names or self._wished != "")

    def open(self, name: str) -> None:
        """Open a section without emitting `chosen`; an unknown name changes nothing.

        It is offered, too: a lesson may show any in present mode. "" is the first one or, where not all are
        offered, none.
        """
        if name in {"", *self._names}:
            self._wished = name
            self.pages.setCurrentIndex(self._index(name))
            if self._only:
                self._show_offered()
                self._set_open(name != "")
                self.folded.emit()
            self.action_set.refresh()

    def choose(self, name: str) -> None:
        """Open a section for the user; where not all are offered, close it if it is open."""
        was_shown = self.shows(name)
        self.pages.setCurrentIndex(self._names.index(name))
        if self._only:
            self._set_open(not was_shown)
            self.folded.emit()
        else:
            self._wished = name
            self.action_set.refresh()
            self.chosen.emit(name)

    def set_count(self, name: str, n: int) -> None:
        """Set how many pixels a section has changed; see `text_of`."""
        if n != self._counts.get(name, 0):
            self._counts[name] = n
            self.action_set.refresh()

    def _index(self, name: str) -> int:
        return self._names.index(name) if name else 0

    def _show_offered(self) -> None:
        """Show the buttons; one in place of the first stands there, as wide, so that no other one moves."""
        first = self._group.button(0)
        for number, name in enumerate(self._names):
            button = self._group.button(number)
            is_in_place = bool(self._only) and name not in self._only and self.offers(name)
            self._buttons.insertWidget(0 if is_in_place else number, button)
            button.setMinimumWidth(first.sizeHint().width() if is_in_place else 0)
            button.setVisible(self.offers(name))

    def _set_open(self, is_open: bool) -> None:
        self._is_open = is_open
        self.action_set.refresh()


def _row(name: str, title: str, key: str, about: str) -> ActionRow[Sections]:
    return ActionRow(key=f"{name}Panel", menu="Draw", text=title, shortcuts=(key,), checkable=True,
                     help=about, separated=name == "seen",
                     callback=lambda host: host.choose(name), enabled=lambda host: host.offers(name),
                     checked=lambda host: host.shows(name), label=lambda host: host.text_of(name, title),
                     why_not=lambda _host: _("Leave present mode (F5) to open this section."))  # fmt: skip


ROWS: tuple[ActionRow[Sections], ...] = (
    _row("seen", _("How it sees it"), "Shift+S", _("What networks get of your image.")),
    _row("evidence", _("Why"), "Shift+W", _("Which pixels speak for and against the answer.")),
    _row("history", _("When did it get it?"), "Shift+H", _("Every network's answer at kept epochs.")),
    _row("nearest", _("Nearest"), "Shift+N", _("The training images that look most like your image.")),
    # The last one, since its count makes it wider.
    _row("fool", _("Fool it"), "Shift+F", _("Change a few pixels until the network errs.")),
)
