"""The bar that shows errors, warnings and what was done."""

from typing import Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QSizePolicy, QVBoxLayout

from cadl_gui.system.glossary import explained
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import label, named, push_button, row_of
from cadl_gui.ui.theme.icon import Tint, icon
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX

_DETAILS_LINES = 9
Kind = Literal["information", "caution", "error"]
_SYMBOLS = {"information": "info-circle", "caution": "alert-triangle", "error": "alert-octagon"}
_TINTS: dict[Kind, Tint] = {"information": "text", "caution": "caution", "error": "error"}


class NotificationBar(QFrame):
    """Shows one notification: a sentence, at most one action, *Details*, *Dismiss*. A new one replaces it.

    A circle marks information, a triangle a caution and an octagon an error, for those who cannot see the
    colours. Esc dismisses them.

    Attributes:
        action_triggered: Signal, the action's button was pressed.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("noticeStrip")
        self._theme = theme
        self._kind: Kind = "caution"
        self._symbol = QLabel()
        self._message = label("", "noticeSentence", wraps=True)
        self._action = push_button("", "noticeAction")
        self._details_button = push_button(_("Details"), "noticeDetailsButton", flat=True)
        self._dismiss = push_button(_("Dismiss"), "noticeDismiss", _("Dismiss (Esc)"), self.hide, flat=True)
        self._details = named(QPlainTextEdit(), "noticeDetails", says=_("Details"))
        self._set_up_parts()
        self._lay_out()
        self._connect()
        self.hide()

    def message(self) -> str:
        """Return the message shown, or "" while the bar is hidden."""
        return "" if self.isHidden() else self._message.text()

    @property
    def offers_remedy(self) -> bool:
        """Whether an error is shown that has an action button."""
        return self._kind == "error" and not self.isHidden() and not self._action.isHidden()

    def show_message(self, kind: Kind, message: str, details: str = "", *, action: str = "") -> None:
        """Show that something was done, a caution or an error.

        Args:
            details: Text behind *Details*, such as a traceback; "" hides that button.
            action: Text of the action's button; "" hides it.
        """
        self._kind = kind
        self._message.setText(message)
        self._action.setText(action)
        self._action.setToolTip(explained("", action))
        self._action.setVisible(bool(action))
        self._details.setPlainText(details)
        self._details_button.setVisible(bool(details))
        self._details_button.setChecked(False)
        self._details.hide()
        set_style_property(self, "notice", kind)
        set_style_property(self._message, "noticeText", kind)
        self.setAccessibleName(f"{kind.capitalize()}: {message}")
        self._restyle()
        self.show()

    def _set_up_parts(self) -> None:
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details_button.setCheckable(True)
        for button in (self._action, self._details_button, self._dismiss):
            # A click that hides the bar would pass the focus, and its ring, to some other part of the window.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._details.setReadOnly(True)
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)

    def _lay_out(self) -> None:
        buttons = self._action, self._details_button, self._dismiss
        row = row_of(GAP_SMALL_PX, self._symbol, (self._message, 1), *buttons)
        # Takes the available width without widening the window.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * UNIT_PX, UNIT_PX, UNIT_PX, UNIT_PX)
        column.addLayout(row)
        column.addWidget(self._details)

    def _connect(self) -> None:
        self.action_triggered = self._action.clicked
        self._details_button.toggled.connect(self._details.setVisible)
        self._theme.changed.connect(self._restyle)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.hide)

    @Slot()
    def _restyle(self) -> None:
        side = self._theme.sizes.icon
        pixmap = icon(_SYMBOLS[self._kind], self._theme, _TINTS[self._kind]).pixmap(
            QSize(side, side), self.devicePixelRatioF()
        )
        self._symbol.setPixmap(pixmap)
        self._details.setFixedHeight(self._details.fontMetrics().lineSpacing() * _DETAILS_LINES)
