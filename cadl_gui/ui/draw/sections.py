"""The sections beneath the canvas, of which one is open."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.choice_group import ChoiceGroup


class Section(NamedTuple):
    """A section.

    Attributes:
        name: begins the objectName of its button, and is stored in the settings.
        title: text of its button.
        help: tooltip of its button.
        page: its widget.
    """

    name: str
    title: str
    help: str
    page: QWidget


class Sections(QWidget):
    """Shows a row of buttons, and beneath them the section that was chosen.

    Args:
        sections: the sections; the first one is open.
        beside: a widget at the right of the buttons.
        parent: parent widget.

    Signals:
        chosen: (str) the user opened the section of this name.
        folded: where one section is offered only, the user opened or closed it.
    """

    chosen = Signal(str)
    folded = Signal()

    def __init__(self, sections: Sequence[Section], beside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = QStackedWidget()
        # The height is the layout's, however much a section would like.
        self._pages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._pages.setMinimumSize(1, 1)
        self._group = ChoiceGroup(self)
        self._sections = sections
        self._names = [section.name for section in sections]
        self._beside = _around(beside)
        self._only, self._before = "", 0
        row = QHBoxLayout()
        row.setSpacing(GAP_SMALL_PX)
        for number, section in enumerate(sections):
            button = QPushButton(section.title)
            button.setObjectName(f"{section.name}PanelButton")
            button.setToolTip(section.help)
            button.setCheckable(True)
            self._group.addButton(button, number)
            self._pages.addWidget(section.page)
            row.addWidget(button)
        row.addSpacing(GAP_SMALL_PX)
        row.addWidget(self._beside, stretch=1)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        column.addLayout(row)
        column.addWidget(self._pages, stretch=1)
        self._group.idClicked.connect(self._on_clicked)
        self.open(self._names[0])

    @property
    def current(self) -> str:
        """Name of the open section."""
        return self._names[self._pages.currentIndex()]

    @property
    def is_open(self) -> bool:
        """Whether a section is open, as it always is where all are offered."""
        return not self._pages.isHidden()

    def offer_only(self, name: str) -> None:
        """Offer one section only, which its button opens and closes, as in present mode; "" offers all."""
        if name == self._only:
            return
        self._only = name
        if name:
            self._before = self._pages.currentIndex()
        else:
            self._pages.setCurrentIndex(self._before)
        is_open = not name or self.current == name
        self._group.setExclusive(not name)
        for number, own in enumerate(self._names):
            self._group.button(number).setVisible(name in {"", own})
            self._group.button(number).setChecked(is_open and number == self._pages.currentIndex())
        self._beside.setVisible(not name)
        self._pages.setVisible(is_open)

    def open(self, name: str) -> None:
        """Open a section, without emitting `chosen`; a name that there is not changes nothing."""
        if name in self._names:
            number = self._names.index(name)
            self._group.button(number).setChecked(True)
            self._pages.setCurrentIndex(number)

    def set_count(self, name: str, n: int) -> None:
        """Show beside a section's title how much of it is in force, also while another one is open."""
        section = self._sections[self._names.index(name)]
        self._group.button(self._names.index(name)).setText(f"{section.title} · {n}" if n else section.title)

    @Slot(int)
    def _on_clicked(self, number: int) -> None:
        self._pages.setCurrentIndex(number)
        if self._only:
            self._pages.setVisible(self._group.button(number).isChecked())
            self.folded.emit()
        else:
            self.chosen.emit(self._names[number])


def _around(widget: QWidget) -> QWidget:
    """Return a widget around another one, which is hidden and shown apart from it."""
    around = QWidget()
    row = QHBoxLayout(around)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    return around
