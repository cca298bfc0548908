"""The toolbar that bends the unit chosen in the Inspect tab."""

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from cadl_gui.domain.bends import LARGEST_FACTOR, WHOLE_UNIT, Bends, Part, bend_of, scaled, swapped
from cadl_gui.domain.class_names import unit_name
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.domain.view_step import new_gesture
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.weights.bent_weights import bendable_units
from cadl_gui.imaging.weights.weight_images import WeightImages
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.parts import column_in, named, row_of
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX

_FACTOR_STEP = 0.1
_FACTOR_TIP = _("What the unit gives is multiplied by this; 1 leaves it unchanged ([ and ])")
_PARTS_TIP = _("The unit with all that it sees, or its kernel for one input channel")


class BendToolbar(QWidget):
    """Mute, factor and swap, applied to a unit of the run shown or to one of its kernels.

    Args:
        engine: Holds the bends.
        theme: Icons.

    Attributes:
        action_set: The actions of `ROWS`, in order.
        factor: The field of the factor.
    """

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("bendBar")
        self._engine = engine
        self._drag = new_gesture()
        self._offered: tuple[Part, ...] = ()
        self._input_names: tuple[str, ...] = ()
        self._class_names: tuple[str, ...] = ()
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._parts = named(NoScrollComboBox(), "bentPartCombo", _PARTS_TIP, says=_("What is modified"))
        self.factor = named(QDoubleSpinBox(), "bendFactorSpin", _FACTOR_TIP, says=_("Factor"))
        self.factor.setRange(-LARGEST_FACTOR, LARGEST_FACTOR)
        self.factor.setSingleStep(_FACTOR_STEP)
        self.factor.setDecimals(2)
        self.factor.setPrefix("× ")
        self._swap = ActionButton(self.action_set["swapUnit"])
        self._lay_out()
        self._stage = theme.stage
        self._stage.put(When.DETAILS, self._parts, self.factor)
        self.action_set["swapUnit"].toggled.connect(self._show_swap)
        self._show_swap()
        self._parts.currentIndexChanged.connect(self._on_part)
        self.factor.valueChanged.connect(self._scale)
        engine.view.bind(self.action_set, lambda: self._bends, self._refresh)

    @property
    def part(self) -> Part | None:
        """The part to bend, or None."""
        part: Part | None = self._parts.currentData()
        return part

    @property
    def is_muted(self) -> bool:
        """Whether the factor is 0."""
        return self.factor.value() == 0

    @property
    def is_bent(self) -> bool:
        """Whether the run shown has any bends."""
        return bool(self._bends)

    def mute_or_restore(self) -> None:
        """Mute the part, or reset its factor to 1."""
        self._scale(1.0 if self.is_muted else 0.0)

    def reset_bends(self) -> None:
        """Remove all bends of the run shown."""
        if (run := self._engine.view.run) is not None:
            self._engine.bending.bend(run.run_id, ())

    def choose(self, spec: ModelSpec, images: WeightImages, tile: int) -> None:
        """Choose the unit or kernel of a weight image.

        Args:
            tile: Index of the image, input * units + unit.
        """
        parts = parts_of(spec, images, tile)
        if parts != self._offered:
            self._offered, self._drag = parts, new_gesture()
        self._input_names, self._class_names = images.input_names, images.class_names
        self._refresh()

    def forget(self) -> None:
        """Clear the choice."""
        self._offered = ()
        self.end_swap()
        self._refresh()

    def end_swap(self) -> None:
        """Uncheck *Swap*, after a swap or to cancel it."""
        self.action_set["swapUnit"].setChecked(False)

    @Slot()
    def _show_swap(self) -> None:
        """Show the button also while it waits for the unit to swap with, as after its key."""
        waits = self.action_set["swapUnit"].isChecked()
        self._stage.put(When.AT_A_DESK if waits else When.DETAILS, self._swap)

    def swap_with(self, before: Part | None) -> None:
        """Swap what is chosen now with the part that was chosen before, if a swap is pending."""
        run, part = self._engine.view.run, self.part
        is_pending = self.action_set["swapUnit"].isChecked()
        if not is_pending or run is None or before is None or part is None or part == before:
            return
        self.end_swap()
        try:
            self._engine.bending.bend(run.run_id, swapped(self._bends, before, part))
        except CadlError as error:
            self._engine.notifications.unanswered.emit(str(error))

    @Slot(float)
    def _scale(self, factor: float) -> None:
        run, part = self._engine.view.run, self.part
        if run is not None and part is not None:
            self._engine.bending.bend(run.run_id, scaled(self._bends, part, factor), self._drag)

    @Slot()
    def _on_part(self) -> None:
        """Start a new undo step for the next scaling."""
        self._drag = new_gesture()
        self._refresh()

    @property
    def _bends(self) -> Bends:
        run = self._engine.view.run
        return () if run is None else self._engine.bending.of(run.run_id)

    def _refresh(self) -> None:
        """Offer the parts, and show the bend of the one chosen: the unit or the kernel, as before."""
        parts, was_unit = self._offered, self.part is None or self.part.is_unit
        with QSignalBlocker(self._parts), QSignalBlocker(self.factor):
            self._parts.offer_entries([(self._words(part), part) for part in parts])
            retained = [i for i, part in enumerate(parts) if part.is_unit is was_unit]
            self._parts.setCurrentIndex(retained[0] if retained else 0)
            bend = None if self.part is None else bend_of(self._bends, self.part)
            self.factor.setValue(1.0 if bend is None else bend.factor)
        self._parts.setEnabled(len(parts) > 1)
        self.factor.setEnabled(bool(parts))
        self.action_set.refresh()

    def _words(self, part: Part) -> str:
        if part.is_unit:
            return capitalised(unit_name(self._class_names, part.unit))
        source = self._input_names[part.source] if self._input_names else part.source
        return _("Kernel {source} → {unit}").format(source=source, unit=part.unit)

    def _lay_out(self) -> None:
        lower = row_of(UNIT_PX, ActionButton(self.action_set["muteUnit"]), self._swap, (self.factor, 1))
        lower.addStretch()
        column_in(self, UNIT_PX, row_of(UNIT_PX, (self._parts, 1)), lower)


def parts_of(spec: ModelSpec, images: WeightImages, tile: int) -> tuple[Part, ...]:
    """Return the parts of a weight image that can be bent: its kernel, and the unit unless it outputs pixels.

    An image of outgoing weights (`images.paints`) belongs to a unit of the layer before.

    Args:
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


ROWS: tuple[ActionRow[BendToolbar], ...] = (
    ActionRow(key="muteUnit", menu="Inspect", text="Mute", shortcuts=("M",), checkable=True,
              help="Set this unit's (or kernel's) output to zero; every tab follows.",
              callback=BendToolbar.mute_or_restore, enabled=lambda host: host.part is not None,
              checked=lambda host: host.is_muted),
    ActionRow(key="swapUnit", menu="Inspect", text="Swap…", shortcuts=("S",), checkable=True,
              help="Swap it with the one of its layer that is chosen next.",
              enabled=lambda host: host.part is not None),
    ActionRow(key="quieter", menu="Inspect", text="Smaller factor", shortcuts=("[",),
              help="Decrease the factor by 0.1.", callback=lambda host: host.factor.stepBy(-1),
              enabled=lambda host: host.part is not None),
    ActionRow(key="louder", menu="Inspect", text="Larger factor", shortcuts=("]",),
              help="Increase the factor by 0.1.", callback=lambda host: host.factor.stepBy(1),
              enabled=lambda host: host.part is not None),
    ActionRow(key="resetBends", menu="Inspect", text="Undo all changes", shortcuts=("Ctrl+Shift+M",),
              help="Undo all changes to this network; Undo brings them back.",
              callback=BendToolbar.reset_bends,
              enabled=lambda host: host.is_bent),
)  # fmt: skip
