"""The sections beneath the canvas, of which one is open."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.action_button import ActionButton
from cadl_gui.ui.widgets.choice_group import ChoiceGroup


class Sections(QWidget):
    """Shows a row of buttons, and beneath them the section that was chosen.

    Args:
        pages: the widget of each section, by its name; the first one is open.
        beside: a widget at the right of the buttons.
        theme: for icons.
        parent: parent widget.

    Attributes:
        action_set: the actions of `ROWS`, which open the sections.

    Signals:
        chosen: (str) the user opened the section of this name.
        folded: where one section is offered only, the user opened or closed it.
    """

    chosen = Signal(str)
    folded = Signal()

    def __init__(
        self, pages: Mapping[str, QWidget], beside: QWidget, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pages = QStackedWidget()
        # The height is the layout's, however much a section would like.
        self._pages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._pages.setMinimumSize(1, 1)
        self._group = ChoiceGroup(self)
        self._names = list(pages)
        self._counts: dict[str, int] = {}
        self._beside = _wrap(beside)
        self._only, self._before, self._is_open = "", 0, True
        self.action_set = ActionSet(ROWS, self, theme, self)
        row = QHBoxLayout()
        row.setSpacing(GAP_SMALL_PX)
        for number, (name, page) in enumerate(pages.items()):
            button = ActionButton(self.action_set[f"{name}Panel"])
            self._group.addButton(button, number)
            self._pages.addWidget(page)
            row.addWidget(button)
        row.addSpacing(GAP_SMALL_PX)
        row.addWidget(self._beside, stretch=1)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        column.addLayout(row)
        column.addWidget(self._pages, stretch=1)
        self.action_set.refresh()

    @property
    def current(self) -> str:
        """Name of the open section."""
        return self._names[self._pages.currentIndex()]

    @property
    def is_open(self) -> bool:
        """Whether a section is open, as it always is where all are offered."""
        return self._is_open

    def shows(self, name: str) -> bool:
        """Return whether the section of this name is open."""
        return self._is_open and self.current == name

    def offers(self, name: str) -> bool:
        """Return whether the section of this name can be opened."""
        return self._only in {"", name}

    def text_of(self, name: str, title: str) -> str:
        """Return a section's title with how much of it is in force, also while another one is open."""
        n = self._counts.get(name, 0)
        return f"{title} · {n}" if n else title

    def offer_only(self, name: str) -> None:
        """Offer one section only, which its button opens and closes, as in present mode; "" offers all."""
        if name == self._only:
            return
        self._only = name
        if name:
            self._before = self._pages.currentIndex()
        else:
            self._pages.setCurrentIndex(self._before)
        self._group.setExclusive(not name)
        for number, own in enumerate(self._names):
            self._group.button(number).setVisible(self.offers(own))
        self._beside.setVisible(not name)
        self._set_open(not name or self.current == name)

    def open(self, name: str) -> None:
        """Open a section, without emitting `chosen`; a name that there is not changes nothing."""
        if name in self._names:
            self._pages.setCurrentIndex(self._names.index(name))
            self.action_set.refresh()

    def choose(self, name: str) -> None:
        """Open a section for the user; where it is the only one, close it if it is open."""
        was_shown = self.shows(name)
        self._pages.setCurrentIndex(self._names.index(name))
        if self._only:
            self._set_open(not was_shown)
            self.folded.emit()
        else:
            self.action_set.refresh()
            self.chosen.emit(name)

    def set_count(self, name: str, n: int) -> None:
        """Set how much of a section is in force; see `text_of`."""
        if n != self._counts.get(name, 0):
            self._counts[name] = n
            self.action_set.refresh()

    def _set_open(self, is_open: bool) -> None:
        self._is_open = is_open
        self._pages.setVisible(is_open)
        self.action_set.refresh()


def _wrap(widget: QWidget) -> QWidget:
    """Return a widget around another one, which is hidden and shown apart from it."""
    wrapper = QWidget()
    row = QHBoxLayout(wrapper)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    return wrapper


def _row(name: str, title: str, key: str, about: str) -> ActionRow[Sections]:
    return ActionRow(key=f"{name}Panel", menu="Draw", text=title, shortcuts=(key,), checkable=True,
                     help=about, separated=name == "seen",
                     callback=lambda host: host.choose(name), enabled=lambda host: host.offers(name),
                     checked=lambda host: host.shows(name), label=lambda host: host.text_of(name, title),
                     why_not=lambda _: "Leave present mode (Esc) to open this section.")  # fmt: skip


ROWS: tuple[ActionRow[Sections], ...] = (
    _row("seen", "How it sees it", "Shift+S", "What networks get of your image."),
    _row("evidence", "Why", "Shift+W", "Which pixels speak for and against the answer."),
    _row("history", "When did it get it?", "Shift+H", "Every network's answer at kept epochs."),
    _row("nearest", "Nearest", "Shift+N", "The training images that look most like your image."),
    # The last one, since its count makes it wider.
    _row("fool", "Fool it", "Shift+F", "Change a few pixels until the network errs."),
)
