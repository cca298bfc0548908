"""The bar with pins and the path through them."""

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from cadl_gui.imaging.latent.latent_path import AnyKind
from cadl_gui.system.words import _
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.parts import column_of, named, row_in, row_of
from cadl_gui.ui.latent.animation import LatentAnimation
from cadl_gui.ui.latent.path_strip import PathStrip
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX

_KINDS: dict[AnyKind, str] = {
    "straight": _("Straight"),
    "spherical": _("Spherical"),
    "smooth": _("Smooth"),
    "movement": _("Recorded drag"),
}
_SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)


class LatentPathBar(QWidget):
    """Has the path's steps between the buttons of its actions; selects interpolation and speed.

    Args:
        theme: Shows and hides controls.
        actions: The actions of the Latent tab, by key.
        animation: Has the path, and plays it.
        strip: The steps of the path.
    """

    def __init__(
        self, theme: Theme, actions: Mapping[str, QAction], animation: LatentAnimation, strip: PathStrip
    ) -> None:
        super().__init__()
        self._animation = animation
        self._strip = strip
        self._buttons: dict[str, QPushButton | QToolButton] = {
            "pin": ActionButton(actions["pin"]),
            "playPath": ActionButton(actions["playPath"]),
            "loopPath": ActionButton(actions["loopPath"]),
            "savePathFilm": ActionButton(actions["savePathFilm"], text=_("GIF or film…")),
            "clearPins": ActionButton(actions["clearPins"], flat=True),
        }
        tip = _("Interpolation between pins")
        self._kind = named(NoScrollComboBox(), "pathKindCombo", tip, says=_("Interpolation"))
        tip = _("Speed of the path")
        self._speed = named(NoScrollComboBox(), "pathSpeedCombo", tip, says=tip)
        self._kind.offer_entries([(text, kind) for kind, text in _KINDS.items()])
        Chosen(self._kind, animation.view, "latent", "path_kind")
        self._speed.offer_entries([(f"{speed:g}×", speed) for speed in _SPEEDS])
        self._speed.setCurrentIndex(_SPEEDS.index(1.0))
        self._speed.activated.connect(self._choose_speed)
        for combo in (self._kind, self._speed):  # the strip has the rest of the width, not they
            combo.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._lay_out()
        theme.stage.put(When.AT_A_DESK, self._buttons["savePathFilm"], self._buttons["clearPins"])
        theme.stage.put(When.DETAILS, self._kind, self._speed, self._buttons["loopPath"])

    @Slot(int)
    def _choose_speed(self, index: int) -> None:
        self._animation.set_speed(_SPEEDS[index])

    def _lay_out(self) -> None:
        buttons = self._buttons
        row = row_in(self, GAP_PX)
        for upper, lower in (
            ((buttons["pin"], buttons["playPath"], buttons["loopPath"]), (self._kind, self._speed)),
            ((buttons["savePathFilm"],), (buttons["clearPins"],)),
        ):
            lines = row_of(GAP_SMALL_PX, *upper), row_of(GAP_SMALL_PX, *lower)
            row.addLayout(column_of(GAP_SMALL_PX, *lines))
        row.insertWidget(1, self._strip, 1)
        row.addStretch()  # in place of the strip
