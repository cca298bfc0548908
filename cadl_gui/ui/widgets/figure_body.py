"""A titled image or plot: the part of a panel that moves into the spotlight."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, GAP_PX, RADIUS_PX, UNIT_PX
from cadl_gui.ui.widgets.held_figure import HeldFigure

_RING_PX = 2 * FOCUS_RING_PX


class _Note(QLabel):
    """A line of text at the right, whose beginning is seen where it does not fit."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint as much of the text as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        fitting = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self.alignment(), fitting)


class FigureBody(QWidget):
    """Title, gesture buttons and note in one row; below it the held image, if any, and the live content.

    The buttons are visible while the pointer is over the body or the content has the focus. Hidden, they
    retain their space, so nothing shifts. Present mode has only keys and menu.

    Args:
        content: The live image or plot.
        theme: Colours, type and icons.
        title: Title of the content.
        actions: All gestures, for the keys and the menu.
        n_buttons: The first `n_buttons` actions have a button.

    Signals:
        double_clicked: The content was double-clicked with the left button.
    """

    double_clicked = Signal()

    def __init__(
        self, content: QWidget, theme: Theme, title: str, actions: Sequence[QAction], n_buttons: int
    ) -> None:
        super().__init__()
        self._content = content
        self._theme = theme
        self._hovered = False
        # Not this widget's, since another figure may float over the content, with the same keys.
        content.addActions(list(actions))
        self._menu = QMenu(self)
        self._menu.addActions(list(actions))
        self._title_label = QLabel(title)
        self._title_label.setObjectName("stageTitle")
        self._note_label = _Note()
        self._note_label.setObjectName("stageNote")
        self._held_label = QLabel()
        self._held_label.setObjectName("stageHeld")
        self._buttons = [self._button(action) for action in actions[:n_buttons]]
        self._menu_button = self._button(None)
        self._held = HeldFigure()
        self.area = QWidget()
        self._lay_out()
        self.release()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self._menu_button.clicked.connect(self._show_menu_at_button)
        content.installEventFilter(self)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def menu(self) -> QMenu:
        """The context menu."""
        return self._menu

    @property
    def held(self) -> HeldFigure:
        """The widget of the held image; hidden if nothing is held."""
        return self._held

    def set_title(self, title: str) -> None:
        """Set the text at the left end of the title row."""
        self._title_label.setText(title)

    def set_note(self, note: str) -> None:
        """Set the text at the right end of the title row."""
        if note != self._note_label.text():
            self._note_label.setText(note)

    def make_room_to_hold(self, caption: str) -> None:
        """Give half the space to a held image; the content has its new size when this returns."""
        self._held_label.setText(caption)
        self._held.setAccessibleName(caption)
        self._arrange_held(holds=True)

    def release(self) -> None:
        """Return all the space to the content."""
        self._arrange_held(holds=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Track the content's focus and double clicks."""
        if watched is not self._content:
            return False
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self._show_buttons()
        elif (
            event.type() == QEvent.Type.MouseButtonDblClick
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
        ):
            self.double_clicked.emit()
            return True
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the buttons."""
        super().enterEvent(event)
        self._hovered = True
        self._show_buttons()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the buttons, unless the content has the focus."""
        super().leaveEvent(event)
        self._hovered = False
        self._show_buttons()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the focus ring."""
        if not self._content.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.colours.accent), FOCUS_RING_PX))
        out = _RING_PX - FOCUS_RING_PX // 2
        ring = self.area.geometry().adjusted(-out, -out, out, out)
        painter.drawRoundedRect(ring, RADIUS_PX / 2, RADIUS_PX / 2)

    def _button(self, action: QAction | None) -> QToolButton:
        button = QToolButton()
        # Smaller than a control of the page: the row is no higher than its caption needs.
        set_style_property(button, "small", value=True)
        if action is not None:
            button.setDefaultAction(action)
        # A focused button would take Space, the spotlight's key; keyboard users have shortcuts and the menu.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self.area)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._grid.addWidget(self._held, 0, 0)
        self._grid.addWidget(self._content, 0, 1)
        self._grid.addWidget(self._held_label, 1, 0)
        self._grid.setRowStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_RING_PX, 0, _RING_PX, _RING_PX)
        column.setSpacing(_RING_PX)
        column.addLayout(self._title_row())
        column.addWidget(self.area, stretch=1)

    def _title_row(self) -> QHBoxLayout:
        self._menu_button.setObjectName("stageMenuButton")
        self._menu_button.setAccessibleName("Copy, save and more")
        self._menu_button.setToolTip("Copy, save and more")
        self._menu_button.setIcon(icon("dots", self._theme))
        for label in (self._title_label, self._note_label, self._held_label):
            set_style_property(label, "textRole", "caption")
            set_style_property(label, "secondary", value=True)
        self._note_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._note_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._title_label)
        row.addSpacing(UNIT_PX)
        for button in (*self._buttons, self._menu_button):
            row.addWidget(button)
        row.addSpacing(UNIT_PX)
        row.addWidget(self._note_label, stretch=1)
        return row

    def _arrange_held(self, *, holds: bool) -> None:
        self._held.setVisible(holds)
        self._held_label.setVisible(holds)
        self._grid.setColumnStretch(0, int(holds))
        self._grid.setHorizontalSpacing(GAP_PX if holds else 0)
        self._grid.activate()

    def _show_buttons(self) -> None:
        shown = (self._hovered or self._content.hasFocus()) and not self._theme.present
        for button in (*self._buttons, self._menu_button):
            button.setVisible(shown)
        self.update()

    @Slot(QPoint)
    def _show_menu(self, position: QPoint) -> None:
        self._menu.popup(self.mapToGlobal(position))

    @Slot()
    def _show_menu_at_button(self) -> None:
        self._menu.popup(self._menu_button.mapToGlobal(self._menu_button.rect().bottomLeft()))

    @Slot()
    def _restyle(self) -> None:
        for button in (*self._buttons, self._menu_button):
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(not self._theme.present)
            button.setSizePolicy(policy)
        # Not only the least height: a label remembers a size that an earlier, larger one has given it.
        self._title_label.setFixedHeight(small_control(self._theme.sizes))
        self._show_buttons()
