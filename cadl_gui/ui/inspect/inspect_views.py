"""The layer that the Inspect tab shows: one view at a time, and the bar that selects it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.weights.colour_map import activation_colour_map as colours_of
from cadl_gui.imaging.weights.colour_map import in_words
from cadl_gui.imaging.weights.inspected_network import InspectedNetwork
from cadl_gui.imaging.weights.layer_image import LayerImage, layer_image
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in, label, named
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.inspect.activations_view import ActivationsView
from cadl_gui.ui.inspect.arithmetic_panel import ArithmeticPanel
from cadl_gui.ui.inspect.before_view import BeforeView
from cadl_gui.ui.inspect.bent_marks import bent_images
from cadl_gui.ui.inspect.inspect_bar import InspectBar, ViewName
from cadl_gui.ui.inspect.layer_list import layer_text
from cadl_gui.ui.inspect.lecture_view import LectureView
from cadl_gui.ui.inspect.operations_view import OperationsView
from cadl_gui.ui.inspect.side_by_side import SideBySide
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_NO_RUN = _("Train or open a run. What it has learned appears here.")
_NOT_READ_YET = _("What it has learned appears here.")
_WEIGHTS, _ACTIVATIONS, _AS_IN_THE_LECTURE = _("Weights"), _("Activations"), _("As in the lecture")
_LINE_FROM_EMS = 75
"""Width, in ems, in which what is said of a layer is one line."""

_ABOUT_FROM_PX = 300
"""Height from which the montage leaves room for it."""

_NO_ACTIVATIONS = _("The layer's output for an image appears here.")


class InspectViews(QWidget):
    """Shows the view selected in the bar, and a layer's weights in its range and order.

    Attributes:
        bar: Selects the view, colours, range and order.
        montage: Weights of a layer.
        first_montage: Those of the untrained network.
        lecture: Weights of a layer as shown in the lecture.
        activations: Activations of a layer for an image.
        first_activations: Those of the untrained network.
        arithmetic: The computation of a unit.
        operations: Operations of the graph.
    """

    def __init__(self, theme: Theme, jobs: BackgroundJobs, view: ViewState) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self.bar = InspectBar(theme, view)
        self._about = label("", "layerDescription", wraps=True, textRole="caption", secondary=True)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.montage = named(WeightsView(theme, empty_text=_NO_RUN, view=view), "weightsMontage")
        self.first_montage = named(BeforeView(theme, empty_text=_NO_RUN, now=self.montage), "weightsBefore")
        self.lecture = named(LectureView(theme, empty_text=_NO_RUN), "lectureMontage")
        self.activations = named(ActivationsView(theme, empty_text=_NO_ACTIVATIONS), "networkActivations")
        self.first_activations = ActivationsView(theme, empty_text=_NO_ACTIVATIONS)
        self.first_activations.setObjectName("activationsBefore")
        self.first_activations.setFocusProxy(self.activations)
        self._pairs = (
            named(SideBySide(self.first_montage, self.montage), "weightsFigures"),
            named(SideBySide(self.first_activations, self.activations), "activationFigures"),
        )
        self.arithmetic = ArithmeticPanel(theme, jobs, view)
        self.operations = OperationsView(theme, jobs, view)
        self._montage_panel = FigurePanel(self._pairs[0], theme, jobs, _WEIGHTS)
        self._lecture_panel = FigurePanel(self.lecture, theme, jobs, _AS_IN_THE_LECTURE)
        self._through_panel = FigurePanel(self._pairs[1], theme, jobs, _ACTIVATIONS)
        self._places: dict[ViewName, QWidget] = {
            "weights": self._montage_panel,
            "activations": self._through_panel,
            "arithmetic": self.arithmetic,
            "operations": self.operations,
        }
        self._is_lecture = self._is_empty = False
        self._note = ""
        self._before: tuple[LayerWeights, tuple[object, ...], LayerImage] | None = None
        theme.stage.put(When.AT_A_DESK, self._about)
        self._lay_out()
        theme.changed.connect(self.arrange)
        theme.figures_changed.connect(self._explain_colours)

    def show_layer(
        self,
        layer: LayerSpec,
        network: InspectedNetwork,
        first: InspectedNetwork | None,
        bends: Bends,
        limits: NDArray[np.float64],
    ) -> None:
        """Show the weights of a layer, in the range and order selected in the bar.

        Args:
            network: The network at the position shown.
            first: The untrained network, to be shown beside it; None if it is not.
            limits: Those of the layer and of each unit that all epochs share, or () while they are not known.
        """
        own, bar, wish = network.weights[layer.name], self.bar, self._view.value.inspect
        in_colour = self.shows_in_colour(layer, network.spec)

        def image_of(model: InspectedNetwork) -> LayerImage:
            weights, every = model.weights[layer.name], model.weights.values()
            return layer_image(weights, bar.range_name, every, by_norm=wish.is_sorted, in_colour=in_colour)

        shown = image_of(network)
        before = None
        if first is not None:
            before = self._image_before(first, layer, image_of).ordered_as(shown)
        if not wish.has_own_scale:
            shared = _shared_limits(shown, before, limits, by_unit=bar.range_name == "unit")
            shown = replace(shown, limits=shared)
            before = None if before is None else replace(before, limits=shared)
        for panel in (self._montage_panel, self._through_panel):
            panel.set_title(layer.name, layer_text(layer))
        bent = bent_images(bends, shown.images, network.owner_of(shown.images))
        self.montage.set_layer(shown)
        if before is None or not _are_same(before, self.first_montage.shown):
            self.first_montage.set_layer(before)
        self.first_montage.lay_out()  # its sentence compares both
        self.montage.set_bent(bent)
        is_folded = self.montage.shown is not None and self.montage.shown.grid.is_folded
        about = shown.images.about + (_(" Long lines of them are folded.") if is_folded else "")
        lecture = bar.lecture_style and layer.kind != "dense"
        if lecture:
            about = self._show_lecture(own, is_first=layer == network.spec.encoder[0])
        if lecture is not self._is_lecture or self._is_empty:
            self._is_lecture, self._is_empty = lecture, False
            self.arrange()
        self._about.setText(f"{about} {shown.reading.message()}")

    def _image_before(
        self, first: InspectedNetwork, layer: LayerSpec, image_of: Callable[[InspectedNetwork], LayerImage]
    ) -> LayerImage:
        """Return the image of an untrained layer; cached, as dragging the timeline does not change it."""
        own, bar = first.weights[layer.name], self.bar
        options = own.layer.name, bar.range_name, self._view.value.inspect.is_sorted, bar.in_colour, bar.view
        if self._before is None or self._before[0] is not own or self._before[1] != options:
            self._before = own, options, image_of(first)
        return self._before[2]

    def show_activations(
        self, layer: LayerSpec, network: InspectedNetwork | None, first: InspectedNetwork | None, unit: int
    ) -> None:
        """Show the activations of a layer, and of the untrained one if `first` is given."""
        maps, before = (None if one is None else one.maps.get(layer.name) for one in (network, first))
        limit = 0.0
        if not self._view.value.inspect.has_own_scale:
            limit = max(0.0 if one is None else one.limit for one in (maps, before))
        for view, own in ((self.activations, maps), (self.first_activations, before)):
            view.set_maps(own, limit)
            view.set_chosen(unit)
        self._explain_colours()

    @Slot()
    def _explain_colours(self) -> None:
        """Say what the colours of activations mean, also where there is no room for their scale."""
        maps, theme = self.activations.maps, self._theme
        said = (
            "" if maps is None else in_words(colours_of(maps.maps, theme.colour_map, is_dark=theme.is_dark))
        )
        self._through_panel.set_note(" · ".join(filter(None, (said, self._note))))

    def set_class_names(self, names: Sequence[str]) -> None:
        """Set the class names by label, for the logits."""
        for view in (self.activations, self.first_activations):
            view.set_class_names(names)

    def set_paired(self, paired: bool, before: str = "", now: str = "") -> None:
        """Set whether the untrained network is beside the one shown, and what both are called."""
        for pair in self._pairs:
            if pair.is_paired != paired:
                pair.set_paired(paired)
            pair.set_captions(before, now)

    def shows_in_colour(self, layer: LayerSpec, spec: ModelSpec) -> bool:
        """Return whether red, green and blue of a layer's weights are one image in the selected view.

        A kernel that paints all three belongs to a unit of the layer before. Where units are at work, the
        layer's own are chosen instead: those of red, of green and of blue.
        """
        is_own = layer.kind != "transposed convolution" or self.bar.view not in {"activations", "arithmetic"}
        return self.bar.in_colour and spec.has_colours(layer) and is_own

    def show_nothing(self, message: str, *, has_run: bool) -> None:
        """Empty all views, and show a message that says why; the weights of a run may not be read yet."""
        for view in (self.montage, self.first_montage, self.lecture):
            view.set_empty_text(_NOT_READ_YET if has_run else _NO_RUN)
        self._about.setText(message)
        self._montage_panel.set_title(_WEIGHTS)
        self._through_panel.set_title(_ACTIVATIONS)
        self._lecture_panel.set_title(_AS_IN_THE_LECTURE)
        self.montage.set_layer(None)
        self.first_montage.set_layer(None)
        self.set_paired(False)
        self.lecture.set_kernels(None)
        self.activations.set_maps(None)
        self.first_activations.set_maps(None)
        self.arithmetic.set_work(None)
        self.set_note("")
        self._is_empty = True
        self.arrange()

    def set_note(self, note: str) -> None:
        """Set the note at the right of the titles, such as the run and position shown."""
        self._note = note
        for part in (self._montage_panel, self._lecture_panel, self.operations):
            part.set_note(note)
        self._explain_colours()

    def _show_lecture(self, own: LayerWeights, *, is_first: bool) -> str:
        """Show kernels as in the lecture, and return a description."""
        self._lecture_panel.set_title(_("{name} as in the lecture").format(name=own.layer.name))
        self.lecture.set_kernels(own, is_first=is_first)
        divided = "" if is_first else _(", divided by the largest")
        return _(
            "montage_filters of the lecture: all kernels one after the other{divided}; colours "
            "go from the lowest to the highest; gaps are 0.5."
        ).format(divided=divided)

    @property
    def place(self) -> QWidget:
        """The view that is selected."""
        return self._lecture_panel if self._shows_lecture else self._places[self.bar.view]

    @property
    def _shows_lecture(self) -> bool:
        return self.bar.view == "weights" and self._is_lecture

    def _lay_out(self) -> None:
        views = [(view, 1) for view in (*self._places.values(), self._lecture_panel)]
        column_in(self, GAP_SMALL_PX, self._about, *views)
        self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the sentence about the layer one line or two."""
        super().resizeEvent(event)
        self.arrange()

    @Slot()
    def arrange(self) -> None:
        """Show the selected view."""
        view, lecture = self.bar.view, self._shows_lecture
        for name, widget in self._places.items():
            widget.setVisible(name == view and not lecture)
        self._lecture_panel.setVisible(lecture)
        has_room = self.height() >= _ABOUT_FROM_PX
        is_reported = (view == "weights" and has_room) or (self._is_empty and bool(self._about.text()))
        self._theme.stage.show(self._about, is_reported)
        # A fixed height, so that the montage does not move as the text changes with the epoch.
        self._about.ensurePolished()  # a hidden label has the font of the style before
        metrics = self._about.fontMetrics()
        lines = 1 if self.width() >= _LINE_FROM_EMS * metrics.horizontalAdvance("m") else 2
        self._about.setMinimumHeight(lines * metrics.lineSpacing())


def _are_same(before: LayerImage, shown: LayerImage | None) -> bool:
    """Return whether an image is shown already, on the same scale and in the same order."""
    if shown is None or shown.images is not before.images or not np.array_equal(shown.limits, before.limits):
        return False
    if shown.norms is None or before.norms is None:
        return shown.norms is before.norms
    return np.array_equal(shown.norms, before.norms)


def _shared_limits(
    shown: LayerImage, before: LayerImage | None, known: NDArray[np.float64], *, by_unit: bool
) -> NDArray[np.float64]:
    """Return the limits, (inputs, units), that all epochs share, as far as they are known."""
    limits = shown.limits if before is None else np.maximum(shown.limits, before.limits)
    if len(known) != 1 + limits.shape[1]:  # they may still be those of another layer
        return limits
    return np.maximum(limits, known[1:] if by_unit else known[0])
