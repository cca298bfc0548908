"""The controller that bends the unit chosen in the Inspect tab."""

from PySide6.QtCore import QObject, Slot

from cadl_gui.domain.bends import WHOLE_UNIT, Bends, Part, bend_of, scaled, swapped
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.domain.view_step import new_gesture
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.weights.bent_weights import bendable_units
from cadl_gui.imaging.weights.weight_images import WeightImages
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.inspect.bend_toolbar import BendToolbar
from cadl_gui.ui.theme.theme import Theme


class BendController(QObject):
    """Connects the toolbar with the bends of the run shown.

    Args:
        engine: Holds the bends.
        bar: The toolbar.
        theme: Icons.

    Attributes:
        action_set: The actions of `ROWS`.
    """

    def __init__(self, engine: Engine, bar: BendToolbar, theme: Theme) -> None:
        super().__init__(bar)
        self._engine = engine
        self._bar = bar
        self._drag = new_gesture()
        self._parts: tuple[Part, ...] = ()
        self._input_names: tuple[str, ...] = ()
        bar.part_changed.connect(self._on_part_changed)
        bar.scaled.connect(self._on_scaled)
        engine.bending.changed.connect(self._refresh)
        self.action_set = ActionSet(ROWS, self, theme, bar)
        self.action_set.refresh()

    def choose(self, spec: ModelSpec, images: WeightImages, tile: int) -> None:
        """Choose the unit or kernel of a weight image; if a swap is pending, swap it with the previous one.

        Args:
            spec: The network.
            images: Weight images of a layer.
            tile: Index of the image, input * units + unit.
        """
        before, swaps = self._bar.part, self._bar.swaps
        parts = parts_of(spec, images, tile)
        if parts != self._parts:
            self._parts, self._drag = parts, new_gesture()
            self._input_names = images.input_names
        self._refresh()
        if swaps and before is not None and self._bar.part not in {None, before}:
            self._swap(before, self._bar.part)

    def forget(self) -> None:
        """Clear the choice."""
        self._parts = ()
        self._bar.end_swap()
        self._refresh()

    def _swap(self, part: Part, other: Part | None) -> None:
        run = self._engine.view.run
        self._bar.end_swap()
        if run is None or other is None:
            return
        try:
            self._engine.bending.bend(run.run_id, swapped(self._bends, part, other))
        except CadlError as error:
            self._engine.notifications.unanswered.emit(str(error))

    @Slot(float)
    def _on_scaled(self, factor: float) -> None:
        run, part = self._engine.view.run, self._bar.part
        if run is not None and part is not None:
            self._engine.bending.bend(run.run_id, scaled(self._bends, part, factor), self._drag)

    @Slot()
    def _on_part_changed(self) -> None:
        """Start a new undo step for the next scaling."""
        self._drag = new_gesture()
        self._refresh()

    @property
    def is_bent(self) -> bool:
        """Whether the run shown has any bends."""
        return bool(self._bends)

    def reset_bends(self) -> None:
        """Remove all bends of the run shown."""
        if (run := self._engine.view.run) is not None:
            self._engine.bending.bend(run.run_id, ())

    @property
    def _bends(self) -> Bends:
        run = self._engine.view.run
        return () if run is None else self._engine.bending.of(run.run_id)

    @Slot()
    def _refresh(self) -> None:
        self._bar.show_parts(self._parts, self._input_names)
        if self._bar.part is not None:
            self._bar.show_bend(bend_of(self._bends, self._bar.part))
        self.action_set.refresh()


def parts_of(spec: ModelSpec, images: WeightImages, tile: int) -> tuple[Part, ...]:
    """Return the parts of a weight image that can be bent: its kernel, and the unit unless it outputs pixels.

    An image of outgoing weights (`images.paints`) belongs to a unit of the layer before.

    Args:
        spec: The network.
        images: Weight images of a layer.
        tile: Index of the image, input * units + unit.
    """
    layer = images.layer
    source, unit = divmod(tile, images.n_units)
    owner = layer
    if images.paints:
        way = (*spec.encoder, *spec.decoder)
        owner = way[way.index(layer) - 1]
    parts = (Part(owner.name, unit, WHOLE_UNIT),) if owner in bendable_units(spec) else ()
    if layer.kind != "dense" and not images.is_colour:  # an image in colour is three kernels
        parts = (*parts, Part(layer.name, unit, source))
    return parts


ROWS: tuple[ActionRow[BendController], ...] = (
    ActionRow(key="resetBends", menu="Inspect", text="Undo all changes", shortcuts=("Ctrl+Shift+M",),
              help="Undo all changes to this network; Undo brings them back.",
              callback=BendController.reset_bends,
              enabled=lambda host: host.is_bent),
)  # fmt: skip
