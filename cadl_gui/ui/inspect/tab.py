"""The Inspect tab: shows the network, what a layer has learned and computes, and lets units be bent."""

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cadl_gui.domain.bends import Part
from cadl_gui.imaging.weights.inspected_network import InspectedNetwork
from cadl_gui.imaging.weights.weight_images import WeightImages, corresponding_tile, weight_images
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in, row_of
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.network_bars import parameters_text, shape_text
from cadl_gui.ui.inspect import (
    arithmetic_panel,
    bend_toolbar,
    inspect_bar,
    layer_list,
    unit_panel,
    weights_view,
)
from cadl_gui.ui.inspect.input_picker import InputPicker
from cadl_gui.ui.inspect.inspect_views import InspectViews
from cadl_gui.ui.inspect.inspection import Inspection
from cadl_gui.ui.inspect.network_strip import NetworkStrip
from cadl_gui.ui.inspect.quantile_history import QuantileHistory
from cadl_gui.ui.inspect.top_activations_search import TopActivationsSearch
from cadl_gui.ui.inspect.unit_panel import UnitPanel
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX

if TYPE_CHECKING:
    from cadl_gui.engine.run import Run

_PANEL_PX, _NARROW_PANEL_PX = 288, 240
_WIDE_FROM_PX, _HIGH_FROM_PX, _BOTH_FROM_PX = 1100, 680, 760
"""Widths and height from which the panel is wide, the page is high, and two figures are side by side."""

_PICKER_CONTROLS = 7
"""Width of the picker of the image, as a multiple of a control's height."""

_OF_LAYER = attrgetter("view", "layer", "range", "is_sorted", "has_own_scale", "is_paired", "is_in_colour")
"""What of the view makes another figure of the layer."""

_CENTRED = _("input = image − mean image")
"""Why a black pixel is a negative number."""

_NO_LAYERS = _("A frozen graph has no layers to look into, only operations.")


class InspectTab(TabPage):
    """Shows the network of the view state's run and position, and below it one of its layers."""

    ACTIONS = (
        *bend_toolbar.ROWS, *weights_view.WALK_ROWS, *layer_list.ROWS,
        *inspect_bar.ROWS, *unit_panel.ROWS, *arithmetic_panel.ROWS, *weights_view.ZOOM_ROWS,
    )  # fmt: skip

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        engine, theme = context.engine, context.theme
        self._run: Run | None = None
        self._strip = NetworkStrip(engine, theme)
        self._layers, self._picker = self._strip.layers, InputPicker(engine)
        self._strip_panel = FigurePanel(self._strip, theme, engine.jobs, _("Network"))
        self._strip_panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._views = InspectViews(theme, engine.jobs, engine.view)
        self._bar, self._montage = self._views.bar, self._views.montage
        self._panel = UnitPanel(engine, theme)
        theme.stage.put(When.AT_A_DESK, self._panel)
        self._inspection = Inspection(engine, self)
        self._first_inspection = Inspection(engine, self, of_first=True)
        self._top_activations = TopActivationsSearch(engine, self)
        self._quantile_history = QuantileHistory(engine, self)
        self._views.arithmetic.add_layers(self._layers.action_set)
        self._lay_out()
        self._connect()
        self._on_run_changed()

    def main_view(self) -> QWidget:
        """Return the view that the bar has selected."""
        return self._views.place

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the untrained network beside the one shown where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        row = row_of(GAP_PX, (self._views, 1), self._panel)
        choices = row_of(GAP_SMALL_PX, self._picker, (self._bar, 1))
        choices.setAlignment(self._picker, Qt.AlignmentFlag.AlignTop)
        margins = (PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        column_in(self, GAP_SMALL_PX, self._strip_panel, choices, (row, 1), margins=margins)
        bars = (self._bar, self._views.arithmetic, self._layers, self._panel)
        for host in (self._panel.bend_bar, *bars):
            self.addActions(list(host.action_set))

    def _connect(self) -> None:
        view, inspection, first = self._engine.view, self._inspection, self._first_inspection
        self.visibility_changed.connect(inspection.set_active)
        self.visibility_changed.connect(self._on_visibility)
        view.bind(inspection, lambda: view.run, self._on_run_changed)
        view.bind(self, lambda: _OF_LAYER(view.value.inspect), self._show_wished)
        view.bind(self, lambda: view.value.inspect.unit, self._show_unit)
        self._engine.bending.changed.connect(self._on_bent)
        inspection.weights_arrived.connect(self._on_weights)
        inspection.activations_arrived.connect(self._on_activations)
        inspection.reconstructed.connect(self._strip.output.set_image)
        inspection.failed.connect(self._show_nothing)
        first.weights_arrived.connect(self._show_layer)
        first.activations_arrived.connect(self._show_activation)
        self._top_activations.arrived.connect(self._panel.set_top_activations)
        self._top_activations.outdated.connect(self._panel.forget_top_activations)
        self._quantile_history.changed.connect(self._show_quantiles)
        self._quantile_history.limits_changed.connect(self._show_layer)
        for montage in (self._montage, self._views.first_montage):
            montage.tile_chosen.connect(self._on_tile)
        for activations in (self._views.activations, self._views.first_activations):
            activations.unit_chosen.connect(self._on_unit)
        self._picker.changed.connect(self._on_image_changed)
        self._on_image_changed()
        self._theme.changed.connect(self._arrange)

    # What is shown.

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._engine.view.run
        if run is self._run and run is not None:
            return
        self._run = run
        self._show_nothing("" if run is None or not run.description.is_graph else _NO_LAYERS)
        spec = None
        if run is not None and not run.description.is_graph:
            about = run.description
            spec = about.spec
            self._views.set_class_names(about.class_names)
            image = shape_text(about.image_shape)
            self._strip_panel.set_note(
                "",
                _("image {image} · {parameters}").format(
                    image=image, parameters=parameters_text(spec.n_parameters)
                ),
            )
        for inspection in (self._inspection, self._first_inspection):
            inspection.set_network(spec)
        self._strip.set_network(spec, () if run is None else run.description.class_names)
        self._views.operations.set_operations(())
        has_colours = spec is not None and any(map(spec.has_colours, spec.layers))
        self._bar.set_network(is_layered=run is None or spec is not None, has_colours=has_colours)
        self._show_wished()

    @Slot()
    def _on_image_changed(self) -> None:
        image = self._picker.image
        self._strip.image.set_image(image)
        for inspection in (self._inspection, self._first_inspection):
            inspection.set_image(image)
        if self._network is None or not self._network.maps:
            self._on_activations()

    @Slot()
    def _on_weights(self) -> None:
        run, position = self._run, self._inspection.position
        if run is None or position is None:
            return
        bent = _(" · modified") if self._engine.bending.of(run.run_id) else ""
        self._panel.epochs.set_shown(position)
        self._views.set_note(f"{run.letter} · {position}{bent}")
        self._show_layer()

    @Slot()
    def _on_bent(self) -> None:
        """Show the same weights with other bends."""
        for inspection in (self._inspection, self._first_inspection):
            inspection.bend()
        self._on_weights()

    @Slot()
    def _on_activations(self) -> None:
        network = self._network
        self._strip.set_activations({} if network is None else network.maps)
        self._show_activation()

    @Slot(str)
    def _show_nothing(self, message: str) -> None:
        self._inspection.set_network(None if self._network is None else self._network.spec)
        self._views.show_nothing(message, has_run=self._run is not None)
        self._strip.set_activations({}, failed=True)
        self._panel.set_unit(None)
        self._panel.bend_bar.forget()
        self._compute_for_unit()

    @Slot(int)
    def _on_unit(self, unit: int) -> None:
        """Select a unit, or the first image where the layer's images do not correspond to units."""
        shown = self._montage.shown
        self._on_tile(0 if shown is None or shown.images.paints else unit)

    @Slot(int)
    def _on_tile(self, tile: int) -> None:
        shown, part = self._montage.shown, self._panel.bend_bar.part
        if shown is None:
            return
        view, layer = self._engine.view, shown.images.layer.name
        unit = corresponding_tile(shown.images, tile, self._each_colour(shown.images))
        self._montage.bring_into_view(tile)
        view.change(inspect=replace(view.value.inspect, layer=layer, unit=unit))
        self._panel.bend_bar.swap_with(part)

    def _each_colour(self, images: WeightImages) -> WeightImages:
        """Return the images of the same weights with each colour by itself, as the view counts them."""
        network = self._network
        if network is None or not images.is_colour:
            return images
        return weight_images(network.weights[images.layer.name])

    def _wished_tile(self, images: WeightImages) -> int:
        """Return the index of the image that is chosen; the first if it is of another layer."""
        wish = self._engine.view.value.inspect
        tile = corresponding_tile(self._each_colour(images), wish.unit, images)
        is_there = wish.layer == images.layer.name and tile < images.n_inputs * images.n_units
        return tile if is_there else 0

    @property
    def _shown_first(self) -> InspectedNetwork | None:
        """The untrained network, if it is to be shown beside the other one, and is known."""
        first = self._first_inspection.network
        return first if first is not None and first.weights and self._bar.shows_before else None

    @property
    def _network(self) -> InspectedNetwork | None:
        return self._inspection.network

    @Slot()
    def _show_layer(self) -> None:
        layer, network, run = self._layers.layer, self._network, self._run
        if layer is None or network is None or run is None or layer.name not in network.weights:
            return
        before, first = self._montage.shown, self._shown_first
        self._views.set_paired(first is not None, str(run.recorded[0]), str(self._inspection.position))
        bends, limits = self._engine.bending.of(run.run_id), self._quantile_history.limits()
        self._views.show_layer(layer, network, first, bends, limits)
        now = self._montage.shown
        if before is not None and now is not None and before.images.is_colour != now.images.is_colour:
            self._panel.bend_bar.end_swap()  # its other half would be what is chosen next
        self._show_tile()

    def _show_unit(self) -> None:
        self._show_tile()
        self._show_quantiles()

    def _show_tile(self) -> None:
        shown, network = self._montage.shown, self._network
        if shown is not None and network is not None:
            tile, bias = self._wished_tile(shown.images), network.weights[shown.images.layer.name].bias
            if tile != self._montage.tile:
                self._montage.set_tile(tile)
            self._views.first_montage.set_tile(tile)
            self._panel.set_unit(shown, tile, bias, str(self._montage.bent.get(tile, "")))
            self._panel.bend_bar.choose(network.spec, shown.images, tile)
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

    @Slot()
    def _show_activation(self) -> None:
        """Show the activations of the layer and of its unit."""
        chosen, network, run, current = self._chosen, self._network, self._run, self._layers.layer
        if chosen is None or network is None or run is None or current is None:
            return
        unit = chosen.unit if chosen.layer == current.name else -1
        self._views.show_activations(current, network, self._shown_first, unit)
        layer = next(own for own in network.spec.layers if own.name == chosen.layer)
        self._panel.set_activation(network.maps.get(chosen.layer), chosen.unit)
        self._panel.set_paints(network.paints(layer))
        alone = network.alone(layer, chosen.unit)
        if alone is None:
            self._panel.painted.set_image(None)
        elif self._bar.view == "activations":
            self._inspection.paint(chosen.layer, alone, self._panel.painted.set_image)
        if self._bar.view == "arithmetic":
            bends = self._engine.bending.of(run.run_id)
            work = network.work_of(layer, chosen.unit, max(0, chosen.source), bends)
            is_centred = layer == network.spec.encoder[0] and run.description.config.model.subtract_mean
            note = _CENTRED if is_centred else ""
            self._views.arithmetic.set_work(work, f"{chosen.layer} · {network.unit_name(chosen)}", note)

    @Slot()
    def _show_quantiles(self) -> None:
        shown = self._montage.shown
        unit = 0 if shown is None else self._montage.tile % shown.images.n_units
        self._panel.set_quantile_history(self._quantile_history.known(), unit)

    def _compute_for_unit(self) -> None:
        """Search for top activations and compute weight quantiles only for what is visible."""
        chosen, layer, shown = self._chosen, self._layers.layer, self._montage.shown
        looks = self.isVisible() and chosen is not None
        in_colour = shown is not None and shown.images.is_colour
        name = layer.name if looks and layer is not None else ""
        self._quantile_history.set_layer(name, in_colour=in_colour)
        if chosen is None or not looks or self._panel.isHidden():
            self._top_activations.search("", 0)
        else:
            self._top_activations.search(chosen.layer, chosen.unit)

    def _show_wished(self) -> None:
        if self._bar.view == "operations" and self._views.operations.is_empty:
            self._inspection.list_operations(self._views.operations.set_operations)
        self._on_visibility()
        self._views.arrange()
        self._arrange()
        self._show_layer()

    @Slot()
    def _on_visibility(self) -> None:
        compares = self._bar.shows_before and self._bar.view in {"weights", "activations"}
        self._first_inspection.set_active(self.isVisible() and compares)
        self._compute_for_unit()

    @Slot()
    def _arrange(self) -> None:
        has_layers = self._network is not None
        wide, high = self.width() >= _WIDE_FROM_PX, self.height() >= _HIGH_FROM_PX
        panel_px = _PANEL_PX if wide else _NARROW_PANEL_PX
        self._strip.set_low(not high)
        # A class that follows the arithmetic of a unit sees nothing else, and chooses the layer by buttons.
        follows = self._bar.view == "arithmetic"
        self._theme.stage.put(When.AT_A_DESK if follows else When.ALWAYS, self._strip_panel)
        self._theme.stage.show(self._strip_panel, has_layers)
        self._picker.setFixedWidth(_PICKER_CONTROLS * self._theme.sizes.control)
        self._panel.setFixedWidth(panel_px)
        self._theme.stage.show(self._panel, has_layers)
        self._compute_for_unit()
        self._panel.set_room(is_tall=high, view=self._bar.view)
        has_room = self._theme.stage.has(When.AT_A_DESK) and self.width() - panel_px >= _BOTH_FROM_PX
        if self._bar.set_room(for_both=has_room):
            self._show_wished()
