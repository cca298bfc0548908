"""The Inspect tab: shows what each layer has learned and computes, and lets units be bent."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cadl_gui.domain.bends import Part
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import LayerSpec, model_spec
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.imaging.weights.inspected_network import InspectedNetwork
from cadl_gui.imaging.weights.weight_images import corresponding_tile
from cadl_gui.ui.inspect import (
    arithmetic_panel,
    bend_controller,
    bend_toolbar,
    inspect_bar,
    layer_list,
    weights_view,
)
from cadl_gui.ui.inspect.bend_controller import BendController
from cadl_gui.ui.inspect.inspect_views import InspectViews
from cadl_gui.ui.inspect.inspection import Inspection
from cadl_gui.ui.inspect.layer_list import LayerList
from cadl_gui.ui.inspect.quantile_history import QuantileHistory
from cadl_gui.ui.inspect.top_activations_search import TopActivationsSearch
from cadl_gui.ui.inspect.unit_panel import UnitPanel
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.tab_undo import BEND_ROWS, TabUndo
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX
from cadl_gui.ui.widgets.figure_panel import FigurePanel
from cadl_gui.ui.widgets.network_diagram import NetworkDiagram

if TYPE_CHECKING:
    from cadl_gui.engine.run import Run

_LIST_PX, _NARROW_LIST_PX, _PRESENT_LIST_PX = 216, 104, 168
_PANEL_PX, _NARROW_PANEL_PX, _PRESENT_PANEL_PX = 288, 240, 304
_WIDE_FROM_PX, _HIGH_FROM_PX = 1100, 680
_NO_LAYERS = "A frozen graph has no layers to look into, only operations."


class InspectTab(TabPage):
    """Shows the weights of the view state's run and position, and the activations of one image."""

    ACTIONS = (
        *bend_toolbar.ROWS, *BEND_ROWS, *bend_controller.ROWS, *weights_view.WALK_ROWS, *layer_list.ROWS,
        *inspect_bar.ROWS, *arithmetic_panel.ROWS, *weights_view.ZOOM_ROWS,
    )  # fmt: skip

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        engine, theme, undo = context.engine, context.theme, context.undo
        self._run: Run | None = None
        self._network: InspectedNetwork | None = None
        self._snapshot: Snapshot | None = None
        self._layers = LayerList(theme)
        self._diagram = NetworkDiagram(theme)
        self._diagram.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._diagram_panel = FigurePanel(self._diagram, theme, engine.jobs, "Network")
        self._diagram_panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._views = InspectViews(theme, engine.jobs)
        self._bar, self._montage = self._views.bar, self._views.montage
        self._stacks = undo
        self._undo = TabUndo(BEND_ROWS, context, self, undo.of_run("", "bends"))
        self._panel = UnitPanel(engine, theme, self._undo.action_set)
        self._bend_controller = BendController(engine, self._panel.bend_bar, undo, theme)
        self._inspection = Inspection(engine, self)
        self._top_activations = TopActivationsSearch(engine, self)
        self._quantile_history = QuantileHistory(engine, self)
        self._lay_out()
        self._connect()
        self._on_run_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reduce the list of layers to names in a narrow window."""
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GAP_SMALL_PX)
        left.addWidget(self._layers, stretch=1)
        left.addWidget(self._diagram_panel)
        page = QHBoxLayout(self)
        page.setContentsMargins(PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        page.setSpacing(GAP_PX)
        page.addLayout(left)
        page.addWidget(self._views, stretch=1)
        page.addWidget(self._panel)
        bars = (self._bar, self._views.arithmetic, self._layers)
        for host in (self._panel.bend_bar, self._undo, self._bend_controller, *bars):
            self.addActions(list(host.action_set))

    def _connect(self) -> None:
        inspection = self._inspection
        self.visibility_changed.connect(inspection.set_active)
        self.visibility_changed.connect(self._compute_for_unit)
        self._engine.view.run_changed.connect(self._on_run_changed)
        self._engine.view.image_sent.connect(self._on_image_sent)
        self._engine.bending.changed.connect(self._on_bent)
        inspection.weights_arrived.connect(self._on_weights)
        inspection.activations_arrived.connect(self._on_activations)
        inspection.painted.connect(self._panel.set_painted)
        inspection.operations_listed.connect(self._views.operations.set_operations)
        inspection.failed.connect(self._show_nothing)
        inspection.not_computed.connect(self.failed)
        self._top_activations.arrived.connect(self._panel.set_top_activations)
        self._top_activations.failed.connect(self.failed)
        self._quantile_history.changed.connect(self._show_quantiles)
        self._layers.layer_chosen.connect(self._on_layer)
        self._montage.tile_chosen.connect(self._on_tile)
        self._views.activations.unit_chosen.connect(self._on_unit)
        self._bar.view_changed.connect(self._on_view)
        self._bar.layer_changed.connect(self._show_layer)
        self._panel.picker.changed.connect(self._on_image_changed)
        self._panel.position_chosen.connect(self._engine.view.show)
        self._theme.changed.connect(self._arrange)
        for part in (self._views, self._panel, self._diagram_panel):
            part.hover_text.connect(self.hover_text)
            part.failed.connect(self.failed)
        self._bend_controller.failed.connect(self.failed)
        for panel in self.findChildren(FigurePanel):
            panel.saved.connect(self.saved)

    # What is shown.

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._engine.view.run
        if run is self._run and run is not None:
            return
        self._run, self._network = run, None
        self._undo.set_stack(self._stacks.of_run("" if run is None else run.run_id, "bends"))
        self._show_nothing("" if run is None or not run.description.is_graph else _NO_LAYERS)
        if run is not None and not run.description.is_graph:
            about = run.description
            spec = model_spec(about.config.model, about.image_shape, about.n_classes)
            self._network = InspectedNetwork(spec)
            self._views.activations.set_class_names(about.class_names)
            self._bar.set_preset(about.config.preset)
            self._bar.set_colours(available=any(map(spec.has_colours, spec.layers)))
        self._diagram.set_spec(self._network.spec if self._network else None)
        self._layers.set_layers(self._network.spec.layers if self._network else ())
        self._views.operations.set_operations(())
        self._panel.picker.set_run(run if self._network else None)
        self._bar.set_layered(run is None or self._network is not None)
        self._on_view()

    @Slot()
    def _on_image_changed(self) -> None:
        image = self._panel.picker.image
        self._inspection.set_image(image)
        if image is None and self._network is not None:
            self._network.forget_activations()
            self._views.activations.set_activations(None)
            self._show_activation()

    @Slot(str, object)
    def _on_image_sent(self, tab: str, image: NDArray[np.float32]) -> None:
        """Follow an image of the Data tab through the network."""
        if tab == "inspect":
            self._panel.picker.show_image(image)
            self._bar.show_view("activations")
            self.requested.emit()

    @Slot(object)
    def _on_weights(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._on_bent()

    @Slot()
    def _on_bent(self) -> None:
        """Show new weights, or the same weights with other bends."""
        run, network, snapshot = self._run, self._network, self._snapshot
        if network is None or run is None or snapshot is None:
            return
        bends = self._engine.bending.of(run.run_id)
        try:
            network.take_weights(snapshot.weights, bends)
        except CadlError as error:
            self._show_nothing(str(error))
            return
        self._panel.set_position(snapshot.position)
        self._views.set_note(f"{run.letter} · {snapshot.position}{' · bent' if bends else ''}")
        self._show_layer()

    @Slot(object)
    def _on_activations(self, activations: tuple[NDArray[np.float32], ...]) -> None:
        if self._network is not None:
            image = self._panel.picker.image
            self._network.take_activations(image, activations)
            self._views.activations.set_activations(image, tuple(self._network.maps.values()))
            self._show_activation()

    @Slot(str)
    def _show_nothing(self, message: str) -> None:
        self._snapshot = None
        if self._network is not None:
            self._network = InspectedNetwork(self._network.spec)
        self._views.show_nothing(message)
        self._panel.set_unit(None)
        self._bend_controller.forget()
        self._compute_for_unit()

    @Slot()
    def _on_layer(self) -> None:
        self._montage.set_tile(0)
        self._show_layer()

    @Slot(object, int)
    def _on_unit(self, layer: LayerSpec, unit: int) -> None:
        """Select a unit, or the first image where the layer's images do not correspond to units."""
        self._layers.choose(layer)
        shown = self._montage.shown
        self._on_tile(0 if shown is None or shown.images.paints else unit)

    @Slot(int)
    def _on_tile(self, tile: int) -> None:
        self._montage.set_tile(tile)
        self._show_tile()
        self._show_quantiles()

    @Slot()
    def _show_layer(self) -> None:
        layer, network, run = self._layers.layer, self._network, self._run
        if layer is None or network is None or run is None or layer.name not in network.weights:
            return
        before = self._montage.shown
        self._views.show_layer(layer, network, self._engine.bending.of(run.run_id))
        now = self._montage.shown
        if before is not None and now is not None and before.images.layer == now.images.layer:
            if before.images.is_colour != now.images.is_colour:
                self._panel.bend_bar.end_swap()  # its other half would be what is chosen next
            tile = corresponding_tile(before.images, self._montage.tile, now.images)
            if tile != self._montage.tile:
                self._montage.set_tile(tile)
        self._show_tile()

    def _show_tile(self) -> None:
        shown, network = self._montage.shown, self._network
        if shown is not None and network is not None:
            tile, bias = self._montage.tile, network.weights[shown.images.layer.name].bias
            self._panel.set_unit(shown, tile, bias, str(self._montage.bent.get(tile, "")))
            self._bend_controller.choose(network.spec, shown.images, tile)
            self._compute_for_unit()
            self._show_activation()

    @property
    def _chosen(self) -> Part | None:
        """The unit of the selected image, and its input channel."""
        shown, network = self._montage.shown, self._network
        if shown is None or network is None:
            return None
        source, unit = divmod(self._montage.tile, shown.images.n_units)
        return Part(network.owner_of(shown.images).name, unit, source)

    def _show_activation(self) -> None:
        chosen, network, run = self._chosen, self._network, self._run
        if chosen is None or network is None or run is None:
            return
        layer = next(own for own in network.spec.layers if own.name == chosen.layer)
        self._views.activations.set_chosen(chosen.layer, chosen.unit)
        self._panel.set_activation(self._panel.picker.image, network.maps.get(chosen.layer), chosen.unit)
        self._panel.set_paints(network.paints(layer))
        alone = network.alone(layer, chosen.unit)
        if alone is not None and self._bar.view == "activations":
            self._inspection.paint(chosen.layer, alone)
        if self._bar.view == "arithmetic":
            bends = self._engine.bending.of(run.run_id)
            work = network.work_of(layer, chosen.unit, max(0, chosen.source), bends)
            self._views.arithmetic.set_work(work, f"{chosen.layer} · unit {chosen.unit}")

    @Slot()
    def _show_quantiles(self) -> None:
        shown = self._montage.shown
        unit = 0 if shown is None else self._montage.tile % shown.images.n_units
        self._panel.set_quantile_history(self._quantile_history.known(), unit)

    @Slot()
    def _compute_for_unit(self) -> None:
        """Search for top activations and compute weight quantiles only for what is visible."""
        chosen, layer, view = self._chosen, self._layers.layer, self._bar.view
        looks, of_weights = self.isVisible() and chosen is not None, view in {"weights", "operations"}
        shown = self._montage.shown
        self._quantile_history.set_layer(
            layer.name if looks and layer is not None and of_weights else "",
            in_colour=shown is not None and shown.images.is_colour,
        )
        if chosen is None or not looks or view != "activations":
            self._top_activations.search("", 0)
        else:
            self._top_activations.search(chosen.layer, chosen.unit)

    @Slot()
    def _on_view(self) -> None:
        if self._bar.view == "operations":
            self._inspection.list_operations()
        self._compute_for_unit()
        shown, network = self._montage.shown, self._network
        if shown is not None and network is not None:
            in_colour = self._views.shows_in_colour(shown.images.layer, network.spec)
            if in_colour != shown.images.is_colour:
                self._show_layer()
        self._show_activation()
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        present, has_layers = self._theme.present, self._network is not None
        wide = self.width() >= _WIDE_FROM_PX and not present
        self._layers.set_narrow(not wide)
        list_px = _LIST_PX if wide else _PRESENT_LIST_PX if present else _NARROW_LIST_PX
        self._layers.setFixedWidth(list_px)
        self._diagram_panel.setFixedWidth(list_px)
        self._layers.setVisible(has_layers)
        self._diagram_panel.setVisible(wide and has_layers)
        panel_px = _PANEL_PX if wide else _PRESENT_PANEL_PX if present else _NARROW_PANEL_PX
        self._panel.setFixedWidth(panel_px)
        # In present mode the arithmetic takes all the space; it includes the unit's weights and activation.
        self._panel.setVisible(has_layers and not (present and self._bar.view == "arithmetic"))
        self._panel.set_room(is_tall=self.height() >= _HIGH_FROM_PX, view=self._bar.view)
