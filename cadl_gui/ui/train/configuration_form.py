"""The form from which a run is trained, built from the table of a configuration's fields."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.families import Family
from cadl_gui.domain.fields import fields_of
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.next_run import NextRun, check
from cadl_gui.domain.precision import refusal_on
from cadl_gui.domain.preset import Preset
from cadl_gui.domain.presets import PRESETS, check_dataset
from cadl_gui.engine.opened_datasets import OpenedDatasets
from cadl_gui.system.words import _
from cadl_gui.ui.controls.columns_layout import in_columns, order_tabs
from cadl_gui.ui.controls.dataset_combo import DatasetCombo
from cadl_gui.ui.controls.field_editor import Control, FieldEditor, wrapped_label
from cadl_gui.ui.controls.parts import column_in, named, push_button
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, UNIT_PX
from cadl_gui.ui.train.examples_edit import ExamplesEdit
from cadl_gui.ui.train.family_picker import FamilyPicker
from cadl_gui.ui.train.network_panel import NetworkPanel
from cadl_gui.ui.train.preset_combo import PresetCombo

_FIELD_GAP_PX = 3 * UNIT_PX
_LEAST_FIELD_LINES = 8.25
_WIDE_FROM_LETTERS = 56
"""Width, as a multiple of the size of the type, from which the parts of the form lie side by side."""

_FIRST = ("layers", "latent_dim")
"""What decides how few numbers an image becomes, which is changed most, comes first."""

_SHARES = (4, 5, 3)
"""Shares of the width: the preset, the fields, the network."""


class ConfigurationForm(QScrollArea):
    """Shows settings of a run. Anything can be typed; an invalid value is explained under its field.

    A field whose prerequisite (`needs`) is not met is hidden. The caller sets the width.

    Args:
        theme: Colours and icons.
        datasets: Knows the datasets that the user has opened, and opens others.

    Attributes:
        next: The settings shown.
        checked: What can be made of them.
        datasets: The list of datasets.

    Signals:
        edited: (`NextRun`) The user edited or chose a value.
    """

    edited = Signal(object)

    def __init__(self, theme: Theme, datasets: OpenedDatasets) -> None:
        super().__init__()
        self._theme = theme
        self._opened = datasets
        self._families = FamilyPicker(theme)
        self._preset_combo = PresetCombo()
        self._preset_line = wrapped_label("", "presetLine", secondary=True)
        self._network = NetworkPanel(theme)
        tip = _("Show the layers, activations and first weights too")
        self._more_button = push_button(_("More"), "moreButton", tip, flat=True)
        self._more_button.setCheckable(True)
        self.datasets = DatasetCombo(datasets.sources)
        controls: dict[str, Control] = {
            "dataset": self.datasets,
            "preset": self._preset_combo,
            "labelled_examples": ExamplesEdit(theme),
        }
        self._editors = {name: FieldEditor(name, controls.get(name)) for name in FIELDS}
        self._further: Callable[[RunConfig], object] = check_dataset
        self._refusal = refusal_on("")
        self._to_be_seen: FieldEditor | None = None
        self._lay_out()
        self._connect()
        self._show_more(shown=False)
        self._fill(NextRun())

    def show_next(self, next_run: NextRun) -> None:
        """Show other settings from the top on; if they differ in one field of a form seen, scroll to it."""
        changed = [name for name, text in next_run.texts if text != self.next[name]]
        if not changed:
            return
        if changed == ["labelled_examples"]:  # which are named beside Train
            self._fill(next_run)
            return
        only = changed[0] if len(changed) == 1 and self.isVisible() else None
        if only is None or FIELDS[only].advanced:
            self._more_button.setChecked(only is not None)
        self._fill(next_run)
        if only is None:
            self.verticalScrollBar().setValue(0)
        else:
            self._to_be_seen = self._editors[only]
            self._let_be_seen()

    def set_device(self, device: str) -> None:
        """Offer what the device that trains can compute: "CPU", "GPU" or "", as long as it is not known."""
        self._refusal = refusal_on(device)
        if self._editors["precision"].set_device(device):
            self._refresh()

    def restrict(self, names: Collection[str], reason: str, check: Callable[[RunConfig], object]) -> None:
        """Make only some fields editable, and expand the form to show them all.

        Args:
            reason: A message saying why the other fields are locked.
            check: Raises a `ConfigurationError` if a valid configuration is not allowed here.
        """
        self._further = check
        for name, editor in self._editors.items():
            if name not in names:
                editor.lock(reason)
        self._more_button.setChecked(True)
        self._network.setVisible("layers" in names)
        self._families.setVisible("preset" in names)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the preset, the fields and the network side by side where there is room."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE_FROM_LETTERS * self._theme.sizes.caption
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(direction)
        for i, share in enumerate(_SHARES):
            self._parts.setStretch(i, share if is_wide else 0)

    @Slot()
    def _let_be_seen(self) -> None:
        """Scroll to the field filled last, once the form is laid out and its position is known."""
        if self._to_be_seen is not None:
            QTimer.singleShot(0, self, partial(self.ensureWidgetVisible, self._to_be_seen))

    @Slot()
    def _stay(self) -> None:
        """Stay where the user scrolls to."""
        self._to_be_seen = None

    def _lay_out(self) -> None:
        advanced = [name for name, about in FIELDS.items() if about.advanced and name != "preset"]
        advanced.sort(key=lambda name: name not in _FIRST)
        plain = [name for name in FIELDS if name not in {*advanced, "dataset", "preset"}]
        content = named(QWidget(), "", scrolled=True)
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom, content)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(GAP_PX)
        choice_part, fields_part = QWidget(), QWidget()
        choice = column_in(choice_part, UNIT_PX, self._families)
        choice.addSpacing(UNIT_PX)
        choice.addWidget(self._editors["preset"])
        choice.addWidget(self._preset_line)
        choice.addStretch(1)
        fields = column_in(fields_part, _FIELD_GAP_PX, self._in_columns(["dataset", *plain]))
        fields.addWidget(self._more_button, alignment=Qt.AlignmentFlag.AlignLeft)
        self._more = self._in_columns(advanced)
        fields.addWidget(self._more)
        fields.addStretch(1)
        for part in (choice_part, fields_part, self._network):
            self._parts.addWidget(part)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        first, last = (
            [self._editors[name].control for name in names]
            for names in (["preset", "dataset", *plain], advanced)
        )
        order_tabs([*first, self._more_button, *last])

    def _in_columns(self, names: Sequence[str]) -> QWidget:
        return in_columns([self._editors[name] for name in names], _LEAST_FIELD_LINES, _FIELD_GAP_PX)

    def _connect(self) -> None:
        for name, editor in self._editors.items():
            editor.edited.connect(partial(self._on_edited, name))
        # Choosing the current preset again discards edits.
        self._preset_combo.activated.connect(partial(self._on_edited, "preset"))
        self._families.chosen.connect(self._on_family)
        self.datasets.chosen.connect(self._opened.open)
        self._opened.seen.connect(self._refresh)
        self._more_button.toggled.connect(self._show_more)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._let_be_seen)
        bar.actionTriggered.connect(self._stay)

    def _on_edited(self, name: str, *_: object) -> None:
        text = self._editors[name].text
        if name == "preset" and text in PRESETS:
            self._edit(self.next.with_preset(text, self._opened.preview_of))
        else:
            self._edit(self.next.replace(**{name: text}))

    @Slot(object)
    def _on_family(self, family: Family) -> None:
        self._edit(self.next.of_family(family, self._opened.preview_of))

    def _edit(self, next_run: NextRun) -> None:
        self._fill(next_run)
        self.edited.emit(next_run)

    def _fill(self, next_run: NextRun) -> None:
        self.next = next_run
        for name, text in next_run.texts:
            self._editors[name].show_text(text)
        self._refresh()

    @Slot(bool)
    def _show_more(self, shown: bool) -> None:
        self._more.setVisible(shown)
        self._more_button.setIcon(icon("chevron-up" if shown else "chevron-down", self._theme))
        self._more_button.setText(_("Less") if shown else _("More"))

    @Slot()
    def _refresh(self) -> None:
        self._to_be_seen = None
        dataset = self.next["dataset"]
        preview = self._opened.preview_of(dataset)
        self.checked = check(self.next, preview, self._refusal, self._further)
        config, errors = self.checked
        if preview is None or "dataset" in errors:
            self._network.show_no_dataset()
        elif config is not None:
            self._network.show_network(config, preview)
        sentences = {"dataset": self._opened.message_about(dataset), **errors}
        for name, editor in self._editors.items():
            self._theme.stage.show(editor, self.next.is_shown(name))
            editor.show_message(sentences.get(name, ""))
        if any(self._more.isAncestorOf(self._editors[name]) for name in sentences if sentences[name]):
            self._more_button.setChecked(True)
        preset = PRESETS.get(self.next["preset"])
        self._preset_line.setText("" if preset is None else _line_of(preset, self.next))
        if (family := self.next.family) is not None:
            self._families.show_family(family)
            self._preset_combo.show_family(family)


def _line_of(preset: Preset, next_run: NextRun) -> str:
    """Return what a preset's network is or, if it is another one by now, what was changed."""
    own = NextRun.of(preset.config)
    fields = filter(next_run.is_shown, fields_of(ModelConfig))
    changed = (name for name in fields if next_run[name] != own[name])
    told = "; ".join(f"{_(FIELDS[name].label)} {next_run[name] or _('none')}" for name in changed)
    return _("Changed: {told}.").format(told=told) if told else _(preset.line)
