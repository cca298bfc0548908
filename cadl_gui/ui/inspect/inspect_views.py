"""The middle of the Inspect tab: one view at a time, and the bar that selects it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.imaging.weights.inspected_network import InspectedNetwork
from cadl_gui.imaging.weights.layer_image import layer_image
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.ui.inspect.activations_view import ActivationsView
from cadl_gui.ui.inspect.arithmetic_panel import ArithmeticPanel
from cadl_gui.ui.inspect.bent_marks import bent_images
from cadl_gui.ui.inspect.inspect_bar import InspectBar, InspectView
from cadl_gui.ui.inspect.lecture_view import LectureView
from cadl_gui.ui.inspect.operations_view import OperationsView
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.figure_panel import FigurePanel

_EMPTY = "Train or open a run. What it has learned appears here."
_WEIGHTS, _AS_IN_THE_LECTURE = "Weights", "As in the lecture"
_ABOUT_LINES = 2
_NO_ACTIVATIONS = "What every layer makes of an image appears here."


class InspectViews(QWidget):
    """Shows the view selected in the bar, and a layer's weights in its range and order.

    Attributes:
        bar: Selects the view, colours, range and order.
        montage: Weights of a layer.
        lecture: Weights of a layer as shown in the lecture.
        activations: Activations of every layer for an image.
        arithmetic: The computation of a unit.
        operations: Operations of the graph.

    Signals:
        hover_text: (str) Describes what is under the pointer.
        failed: (str) A sentence saying why an image could not be saved.
    """

    hover_text = Signal(str)
    failed = Signal(str)

    def __init__(self, theme: Theme, jobs: BackgroundJobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.bar = InspectBar(theme)
        self._about = QLabel()
        self._about.setObjectName("layerDescription")
        self._about.setWordWrap(True)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_style_property(self._about, "textRole", "caption")
        set_style_property(self._about, "secondary", value=True)
        self.montage = WeightsView(theme, empty_text=_EMPTY)
        self.montage.setObjectName("weightsMontage")
        self.lecture = LectureView(theme, empty_text=_EMPTY)
        self.lecture.setObjectName("lectureMontage")
        self.activations = ActivationsView(theme, empty_text=_NO_ACTIVATIONS)
        self.activations.setObjectName("networkActivations")
        self.arithmetic = ArithmeticPanel(theme, jobs)
        self.operations = OperationsView(theme, jobs)
        self._montage_panel = FigurePanel(self.montage, theme, jobs, _WEIGHTS)
        self._lecture_panel = FigurePanel(self.lecture, theme, jobs, _AS_IN_THE_LECTURE)
        self._through_panel = FigurePanel(self.activations, theme, jobs, "Through the network")
        self._places: dict[InspectView, QWidget] = {
            "weights": self._montage_panel,
            "activations": self._through_panel,
            "arithmetic": self.arithmetic,
            "operations": self.operations,
        }
        self._is_lecture = self._is_empty = False
        self._lay_out()
        self.bar.view_changed.connect(self._arrange)
        theme.changed.connect(self._arrange)
        panels = self._montage_panel, self._lecture_panel, self._through_panel
        for part in (*panels, self.arithmetic, self.operations):
            part.hover_text.connect(self.hover_text)
            part.failed.connect(self.failed)

    def show_layer(self, layer: LayerSpec, network: InspectedNetwork, bends: Bends) -> None:
        """Show the weights of a layer, in the range and order selected in the bar."""
        own, bar = network.weights[layer.name], self.bar
        in_colour = self.shows_in_colour(layer, network.spec)
        shown = layer_image(
            own, bar.range_name, network.weights.values(), by_norm=bar.by_norm, in_colour=in_colour
        )
        self._montage_panel.set_title(layer.name)
        self.montage.set_layer(shown)
        self.montage.set_bent(bent_images(bends, shown.images, network.owner_of(shown.images)))
        about = shown.images.about + (" They go on below." if shown.grid.is_folded else "")
        lecture = bar.lecture_style and layer.kind != "dense"
        if lecture:
            about = self._show_lecture(own, is_first=layer == network.spec.encoder[0])
        if lecture is not self._is_lecture or self._is_empty:
            self._is_lecture, self._is_empty = lecture, False
            self._arrange()
        self._about.setText(f"{about} {shown.reading.message()}")

    def shows_in_colour(self, layer: LayerSpec, spec: ModelSpec) -> bool:
        """Return whether red, green and blue of a layer's weights are one image in the selected view.

        A kernel that paints all three belongs to a unit of the layer before. Where units are at work, the
        layer's own are chosen instead: those of red, of green and of blue.
        """
        is_own = layer.kind != "transposed convolution" or self.bar.view not in {"activations", "arithmetic"}
        return self.bar.in_colour and spec.has_colours(layer) and is_own

    def show_nothing(self, message: str) -> None:
        """Empty all views, and show a message that says why."""
        self._about.setText(message)
        self._montage_panel.set_title(_WEIGHTS)
        self._lecture_panel.set_title(_AS_IN_THE_LECTURE)
        self.montage.set_layer(None)
        self.lecture.set_kernels(None)
        self.activations.set_activations(None)
        self.arithmetic.set_work(None)
        self.set_note("")
        self._is_empty = True
        self._arrange()

    def set_note(self, note: str) -> None:
        """Set the note at the right of the titles, such as the run and position shown."""
        for part in (self._montage_panel, self._lecture_panel, self._through_panel, self.operations):
            part.set_note(note)

    def _show_lecture(self, own: LayerWeights, *, is_first: bool) -> str:
        """Show kernels as in the lecture, and return a description."""
        self._lecture_panel.set_title(f"{own.layer.name} as in the lecture")
        self.lecture.set_kernels(own, is_first=is_first)
        divided = "" if is_first else ", divided by the largest"
        return (
            f"montage_filters of the lecture: all kernels one after the other{divided}; colours go from the "
            "lowest to the highest; gaps are 0.5."
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        column.addWidget(self.bar)
        column.addWidget(self._about)
        for widget in (*self._places.values(), self._lecture_panel):
            column.addWidget(widget, stretch=1)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        view = self.bar.view
        lecture = view == "weights" and self._is_lecture
        for name, widget in self._places.items():
            widget.setVisible(name == view and not lecture)
        self._lecture_panel.setVisible(lecture)
        is_reported = view == "weights" or (self._is_empty and bool(self._about.text()))
        self._about.setVisible(is_reported and not self._theme.present)
        # A fixed height, so that the montage does not move as the text changes with the epoch.
        self._about.ensurePolished()  # a hidden label has the font of the style before
        self._about.setMinimumHeight(_ABOUT_LINES * self._about.fontMetrics().lineSpacing())
