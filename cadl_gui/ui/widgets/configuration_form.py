"""The form from which a run is trained, built from the table of a configuration's fields."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QScrollArea, QWidget

from cadl_gui.domain.configuration import FIELDS, RunConfig, as_text, is_applicable, parse
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.dataset_source import DatasetSource
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.families import Family, family_of
from cadl_gui.domain.fields import fields_of
from cadl_gui.domain.presets import PRESETS, check_dataset
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.ui.dataset_previews import DatasetPreviews
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, UNIT_PX
from cadl_gui.ui.widgets.columns_layout import column_in, in_columns, order_tabs
from cadl_gui.ui.widgets.dataset_combo import DatasetCombo
from cadl_gui.ui.widgets.examples_edit import ExamplesEdit
from cadl_gui.ui.widgets.family_picker import FamilyPicker
from cadl_gui.ui.widgets.field_editor import Control, FieldEditor, wrapped_label
from cadl_gui.ui.widgets.fitted_batch_size import FittedBatchSize
from cadl_gui.ui.widgets.network_panel import NetworkPanel
from cadl_gui.ui.widgets.preset_combo import PresetCombo

_FIELD_GAP_PX = 3 * UNIT_PX
_LEAST_FIELD_LINES = 8.25
_WIDE_FROM_LETTERS = 56
"""Width, as a multiple of the size of the type, from which the parts of the form lie side by side."""

_SHARES = (4, 5, 3)
"""Shares of the width: the preset, the fields, the network."""


class ConfigurationForm(QScrollArea):
    """Edits a configuration. Anything can be typed; an invalid value is explained under its field.

    A field whose prerequisite (`needs`) is not met is hidden and takes its default. The caller sets the
    width.

    Args:
        theme: Colours and icons.
        jobs: Runs the jobs that preview datasets.
        sources: Kinds of datasets that can be chosen by path.
        library: Previews datasets.

    Attributes:
        datasets: The list of datasets.

    Signals:
        changed: A value was edited, chosen or set; the form's validity may have changed.
        edited: (str) The user changed this field; emitted after `changed`.
        dataset_chosen: The user chose or opened the dataset; its path may be looked up.
        dataset_requested: (str) A dataset was chosen from disk; show it once it is known to be prepared.
        submitted: A run is about to be trained with this configuration.
    """

    changed = Signal()
    edited = Signal(str)
    dataset_chosen = Signal()
    dataset_requested = Signal(str)
    submitted = Signal()

    def __init__(
        self,
        theme: Theme,
        jobs: BackgroundJobs,
        sources: Sequence[DatasetSource] = (),
        library: DatasetLibrary | None = None,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._previews = DatasetPreviews(sources, library or DatasetLibrary(), jobs, self)
        self._families = FamilyPicker(theme)
        self._preset_combo = PresetCombo()
        self._preset_line = wrapped_label()
        self._preset_line.setObjectName("presetLine")
        set_style_property(self._preset_line, "secondary", value=True)
        self._network = NetworkPanel(theme)
        self._more_button = QPushButton("More")
        self._more_button.setObjectName("moreButton")
        self._more_button.setToolTip("Show the layers, activations and first weights too")
        self._more_button.setCheckable(True)
        set_style_property(self._more_button, "flat", value=True)
        self.datasets = DatasetCombo(sources)
        self.datasets.path_chosen.connect(self.dataset_requested)
        controls: dict[str, Control] = {
            "dataset": self.datasets,
            "preset": self._preset_combo,
            "labelled_examples": ExamplesEdit(theme),
        }
        self._editors = {name: FieldEditor(name, controls.get(name)) for name in FIELDS}
        self._batch_size = FittedBatchSize(self._editors["batch_size"], self._previews)
        self._check: Callable[[RunConfig], object] = check_dataset
        self._errors: list[ConfigurationError] = []
        self._to_be_seen: FieldEditor | None = None
        self._dataset_of_preset = ""
        self._lay_out()
        self._connect()
        self._show_more(shown=False)
        self.show_configuration(next(iter(PRESETS.values())).config)

    def is_valid(self) -> bool:
        """Return whether the form holds a valid configuration."""
        return not self._errors

    def error_message(self) -> str:
        """Return the first error, or "" if the form is valid."""
        return str(self._errors[0]) if self._errors else ""

    def config(self) -> RunConfig:
        """Return the configuration in the form.

        Raises:
            ConfigurationError: If the form is not valid.
        """
        config, errors = self._read()
        if config is None or errors:
            raise errors[0]
        return config

    @property
    def dataset_config(self) -> RunConfig | None:
        """A configuration with the dataset and its split, also if other fields are invalid; else None."""
        try:
            values = {
                name: parse(name, self._editors[name].text) for name in (*fields_of(DataConfig), "seed")
            }
            return RunConfig.of(preset="data", **values)
        except ConfigurationError:
            return None

    @property
    def preset(self) -> str:
        """Name of the chosen preset."""
        return self._editors["preset"].text

    @Slot(object)
    def show_configuration(self, config: RunConfig, but: Collection[str] = ()) -> None:
        """Fill every field from a configuration, but these."""
        for name, value in config.values.items():
            if name not in but:
                self._editors[name].show_text(as_text(name, value))
        self._previews.look_at_prepared(self._editors["dataset"].text)
        self._refresh()

    def set_device(self, device: str) -> None:
        """Offer what the device that trains can compute: "CPU", "GPU" or "", as long as it is not known."""
        if self._editors["precision"].set_device(device):
            self._refresh()

    @Slot(str)
    def request_dataset(self, path: str) -> None:
        """Open a dataset as if it were chosen in the list of datasets; it may have to be prepared first."""
        self.dataset_requested.emit(path)

    def restrict(self, names: Collection[str], reason: str, check: Callable[[RunConfig], object]) -> None:
        """Make only some fields editable, and expand the form to show them all.

        Args:
            names: Names of the editable fields.
            reason: A message saying why the other fields are locked.
            check: Raises a `ConfigurationError` if a valid configuration is not allowed here.
        """
        self._check = check
        for name, editor in self._editors.items():
            if name not in names:
                editor.lock(reason)
        self._more_button.setChecked(True)
        self._network.setVisible("layers" in names)
        self._families.setVisible("preset" in names)
        self._refresh()

    def show_value(self, name: str, value: Any) -> None:
        """Fill one field and scroll to it; labels, as of labelled examples, are for a classifier."""
        if name == "labelled_examples" and self.preset not in Family.CLASSIFY.presets:
            self._preset_combo.begin(Family.CLASSIFY)
        self._editors[name].show_text(as_text(name, value))
        if FIELDS[name].advanced:
            self._more_button.setChecked(True)
        self._refresh()
        if name == "dataset":
            self._look_at_dataset()
        self._to_be_seen = self._editors[name]
        self._let_be_seen()

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

    def _lay_out(self) -> None:
        advanced = [name for name, about in FIELDS.items() if about.advanced and name != "preset"]
        plain = [name for name in FIELDS if name not in {*advanced, "dataset", "preset"}]
        content = QWidget()
        set_style_property(content, "scrolled", value=True)
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom, content)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(GAP_PX)
        choice_part, fields_part = QWidget(), QWidget()
        choice = column_in(choice_part, UNIT_PX)
        choice.addWidget(self._families)
        choice.addSpacing(UNIT_PX)
        choice.addWidget(self._editors["preset"])
        choice.addWidget(self._preset_line)
        choice.addStretch(1)
        fields = column_in(fields_part, _FIELD_GAP_PX)
        fields.addWidget(self._in_columns(["dataset", *plain]))
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
            editor.edited.connect(self._fill_from_preset if name == "preset" else self._refresh)
            editor.edited.connect(partial(self.edited.emit, name))
        self._editors["dataset"].edited.connect(self._look_at_dataset)
        self._previews.arrived.connect(self._fit_batch_size)
        self._families.chosen.connect(self._begin_family)
        # Choosing the current preset again discards edits.
        self._preset_combo.activated.connect(self._fill_from_preset)
        self._more_button.toggled.connect(self._show_more)
        self.verticalScrollBar().rangeChanged.connect(self._let_be_seen)

    @Slot(object)
    def _begin_family(self, family: Family) -> None:
        """Offer the presets of another family, and choose the first unless one of them is chosen already."""
        if self.preset not in family.presets:
            self._preset_combo.begin(family)
        elif self._preset_combo.family is not family:  # edited until it was of another family
            self._fill_from_preset()

    @Slot()
    def _look_at_dataset(self) -> None:
        self._previews.look_at(self._editors["dataset"].text)
        self._fit_batch_size()
        self.dataset_chosen.emit()

    @Slot()
    def _fit_batch_size(self) -> None:
        self._batch_size.fit(self._read()[0])
        self._refresh()

    @Slot()
    def _fill_from_preset(self) -> None:
        if (preset := PRESETS.get(self.preset)) is not None:
            before = self._editors["dataset"].text
            dataset = self._dataset_for(preset.config.data.dataset)
            self.show_configuration(preset.config.replace(dataset=dataset), but={"labelled_examples"})
            self._fit_batch_size()
            if dataset != before:
                self._look_at_dataset()

    def _dataset_for(self, own: str) -> str:
        """Return the dataset to show with a preset: its own if it is special, else the user's choice."""
        usual, before = DataConfig().dataset, self._dataset_of_preset
        self._dataset_of_preset = own if own != usual else ""
        chosen = self._editors["dataset"].text
        return own if own != usual or chosen == before else chosen

    @Slot(bool)
    def _show_more(self, shown: bool) -> None:
        self._more.setVisible(shown)
        self._more_button.setIcon(icon("chevron-up" if shown else "chevron-down", self._theme))
        self._more_button.setText("Less" if shown else "More")

    @Slot()
    def _refresh(self) -> None:
        self._to_be_seen = None
        config, self._errors = self._read()
        self._show_network(config)
        sentences = {"dataset": self._previews.message_about(self._editors["dataset"].text)}
        sentences |= {error.field: str(error) for error in self._errors}
        for name, editor in self._editors.items():
            editor.setVisible(self._is_applicable(name))
            editor.show_message(sentences.get(name, ""))
        if any(self._more.isAncestorOf(self._editors[name]) for name in sentences if sentences[name]):
            self._more_button.setChecked(True)
        preset = PRESETS.get(self._editors["preset"].text)
        self._preset_line.setText(preset.line if preset is not None else "")
        shown = config if config is not None or preset is None else preset.config
        if shown is not None:
            self._families.show_family(family_of(shown))
            self._preset_combo.show_family(family_of(shown))
        self.changed.emit()

    def _show_network(self, config: RunConfig | None) -> None:
        preview = self._previews.preview_of(self._editors["dataset"].text)
        if preview is None or any(error.field == "dataset" for error in self._errors):
            self._network.show_no_dataset()
        elif config is not None:
            self._network.show_network(config, preview)

    def _is_applicable(self, name: str) -> bool:
        return is_applicable(name, lambda other: self._editors[other].text)

    def _read(self) -> tuple[RunConfig | None, list[ConfigurationError]]:
        values, errors = {}, []
        for name, editor in self._editors.items():
            if not self._is_applicable(name):
                continue
            try:
                values[name] = editor.value()
            except ConfigurationError as error:
                errors.append(error)
        if errors:
            return None, errors
        try:
            config = RunConfig.of(**values)
            self._check(config)
            self._previews.check_buildable(config)
        except ConfigurationError as error:
            return None, [error]
        return config, self._previews.batch_size_errors(config)
