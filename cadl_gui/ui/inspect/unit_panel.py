"""The panel of the chosen unit: what excites it, its weights, its activations, and statistics on demand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.class_names import unit_name
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.position import Position
from cadl_gui.domain.top_activations import TopActivations
from cadl_gui.domain.weight_quantiles import WeightQuantiles
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.weights.activation_maps import ActivationMaps
from cadl_gui.imaging.weights.layer_image import LayerImage
from cadl_gui.imaging.weights.reading import REASONS
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.parts import column_in, label, named
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.inspect.activation_view import ActivationView
from cadl_gui.ui.inspect.bend_toolbar import BendToolbar
from cadl_gui.ui.inspect.epochs_view import EpochsView
from cadl_gui.ui.inspect.histogram_view import HistogramView
from cadl_gui.ui.inspect.inspect_bar import ViewName
from cadl_gui.ui.inspect.side_by_side import SideBySide
from cadl_gui.ui.inspect.unit_view import UnitView
from cadl_gui.ui.run_text import NOT_AT_HAND, lacks_images
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

if TYPE_CHECKING:
    from cadl_gui.ui.figures.figure_view import FigureView

_UNIT, _EXCITES = _("Unit"), _("Activated most by")
_TOP_COLUMNS = 5
_BOTH_FROM_PX = 300
"""Height from which two figures have room beside all controls."""

_SEARCHING, _ALL_ALIKE = _("Searching…"), _("All images activate it alike.")


class UnitPanel(QWidget):
    """Stacks the figures of a unit and the bend toolbar; statistics are folded.

    Args:
        engine: Supplies images.
        theme: Colours, type and icons.

    Attributes:
        bend_bar: The toolbar for bending the unit.
        action_set: The actions of `ROWS`, in order.
        epochs: Its weights at the recorded positions.
        painted: What is decoded from it alone.
    """

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._jobs = engine.jobs
        self.bend_bar = BendToolbar(engine, theme)
        self._view_state = engine.view
        self._counted: tuple[NDArray[np.float32], NDArray[np.float32], float, float | None] | None = None
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._fold = named(ActionButton(self.action_set["showStatistics"]), "statisticsButton")
        theme.stage.put(When.DETAILS, self._fold)
        self._unit = named(UnitView(theme, empty_text=_("Choose a unit.")), "unitImage")
        self._histogram = HistogramView(theme, empty_text=_("Weight histogram."))
        self.epochs = EpochsView(theme, empty_text=_("Epoch by epoch."))
        self._activation = named(ActivationView(theme, empty_text=_("No image yet.")), "unitActivation")
        self.painted = ImageView(theme, empty_text=_("Not painted yet."), is_centred=True)
        self._top_activations = ImageView(theme, empty_text=_SEARCHING, is_centred=True)
        self._reason = label("", "unitReason", wraps=True, textRole="caption", secondary=True)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._both = SideBySide(self._unit, self._activation)
        self._both.set_paired(True)
        self._unit_panel = self._panel_of(self._both, "unitFigures", _UNIT)
        self._histogram_panel = self._panel_of(self._histogram, "unitHistogram", _("Histogram"))
        self._histogram_panel.set_note(_("line: layer"))
        self._epochs_panel = self._panel_of(self.epochs, "unitEpochs", _("Over the epochs"))
        self._epochs_panel.set_note(_("lines: layer"))
        self._painted_panel = self._panel_of(self.painted, "unitPainted", _("Decoded alone"))
        self._exciting_panel = self._panel_of(self._top_activations, "topActivations", _EXCITES)
        self._view: ViewName = "weights"
        self._is_tall, self._paints = True, False
        self._lay_out()
        self.epochs.position_chosen.connect(engine.view.show)
        theme.changed.connect(self._arrange)
        view = engine.view
        view.bind(self, lambda: view.value.inspect.shows_statistics, self._show_statistics)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for, and reserve height for the longest reason."""
        super().resizeEvent(event)
        self._arrange()

    def _reserve(self) -> None:
        """Reserve height for the longest reason, so that images do not move with the timeline."""
        self._reason.ensurePolished()  # a hidden label has the font of the style before
        room, metrics = QRect(0, 0, self.width(), self.height()), self._reason.fontMetrics()
        wrapped = Qt.TextFlag.TextWordWrap
        heights = (metrics.boundingRect(room, wrapped, reason).height() for reason in REASONS.values())
        self._reason.setMinimumHeight(max(heights) if self._is_tall else 0)
        # A label keeps a size hint that contains the minimum of before; setting the indent makes it forget.
        self._reason.setIndent(self._reason.indent())

    def set_room(self, *, is_tall: bool, view: ViewName) -> None:
        """Adapt the figures shown to the available height and the current view.

        Args:
            is_tall: Whether there is room for everything that goes with the view.
            view: The view shown beside the panel.
        """
        self._is_tall, self._view = is_tall, view
        self._arrange()

    def set_unit(
        self,
        shown: LayerImage | None,
        tile: int = 0,
        bias: NDArray[np.float32] | None = None,
        bent: str = "",
    ) -> None:
        """Show one image of a layer's weights.

        Args:
            shown: The layer; None empties the panel.
            tile: Index of the image, input * units + unit.
            bias: (units,) biases of the layer, if it has any.
            bent: Description of the bend; "" if the unit is not bent.
        """
        if shown is None:
            self._unit_panel.set_title(_UNIT)
            self._unit.set_unit(None)
            self._histogram.set_weights(None)
            self._counted = None
            self._activation.set_activation(None)
            self.forget_top_activations()
            self.painted.set_image(None)
            self._reason.setText("")
            return
        images = shown.images
        source, unit = divmod(tile, images.n_units)
        kernel = f" · {images.input_name(source)}" if images.n_inputs > 1 else ""
        self._unit_panel.set_title(f"{capitalised(unit_name(images.class_names, unit))}{kernel}")
        self._unit.set_unit(images, tile, float(shown.limits[source, unit]))
        self._reason.setText(
            _("Modified: {bent}").format(bent=bent) if bent else REASONS[shown.reading.look(tile)]
        )
        own_bias = None if bias is None or images.paints else float(bias[unit])
        self._counted = images.patches[:, unit], images.patches, float(shown.limits.max()), own_bias
        self._count()

    def _count(self) -> None:
        """Count the weights, if anyone sees it; a drag of the timeline would wait for it."""
        if self.shows_statistics and self._counted is not None:
            self._histogram.set_weights(*self._counted)

    def set_quantile_history(self, quantiles: Mapping[Position, WeightQuantiles], unit: int) -> None:
        """Show the weight quantiles of a unit at the recorded positions."""
        found = list(quantiles.values())
        if found and unit < len(found[0].units):
            of_unit = np.stack([one.units[unit] for one in found])
            self.epochs.set_quantiles(list(quantiles), of_unit, np.stack([one.layer for one in found]))
        else:
            self.epochs.set_quantiles((), np.zeros((0, 7)), np.zeros((0, 7)))

    def set_activation(self, maps: ActivationMaps | None, unit: int) -> None:
        """Show the activations of a unit for an image.

        Args:
            maps: Activations of the unit's layer; None empties the view.
        """
        if maps is None:
            self._activation.set_activation(None)
            return
        has_negative = bool((maps.maps < 0).any())
        self._activation.set_activation(maps.maps[unit], maps.limit, has_negative=has_negative)

    def set_paints(self, paints: bool) -> None:
        """Set whether an image can be decoded from the unit's activations."""
        if paints is not self._paints:
            self._paints = paints
            self._arrange()

    @Slot()
    def forget_top_activations(self) -> None:
        """Empty *Activated most by*, for another layer."""
        is_missing = lacks_images(self._view_state.run)
        self._top_activations.set_empty_text(NOT_AT_HAND if is_missing else _SEARCHING)
        self._top_activations.set_images(None)
        self._exciting_panel.set_note("")

    @Slot(object, object)
    def set_top_activations(self, images: NDArray[np.uint8], found: TopActivations) -> None:
        """Show the training images that activate the unit most, and among how many."""
        self._top_activations.set_empty_text(_SEARCHING if len(images) else _ALL_ALIKE)
        self._top_activations.set_images(images if len(images) else None, columns=_TOP_COLUMNS)
        self._exciting_panel.set_note(
            _("{searching}of {n_images:,}").format(
                searching="" if found.is_last else _("searching · "), n_images=found.n_images
            )
        )

    @property
    def shows_statistics(self) -> bool:
        """Whether the statistics of the weights are shown, in place of weights and activations."""
        return self._view_state.value.inspect.shows_statistics

    def toggle_statistics(self) -> None:
        """Show or fold the statistics."""
        wish = self._view_state.value.inspect
        self._view_state.change(inspect=replace(wish, shows_statistics=not wish.shows_statistics))

    def _show_statistics(self) -> None:
        self._count()
        self.action_set.refresh()
        self._arrange()

    def _panel_of(self, view: "FigureView | SideBySide", name: str, title: str) -> FigurePanel:
        return FigurePanel(named(view, name), self._theme, self._jobs, title)

    def _lay_out(self) -> None:
        panels = [(panel, 1) for panel in (self._exciting_panel, self._unit_panel, self._painted_panel)]
        column = column_in(self, GAP_SMALL_PX, *panels, self._reason, self.bend_bar)
        column.addWidget(self._fold, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._histogram_panel, stretch=1)
        column.addWidget(self._epochs_panel, stretch=1)

    @Slot()
    def _arrange(self) -> None:
        """Show the figures for the current view and the room there is."""
        tall, folded = self._is_tall, not self.shows_statistics
        has_room = self.height() >= _BOTH_FROM_PX or not self._theme.details
        paints = self._paints and self._view == "activations"
        shown = {
            self._exciting_panel: folded and has_room,
            self._unit_panel: folded and (tall or not paints),
            self._painted_panel: folded and paints,
            self._histogram_panel: not folded,
            self._epochs_panel: not folded and has_room,
        }
        self._both.set_captions(*((_("weights"), _("activation")) if tall else ("", "")))
        for widget, is_shown in shown.items():
            widget.setVisible(is_shown)
        self._reserve()


ROWS: tuple[ActionRow[UnitPanel], ...] = (
    ActionRow(key="showStatistics", menu="Inspect", text="Statistics", checkable=True,
              help="Show the histogram of the unit's weights, and their distribution over the epochs.",
              callback=UnitPanel.toggle_statistics, checked=lambda host: host.shows_statistics),
)  # fmt: skip
