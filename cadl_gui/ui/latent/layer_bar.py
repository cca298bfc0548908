"""The bar that shows and hides layers of the latent plane, and zooms it."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QToolButton, QWidget

from cadl_gui.domain.view import LatentView
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.parts import label, named, push_button, row_in, row_of
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.latent.plane_controller import PlaneController
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_ZOOM = 1.5
_USUAL = (LatentLayer.POINTS, LatentLayer.MANIFOLD)
_ON_GRIDS = {LatentLayer.POINTS, LatentLayer.THUMBNAILS}
_KEYS = {
    LatentLayer.POINTS: "showPoints",
    LatentLayer.THUMBNAILS: "showThumbnails",
    LatentLayer.MANIFOLD: "showManifold",
    LatentLayer.CLASSIFIER: "showClassifier",
    LatentLayer.PRIOR: "showPrior",
    LatentLayer.DENSITY: "showDensity",
}
"""The action that shows or hides each layer."""

_DETAILS = ("showPrior", "showDensity", "sampled", "hover")
"""Actions that have a chip only with Details."""

_DONE = {"grid", "hover"}
"""Actions that do something, and so are not among the chips, which show something."""

_SHORT_TEXTS = {"showDensity": _("Fade")}
"""Texts of chips that would not fit at 1024 pixels."""


class LatentLayerBar(QWidget):
    """Has a group of chips for what is shown, and buttons to zoom and export.

    Args:
        theme: Icons.
        view: Has the layers that are wished.
        controller: Fills the plane.

    Attributes:
        action_set: The actions of `ROWS`, in order.
        controller: See above.
        export_button: *Export…*.
        is_variational: Whether digits are encoded as Gaussians, which can be sampled.
    """

    def __init__(self, theme: Theme, view: ViewState, controller: PlaneController) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self.controller = controller
        self._toggled = set(_USUAL)
        self.is_variational = False
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._chips = {
            key: ActionButton(action, text=_SHORT_TEXTS.get(key, ""))
            for key, action in self.action_set.by_key.items()
            if key != "grid"
        }
        for layer, key in _KEYS.items():
            self._chips[key].setObjectName(f"{layer}Chip")
        self.action_set.refresh()
        self._lay_out()
        theme.stage.put(When.DETAILS, *(self._chips[key] for key in _DETAILS))
        theme.stage.put(When.AT_A_DESK, *self._zoom_buttons, self.export_button)
        theme.changed.connect(self._arrange)
        self._arrange()
        view.bind(self, lambda: view.value.latent, self._show_wished)

    def shows(self, layer: LatentLayer) -> bool:
        """Return whether a layer is switched on, even if it is currently unavailable."""
        return layer in self._wished

    @property
    def wish(self) -> LatentView:
        """What is chosen for the plane."""
        return self._view.value.latent

    @property
    def _wished(self) -> tuple[str, ...]:
        return _USUAL if self.wish.layers is None else self.wish.layers

    def can_show(self, layer: LatentLayer) -> bool:
        """Return whether a layer is available; on a grid, most have no meaning."""
        return not self.wish.is_grid or layer in _ON_GRIDS

    def set_variational(self, is_variational: bool) -> None:
        """Set whether samples are offered besides means."""
        self.is_variational = is_variational
        self.action_set.refresh()

    def _show_wished(self) -> None:
        for layer in _KEYS:
            is_shown = self.shows(layer) and self.can_show(layer)
            if is_shown != (layer in self._toggled):
                self._toggled ^= {layer}
                self.controller.set_layer(layer, is_shown)
        self.action_set.refresh()

    def choose(self, **members: Any) -> None:
        """Choose what else is shown on the plane."""
        self._view.change(latent=replace(self.wish, **members))

    def show_layer(self, layer: LatentLayer, shown: bool) -> None:
        """Show a layer, or hide it."""
        if shown != self.shows(layer):
            self.choose(layers=tuple(sorted({*self._wished} ^ {layer})))

    def _lay_out(self) -> None:
        title = label(_("Show"), textRole="caption", secondary=True)
        group = row_of(0, *(chip for key, chip in self._chips.items() if key not in _DONE))
        self._zoom_buttons = [
            self._zoom_button("zoom-out", _("Zoom out (−)"), 1 / _ZOOM),
            self._zoom_button("zoom-in", _("Zoom in (+)"), _ZOOM),
        ]
        fit = push_button(
            _("Fit"), "fitButton", _("Show everything (Home)"), self.controller.plane.fit, flat=True
        )
        self.export_button = push_button(_("Export…"), "exportButton", _("Films, prints, path and numbers"))
        at_the_right = (self._chips["hover"], *self._zoom_buttons, fit, self.export_button)
        row_in(self, GAP_SMALL_PX, title, group, None, *at_the_right)

    def _zoom_button(self, name: str, text: str, factor: float) -> QToolButton:
        part = name.removeprefix("zoom-").capitalize()
        button = named(QToolButton(), f"zoom{part}Button", text, says=text)
        button.setIcon(icon(name, self._theme))
        button.clicked.connect(lambda: self.controller.plane.zoom(factor))
        return button

    @Slot()
    def _arrange(self) -> None:
        """Round the ends of the group of chips that stand there."""
        group = [key for key, chip in self._chips.items() if key not in _DONE and not chip.isHidden()]
        for key in group:
            end = "first" if key == group[0] else "last" if key == group[-1] else "middle"
            set_style_property(self._chips[key], "segment", end)


def _row(layer: LatentLayer, text: str, key: str, about: str) -> ActionRow[LatentLayerBar]:
    return ActionRow(key=_KEYS[layer], menu="Latent", text=text, shortcuts=(key,), help=about,
                     toggle=lambda host, shown: host.show_layer(layer, shown),
                     enabled=lambda host: host.can_show(layer),
                     checked=lambda host: host.shows(layer))  # fmt: skip


ROWS: tuple[ActionRow[LatentLayerBar], ...] = (
    _row(LatentLayer.POINTS, _("Points"), "1",
         _("Test images at their latent vectors, in the colours of their labels.")),
    _row(LatentLayer.THUMBNAILS, _("Thumbnails"), "2",
         _("Decoded images at the latent vectors of test images, in the colours of their labels.")),
    _row(LatentLayer.MANIFOLD, _("Manifold"), "3", _("Decoded images on the whole plane.")),
    _row(LatentLayer.CLASSIFIER, _("Classifier"), "4",
         _("Predictions of the classifier on the whole plane; the brighter, the more confident.")),
    _row(LatentLayer.PRIOR, _("Prior"), "5",
         _("The normal distribution that points are trained to fill: circles around 39, 86 and 99 % of it.")),
    _row(LatentLayer.DENSITY, _("Fade empty regions"), "6", _("Fade the plane where no data lie.")),
    ActionRow(key="sampled", menu="Latent", text="Sampled", shortcuts=("S",),
              help="The encoder gives each image a small cloud: show a random point of it, not its middle.",
              toggle=lambda host, on: host.choose(is_sampled=on),
              checked=lambda host: host.wish.is_sampled,
              enabled=lambda host: host.is_variational),
    ActionRow(key="grid", menu="Latent", text="Reorganise to grid", shortcuts=("G",),
              help="Move each point to its own cell of a grid, or back.",
              toggle=lambda host, on: host.choose(is_grid=on), checked=lambda host: host.wish.is_grid,
              label=lambda host: _("Back to scatter") if host.wish.is_grid else _("Reorganise to grid")),
    ActionRow(key="hover", menu="Latent", text="Hover", shortcuts=("V",),
              toggle=lambda host, on: host.controller.plane.set_hover_mode(on),
              help="The handle follows the pointer without a button."),
)  # fmt: skip
