"""The Inspect tab: see what was learned, layer by layer, and how it computes."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cadl_gui.core.architecture import Architecture, Layer, architecture
from cadl_gui.core.errors import CadlError
from cadl_gui.core.snapshot import Snapshot
from cadl_gui.core.weights.activation_maps import ActivationMaps, activation_maps, most_exciting
from cadl_gui.core.weights.colour_map import ColourMapName
from cadl_gui.core.weights.layer_picture import layer_picture
from cadl_gui.core.weights.layer_weights import LayerWeights, layer_weights
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.inspect.activations_view import ActivationsView
from cadl_gui.ui.inspect.inspect_bar import InspectBar
from cadl_gui.ui.inspect.inspection import Inspection
from cadl_gui.ui.inspect.layer_list import LayerList
from cadl_gui.ui.inspect.unit_panel import N_EXCITING, UnitPanel
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.page import Page
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX
from cadl_gui.ui.widgets.network_diagram import NetworkDiagram
from cadl_gui.ui.widgets.stage import Stage

if TYPE_CHECKING:
    from cadl_gui.engine.run import Run

_LIST_PX, _NARROW_LIST_PX, _PRESENT_LIST_PX = 216, 104, 168
_PANEL_PX, _NARROW_PANEL_PX, _PRESENT_PANEL_PX = 288, 240, 304
_WIDE_FROM_PX, _HIGH_FROM_PX = 1100, 680
_EMPTY = "Train or open a run. What it has learned appears here."
_NOT_FOLLOWED = "What every layer makes of an example picture appears here."


class InspectTab(Page):
    """Shows the weights of the run and the position of the view state, and one picture on its way."""

    def __init__(self, engine: Engine, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("inspectTab", parent)
        self._engine = engine
        self._theme = theme
        self._run: Run | None = None
        self._architecture: Architecture | None = None
        self._weights: dict[str, LayerWeights] = {}
        self._maps: dict[str, ActivationMaps] = {}
        self._of_examples: dict[str, NDArray[np.float32]] = {}
        self._tile = 0
        self._layers = LayerList(theme)
        self._diagram = NetworkDiagram(theme)
        self._bar = InspectBar(theme)
        self._about = QLabel()
        self._about.setObjectName("layerAbout")
        self._montage = WeightsView(theme, empty_text=_EMPTY)
        self._montage.setObjectName("weightsMontage")
        self._through = ActivationsView(theme, empty_text=_NOT_FOLLOWED)
        self._through.setObjectName("networkActivations")
        self._panel = UnitPanel(theme)
        self._inspection = Inspection(engine, self)
        self._lay_out()
        self._connect()
        self._colour(self._bar.colour_map)
        self._on_run_changed()

    def set_inverted(self, inverted: bool) -> None:
        """Show the picture as ink on paper; weights and activations have colours of their own."""
        self._through.set_inverted(inverted)
        self._panel.set_inverted(inverted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the layers become a list of names."""
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        self._montage_stage = Stage(self._montage, self._theme, "Weights")
        self._through_stage = Stage(self._through, self._theme, "Through the network")
        self._about.setWordWrap(True)
        set_style_property(self._about, "textRole", "caption")
        set_style_property(self._about, "secondary", value=True)
        left, middle = QVBoxLayout(), QVBoxLayout()
        for column, widgets in (
            (left, (self._layers, self._diagram)),
            (middle, (self._bar, self._about, self._montage_stage, self._through_stage)),
        ):
            column.setSpacing(GAP_SMALL_PX)
            for widget in widgets:
                stretches = widget in {self._layers, self._montage_stage, self._through_stage}
                column.addWidget(widget, stretch=int(stretches))
        page = QHBoxLayout(self)
        page.setContentsMargins(PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        page.setSpacing(GAP_PX)
        page.addLayout(left)
        page.addLayout(middle, stretch=1)
        page.addWidget(self._panel)

    def _connect(self) -> None:
        self.looked_at.connect(self._inspection.set_active)
        self._engine.view.run_changed.connect(self._on_run_changed)
        self._inspection.weights_arrived.connect(self._on_weights)
        self._inspection.activations_arrived.connect(self._on_activations)
        self._inspection.examples_followed.connect(self._on_examples_followed)
        self._inspection.failed.connect(self._show_nothing)
        self._inspection.not_followed.connect(self.failed)
        self._layers.layer_chosen.connect(self._on_layer)
        self._montage.tile_chosen.connect(self._on_tile)
        self._montage.layer_stepped.connect(self._layers.step)
        self._through.unit_chosen.connect(self._on_unit)
        self._bar.through_toggled.connect(self._on_through)
        self._bar.colour_map_changed.connect(self._colour)
        self._bar.layer_changed.connect(self._show_layer)
        self._panel.example_chosen.connect(self._follow_example)
        self._theme.changed.connect(self._arrange)
        for part in (self._montage_stage, self._through_stage, self._panel):
            part.pointer_text.connect(self.pointer_text)
            part.failed.connect(self.failed)

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._engine.view.run
        if run is self._run and run is not None:
            return
        self._run, self._architecture = run, None
        self._show_nothing("")
        if run is not None:
            about = run.description
            self._architecture = architecture(about.configuration, about.picture_shape, about.n_labels)
            self._bar.set_lecture(about.configuration.preset.startswith("lecture-"))
        self._diagram.set_architecture(self._architecture)
        self._layers.set_layers(self._architecture.layers if self._architecture else ())
        self._panel.set_n_examples(0 if self._examples is None else len(self._examples))
        self._follow_example()
        self._on_through()

    @property
    def _examples(self) -> NDArray[np.float32] | None:
        return None if self._run is None else self._run.description.examples

    @property
    def _example(self) -> NDArray[np.float32] | None:
        return None if self._examples is None else self._examples[self._panel.example]

    @Slot()
    def _follow_example(self) -> None:
        self._inspection.set_picture(self._example)

    @Slot(object)
    def _on_weights(self, snapshot: Snapshot) -> None:
        if self._architecture is None or self._run is None:
            return
        try:
            self._weights = layer_weights(self._architecture, snapshot.weights)
        except CadlError as error:
            self._show_nothing(str(error))
            return
        self._note(f"{self._run.letter} · {snapshot.position}")
        self._show_layer()

    @Slot(object)
    def _on_activations(self, activations: tuple[NDArray[np.float32], ...]) -> None:
        if self._architecture is None:
            return
        self._maps = {
            layer.name: activation_maps(layer, given[0])
            for layer, given in zip(self._architecture.layers, activations, strict=True)
        }
        self._through.set_activations(self._example, tuple(self._maps.values()))
        self._show_activation()

    @Slot(object)
    def _on_examples_followed(self, activations: tuple[NDArray[np.float32], ...]) -> None:
        if self._architecture is not None:
            names = (layer.name for layer in self._architecture.layers)
            self._of_examples = dict(zip(names, activations, strict=True))
            self._show_activation()

    @Slot(str)
    def _show_nothing(self, sentence: str) -> None:
        self._weights, self._maps, self._of_examples = {}, {}, {}
        self._about.setText(sentence)
        self._montage.set_layer(None)
        self._through.set_activations(None)
        self._panel.set_unit(None)
        self._note("")

    def _note(self, words: str) -> None:
        for stage in (self._montage_stage, self._through_stage):
            stage.set_note(words)

    @Slot()
    def _on_layer(self) -> None:
        self._tile = 0
        self._show_layer()

    @Slot(object, int)
    def _on_unit(self, layer: Layer, unit: int) -> None:
        """Of what a unit paints there is no picture in its own layer."""
        self._layers.choose(layer)
        shown = self._montage.shown
        self._on_tile(0 if shown is None or shown.pictures.paints else unit)

    @Slot(int)
    def _on_tile(self, tile: int) -> None:
        self._tile = tile
        self._montage.set_tile(tile)
        self._show_tile()

    @Slot()
    def _show_layer(self) -> None:
        layer = self._layers.layer
        if layer is None or layer.name not in self._weights:
            return
        weights, model = self._weights[layer.name], self._weights.values()
        shown = layer_picture(weights, self._bar.range_name, model, by_norm=self._bar.by_norm)
        self._montage_stage.set_title(layer.name)
        self._about.setText(f"{shown.pictures.about} {shown.reading.sentence()}")
        self._montage.set_layer(shown)
        self._montage.set_tile(self._tile)
        self._show_tile()

    def _show_tile(self) -> None:
        shown = self._montage.shown
        if shown is not None:
            self._panel.set_unit(shown, self._tile, self._weights[shown.pictures.layer.name].bias)
            self._show_activation()

    def _show_activation(self) -> None:
        shown = self._montage.shown
        if shown is None or self._architecture is None:
            return
        name, unit = shown.pictures.layer.name, self._tile % shown.pictures.n_units
        if shown.pictures.paints:
            way = [layer.name for layer in (*self._architecture.encoder, *self._architecture.decoder)]
            name = way[way.index(name) - 1]
        self._through.set_chosen(name, unit)
        self._panel.set_activation(self._example, self._maps.get(name), unit)
        if self._examples is not None and name in self._of_examples:
            exciting = most_exciting(self._of_examples[name], unit, N_EXCITING)
            self._panel.set_exciting(self._examples[exciting], len(self._examples))

    @Slot()
    def _on_through(self) -> None:
        """What excites a unit is shown beside activations only."""
        self._inspection.set_examples(self._examples if self._bar.goes_through else None)
        self._arrange()

    @Slot(object)
    def _colour(self, name: ColourMapName) -> None:
        for view in (self._montage, self._through, self._panel):
            view.set_colour_map(name)

    @Slot()
    def _arrange(self) -> None:
        present = self._theme.present
        wide = self.width() >= _WIDE_FROM_PX and not present
        self._layers.set_narrow(not wide)
        list_px = _LIST_PX if wide else _PRESENT_LIST_PX if present else _NARROW_LIST_PX
        for widget in (self._layers, self._diagram):
            widget.setFixedWidth(list_px)
        self._diagram.setVisible(wide)
        panel_px = _PANEL_PX if wide else _PRESENT_PANEL_PX if present else _NARROW_PANEL_PX
        self._panel.setFixedWidth(panel_px)
        self._panel.set_room(for_all=self.height() >= _HIGH_FROM_PX, through=self._bar.goes_through)
        self._montage_stage.setVisible(not self._bar.goes_through)
        self._through_stage.setVisible(self._bar.goes_through)
        self._about.setVisible(not self._bar.goes_through and not present)
