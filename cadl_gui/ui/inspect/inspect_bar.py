"""The bar that selects what the Inspect tab shows, and in which colours."""

from dataclasses import replace
from operator import attrgetter
from typing import Any, Literal

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QSizePolicy, QToolButton, QWidget

from cadl_gui.domain.view import InspectView
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.weights.colour_map import colour_map_title, colour_maps, usual_colour_map
from cadl_gui.imaging.weights.limits import RANGES, RangeName
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox, named_combo
from cadl_gui.ui.controls.parts import label, named, row_of
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_MAPS_PX, _RANGES_PX = 124, 96
_BEFORE_FROM_PX = 560
"""Width from which present mode has room for the switch of the untrained network, too."""

_LECTURE = "lecture"
"""An extra item among the ranges: the lecture's montage of kernels, coloured from lowest to highest."""


ViewName = Literal["weights", "activations", "arithmetic", "operations"]
"""The views of the main part of the tab."""

_BUTTONS: dict[ViewName, str] = {
    "weights": "weightsButton",
    "activations": "activationsButton",
    "arithmetic": "arithmeticButton",
    "operations": "operationsButton",
}

_MAPS_TIP = _(
    "Colours of negative and positive numbers. Until you choose: coolwarm for the lecture’s networks, as "
    "there; for others, zero is the background."
)


class InspectBar(QWidget):
    """Selects the view, colour map, range and order.

    The colour map, which all figures share, has a default per run and theme until the user chooses one, which
    is then retained.

    Args:
        theme: Colours and sizes.
        view: Has what is chosen, also while the bar is hidden.

    Attributes:
        action_set: The actions of `ROWS`, in order.
    """

    def __init__(self, theme: Theme, view: ViewState) -> None:
        super().__init__()
        self._theme = theme
        self._view_state = view
        self._is_layered = True
        self._has_room = self._has_colours = False
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._maps = _combo("colormapCombo", _("Colour map"), _MAPS_TIP, _MAPS_PX)
        self._maps.offer_entries([(colour_map_title(name), name) for name in colour_maps()])
        self._ranges = _combo(
            "rangeCombo",
            _("Range"),
            _("What shares a colour scale, or the lecture's own montage of kernels"),
            _RANGES_PX,
        )
        words = (_("unit"), _("layer"), _("model"), _("lecture"))
        self._ranges.offer_entries(list(zip(words, (*RANGES, _LECTURE), strict=True)))
        tip = _("The units with the largest weights first, by their norm")
        self._sort = named(QCheckBox(_("Sorted")), "sortCheck", tip)
        tip = _("Give each epoch its own colour scale; weights that halve then look alike")
        self._own = named(QCheckBox(_("Scale per epoch")), "ownScaleCheck", tip)
        self._lay_out()
        Chosen(self._ranges, view, "inspect", "range")
        Chosen(self._sort, view, "inspect", "is_sorted")
        Chosen(self._own, view, "inspect", "has_own_scale")
        self._maps.activated.connect(self._choose_map)
        chosen = attrgetter("view", "colour_map", "is_paired", "is_in_colour")
        view.bind(self.action_set, lambda: (chosen(view.value.inspect), view.run, theme.look), self._show)

    @property
    def _wish(self) -> InspectView:
        return self._view_state.value.inspect

    def choose(self, **chosen: Any) -> None:
        """Choose what is shown, by the members of `InspectView`."""
        self._view_state.change(inspect=replace(self._wish, **chosen))

    @property
    def range_name(self) -> RangeName:
        """The set of weights that share a colour scale."""
        usual: RangeName = "layer" if self.lecture_style else RANGES[0]
        return next((name for name in RANGES if name == self._wish.range), usual)

    @property
    def lecture_style(self) -> bool:
        """Whether convolutions are shown as in the lecture."""
        return self._wish.range == _LECTURE

    @property
    def has_colours(self) -> bool:
        """Whether the network has layers that weight or paint red, green and blue."""
        return self._has_colours

    @property
    def in_colour(self) -> bool:
        """Whether red, green and blue are shown as one image, where a layer has them."""
        return self._wish.is_in_colour

    @property
    def shows_before(self) -> bool:
        """Whether the untrained network is shown beside the position shown."""
        return self._has_room if self._wish.is_paired is None else self._wish.is_paired

    def set_room(self, *, for_both: bool) -> bool:
        """Set whether there is room for two figures side by side, and return whether that is new.

        They are shown until the user chooses.
        """
        is_new, self._has_room = for_both != self._has_room, for_both
        self.action_set.refresh()
        return is_new

    @property
    def view(self) -> ViewName:
        """The selected view; without layers, there is only one."""
        if not self._is_layered:
            return "operations"
        return next((view for view in _BUTTONS if view == self._wish.view), "weights")

    def can_show(self, view: ViewName) -> bool:
        """Return whether a view is available; without layers, only the graph is."""
        return self._is_layered or view == "operations"

    def choose_view(self, view: ViewName) -> None:
        """Wish a view, unless it is all that there is."""
        if self._is_layered:
            self.choose(view=view)

    def set_network(self, *, is_layered: bool, has_colours: bool) -> None:
        """Set whether the network has layers, and any that weight or paint red, green and blue."""
        self._is_layered, self._has_colours = is_layered, has_colours
        self._show()

    @Slot()
    def _show(self) -> None:
        """Show what is chosen; of colour maps the run's usual one until another is."""
        run, name = self._view_state.run, self._wish.colour_map
        if name not in colour_maps():
            preset = "" if run is None or run.description.is_graph else run.description.config.preset
            name = usual_colour_map(preset, is_dark=self._theme.is_dark)
        self._maps.setCurrentIndex(colour_maps().index(name))
        self._theme.set_colour_map(name)
        self.action_set.refresh()
        self._arrange()

    def _lay_out(self) -> None:
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(GAP_SMALL_PX)
        self._switches = {view: _switch(self.action_set[_key(view)], name) for view, name in _BUTTONS.items()}
        caption = label(_("Range"), secondary=True)
        row = row_of(GAP_SMALL_PX, self._maps, caption, self._ranges, self._own, self._sort, None)
        self._halves = row_of(GAP_SMALL_PX, *self._switches.values(), None), row
        for half in self._halves:
            self._rows.addLayout(half)
        self._rows.addStretch(1)
        self._of_weights = (caption, self._ranges, self._sort)
        self._pair = _switch(self.action_set["showBefore"], "beforeButton")
        row.insertWidget(0, self._pair)
        self._colour = _switch(self.action_set["showColour"], "colourButton")
        row.insertWidget(0, self._colour)
        self._theme.stage.put(When.DETAILS, self._maps, self._own, self._colour, *self._of_weights)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the colour and weight controls to a second row in narrow windows."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        """Arrange the two halves in one row, or in two if that is too narrow."""
        has_room = not self._theme.stage.presents or self.width() >= _BEFORE_FROM_PX
        self._theme.stage.show(self._pair, has_room and self.view in {"weights", "activations"})
        needed = GAP_SMALL_PX
        for half in self._halves:
            half.invalidate()  # it may have had other controls
            needed += half.sizeHint().width()
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._rows.setDirection(right if self.width() >= needed else down)
        self.updateGeometry()

    @Slot()
    def _choose_map(self) -> None:
        self.choose(colour_map=self._maps.currentData())

    def _arrange(self) -> None:
        """Show the controls of the current view."""
        show, view = self._theme.stage.show, self.view
        # What is shown is seen to be chosen, also after its key.
        graph = When.ALWAYS if view == "operations" else When.DETAILS
        self._theme.stage.put(graph, self._switches["operations"])
        show(self._maps, view != "operations")
        show(self._own, view in {"weights", "activations"})
        for widget in self._of_weights:
            show(widget, view == "weights")
        show(self._colour, view == "weights" and self._has_colours)
        self._turn()


def _switch(action: QAction, name: str) -> QToolButton:
    button = named(QToolButton(), name, line=True)  # as high as a field, also where there are none
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return button


def _combo(name: str, words: str, tip: str, width_px: int) -> NoScrollComboBox:
    combo = named_combo(name, words, tip)
    combo.setFixedWidth(width_px)
    combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return combo


def _key(view: ViewName) -> str:
    return f"show{view.capitalize()}"


def _row(view: ViewName, text: str, key: str, about: str) -> ActionRow[InspectBar]:
    return ActionRow(key=_key(view), menu="Inspect", text=text, shortcuts=(key,), checkable=True,
                     group="view", help=about, callback=lambda host: host.choose_view(view),
                     enabled=lambda host: host.can_show(view),
                     checked=lambda host: host.view == view)  # fmt: skip


ROWS: tuple[ActionRow[InspectBar], ...] = (
    _row("weights", _("Weights"), "W", _("The weights of one layer.")),
    _row("activations", _("Activations"), "A", _("The layer's output for the image.")),
    _row("arithmetic", _("Steps"), "B",
         _("The arithmetic of one unit: a kernel that slides, a dense unit that adds up.")),
    _row("operations", _("Graph"), "G", _("Every operation of the network's graph, searchable.")),
    ActionRow(key="showBefore", menu="Inspect", text="Before | now", shortcuts=("U",), checkable=True,
              help="Show the untrained network next to the epoch shown.",
              callback=lambda host: host.choose(is_paired=not host.shows_before),
              enabled=lambda host: host.view in {"weights", "activations"},
              checked=lambda host: host.shows_before),
    ActionRow(key="showColour", menu="Inspect", text="RGB", checkable=True,
              help="Show weights of red, green and blue as one image (grey is zero), or each by itself.",
              callback=lambda host: host.choose(is_in_colour=not host.in_colour),
              enabled=lambda host: host.has_colours,
              checked=lambda host: host.in_colour, why_not=lambda _host: _("This network sees no colours.")),
)  # fmt: skip
