"""The bar beside the tabs that lists the bent networks."""

from PySide6.QtCore import QObject, QSize, Slot
from PySide6.QtWidgets import QFrame, QLabel

from cadl_gui.domain.bends import Bends, bends_text
from cadl_gui.domain.formatting import count_text
from cadl_gui.engine.engine import Engine
from cadl_gui.system.words import _
from cadl_gui.ui.controls.elided_label import ElidedLabel
from cadl_gui.ui.controls.parts import named, push_button, row_in
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX

_MOST_NAMED = 2
"""Up to this many bends of a run are listed one by one; beyond it, only their number is shown."""


class BentBar(QFrame):
    """Visible while any open network is bent: the tabs then show something other than what it learned."""

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        named(self, "bentStrip", notice="caution")
        self._engine = engine
        self._theme = theme
        self._symbol = QLabel()
        self._message = ElidedLabel("bentSentence", noticeText="caution")
        tip = _("Undo all changes to every network; Undo brings them back")
        self._reset_button = push_button(_("Undo all changes"), "resetBendsButton", tip, engine.bending.reset)
        parts = self._symbol, (self._message, 1), self._reset_button
        row_in(self, GAP_SMALL_PX, *parts, margins=(3 * UNIT_PX, UNIT_PX, 2 * UNIT_PX, UNIT_PX))
        theme.changed.connect(self._restyle)
        self._restyle()
        # For an owner that is always rendered: the bar is hidden while it has nothing to say.
        engine.view.bind(QObject(self), self._bent, self._refresh)

    def message(self) -> str:
        """Return the text shown, or "" while nothing is bent."""
        return "" if self.isHidden() else self._message.text()

    def _bent(self) -> dict[str, Bends]:
        runs, bends = self._engine.runs, self._engine.bending.of_all()
        bent = [run for run in runs if runs.key(run) in bends]
        return {f"{run.letter} {run.description.name}": bends[runs.key(run)] for run in bent}

    @Slot()
    def _refresh(self) -> None:
        reported, whole = [], []
        for name, bends in self._bent().items():
            text = bends_text(bends)
            few = text if len(bends) <= _MOST_NAMED else count_text(len(bends), "change")
            reported.append(_("{name} is modified · {few}").format(name=name, few=few))
            whole.append(_("{name} is modified · {text}").format(name=name, text=text))
        self._message.setText(" · ".join(reported))
        self._message.setToolTip(plain_tip("\n".join(whole)))
        self.setAccessibleName("; ".join(whole))
        self.setVisible(bool(reported))

    @Slot()
    def _restyle(self) -> None:
        side = self._theme.sizes.icon
        pixmap = icon("alert-triangle", self._theme, "caution").pixmap(
            QSize(side, side), self.devicePixelRatioF()
        )
        self._symbol.setPixmap(pixmap)
