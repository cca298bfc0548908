"""A titled image or plot: the part of a panel that moves into the spotlight."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QToolButton,
    QWidget,
)

from cadl_gui.system.words import _
from cadl_gui.ui.controls.elided_label import ElidedLabel
from cadl_gui.ui.controls.parts import column_in, grid_in, label, named
from cadl_gui.ui.figures.held_figure import HeldFigure
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, GAP_PX, RADIUS_PX, UNIT_PX

_RING_PX = 2 * FOCUS_RING_PX
_FIRST_BUTTON = 2
"""Index of the first button in the title row, after the title and a gap."""


class FigureBody(QWidget):
    """Title, gesture buttons and note in one row; below it the held image, if any, and the live content.

    The buttons are visible while the pointer is over the body or the content has the focus; otherwise their
    place is the note's, so that nothing shifts. Present mode has only keys and menu.

    Buttons, menu and the held image are made when they are needed: of the thirty figures of a window few are
    pointed at, and every widget makes the start and a change of theme longer.

    Args:
        content: The live image or plot.
        theme: Colours, type and icons.
        title: Title of the content.
        actions: All gestures, for the keys and the menu.
        n_buttons: The first `n_buttons` actions have a button.
        beside: What stands at the right of the content, and goes with it.

    Signals:
        double_clicked: The content was double-clicked with the left button.
    """

    double_clicked = Signal()

    def __init__(
        self,
        content: QWidget,
        theme: Theme,
        title: str,
        actions: Sequence[QAction],
        n_buttons: int,
        beside: QWidget | None,
    ) -> None:
        super().__init__()
        self._content, self._beside = content, beside
        self._theme = theme
        self._hovered = False
        # Not this widget's, since another figure may stand beside the content, with the same keys.
        content.addActions(list(actions))
        self._actions, self._n_buttons = tuple(actions), n_buttons
        self._menu: QMenu | None = None
        self._buttons: tuple[QToolButton, ...] = ()
        self._held: tuple[HeldFigure, ElidedLabel] | None = None
        self._title_label = label(title, "stageTitle", textRole="caption", secondary=True)
        self._note_label = ElidedLabel("stageNote", textRole="caption", secondary=True)
        self._row = QHBoxLayout()
        self.area = QWidget()
        self._lay_out()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        for widget in (content, content.focusProxy()):
            if widget is not None:
                widget.installEventFilter(self)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def is_holding(self) -> bool:
        """Whether a held image has its place beside the content."""
        return self._held is not None and not self._held[0].isHidden()

    def set_title(self, title: str) -> None:
        """Set the text at the left end of the title row."""
        self._title_label.setText(title)

    def set_note(self, note: str) -> None:
        """Set the text at the right end of the title row."""
        self._note_label.setText(note)

    def make_room_to_hold(self, caption: str) -> HeldFigure:
        """Give half the space to a held image, and return its widget; the content has its new size then."""
        if self._held is None:
            self._held = HeldFigure(), ElidedLabel("stageHeld", textRole="caption", secondary=True)
            for row, widget in enumerate(self._held):
                self._grid.addWidget(widget, row, 0)
                widget.lower()  # a curtain over the content covers it, too
        held, note = self._held
        note.setText(caption)
        held.setAccessibleName(caption)
        self._arrange_held(holds=True)
        return held

    def release(self) -> None:
        """Return all the space to the content."""
        self._arrange_held(holds=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Track the content's focus and double clicks."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self._show_buttons()
        elif (
            watched is self._content
            and event.type() == QEvent.Type.MouseButtonDblClick
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
        ):
            self.double_clicked.emit()
            return True
        return False

    def minimumSizeHint(self) -> QSize:
        """Return the least size without the buttons that the menu can replace."""
        hint = super().minimumSizeHint()
        replaced = sum(
            button.minimumSizeHint().width() for button in self._buttons[:-1] if button.isVisible()
        )
        row = self._row.minimumSize().width() - replaced
        least = max(row, self._grid.minimumSize().width()) + 2 * _RING_PX
        return QSize(min(least, hint.width()), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the buttons that have room."""
        super().resizeEvent(event)
        self._show_buttons()

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
        ring = self.area.geometry()
        ring.setRight(ring.left() + self._content.geometry().right())  # not around what stands beside it
        ring.adjust(-out, -out, out, out)
        painter.drawRoundedRect(ring, RADIUS_PX / 2, RADIUS_PX / 2)

    def _button(self, action: QAction | None) -> QToolButton:
        # Smaller than a control of the page: the row is no higher than its caption needs.
        button = named(QToolButton(), "", small=True)
        if action is not None:
            button.setDefaultAction(action)
        # A focused button would take Space, the spotlight's key; keyboard users have shortcuts and the menu.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _make_buttons(self) -> None:
        about = _("Copy, save and more")
        menu_button = named(self._button(None), "stageMenuButton", about, says=about)
        menu_button.setIcon(icon("dots", self._theme))
        menu_button.clicked.connect(self._show_menu_at_button)
        self._buttons = (*(self._button(action) for action in self._actions[: self._n_buttons]), menu_button)
        self._limit_buttons()
        for i, button in enumerate(self._buttons):
            self._row.insertWidget(_FIRST_BUTTON + i, button)
        self._theme.stage.put(When.AT_A_DESK, *self._buttons)

    def _limit_buttons(self) -> None:
        """Keep the buttons as small as their empty place; Qt would add a frame to a least size."""
        side = small_control(self._theme.sizes)
        for button in self._buttons:
            button.setMaximumSize(side, side)

    def _lay_out(self) -> None:
        self._grid = grid_in(self.area, 0, 0)
        self._grid.addWidget(self._content, 0, 1)
        self._grid.setRowStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        if self._beside is not None:
            self._grid.addWidget(self._beside, 0, 2, -1, 1)
        self._lay_out_title()
        column_in(self, _RING_PX, self._row, (self.area, 1), margins=(_RING_PX, 0, _RING_PX, _RING_PX))

    def _lay_out_title(self) -> None:
        self._note_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row.setSpacing(0)
        self._row.addWidget(self._title_label)
        self._row.addSpacing(UNIT_PX)  # `_FIRST_BUTTON` and the others come after this, once they are made
        self._row.addSpacing(UNIT_PX)
        self._row.addWidget(self._note_label, stretch=1)

    def _arrange_held(self, *, holds: bool) -> None:
        for widget in self._held or ():
            widget.setVisible(holds)
        self._grid.setColumnStretch(0, int(holds))
        self._grid.setHorizontalSpacing(GAP_PX if holds else 0)
        self._grid.activate()

    def _show_buttons(self) -> None:
        shown = self._hovered or self._content.hasFocus()
        if shown and not self._buttons:
            self._make_buttons()
        # What has no room beside the title is in the menu: a wider row would move the content.
        side = small_control(self._theme.sizes)
        fits = self._title_label.sizeHint().width() + len(self._buttons) * side <= self.width() - 4 * UNIT_PX
        for button in self._buttons:
            self._theme.stage.show(button, shown and (fits or button is self._buttons[-1]))
        self.update()

    @Slot(QPoint)
    def _show_menu(self, position: QPoint) -> None:
        self._pop_up(self.mapToGlobal(position))

    @Slot()
    def _show_menu_at_button(self) -> None:
        button = self._buttons[-1]
        self._pop_up(button.mapToGlobal(button.rect().bottomLeft()))

    def _pop_up(self, place: QPoint) -> None:
        if self._menu is None:
            self._menu = QMenu(self)
            self._menu.addActions(list(self._actions))
        self._menu.popup(place)

    @Slot()
    def _restyle(self) -> None:
        self._limit_buttons()
        # Not only the least height: a label remembers a size that an earlier, larger one has given it.
        self._title_label.setFixedHeight(small_control(self._theme.sizes))
        self._show_buttons()
