"""The settings of the next run, as they are typed: texts, which need not be valid yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

from cadl_gui.domain.buildable import check_buildable
from cadl_gui.domain.configuration import ALL_FIELDS, FIELDS, RunConfig, as_text, is_applicable, parse
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.families import Family, family_of
from cadl_gui.domain.fields import fields_of
from cadl_gui.domain.part_sizes import batch_size_error, fitting_batch_size, n_training_images
from cadl_gui.domain.precision import require_offered
from cadl_gui.domain.presets import PRESETS, check_dataset

_MOST_LETTERS = 2**15
"""More than Qt lets anybody type into one line."""

PreviewOf = Callable[[str], Preview | None]
"""Returns the preview of a dataset, or None if it is not known."""


def _texts_of(config: RunConfig) -> tuple[tuple[str, str], ...]:
    return tuple((name, as_text(name, value)) for name, value in config.values.items() if name in FIELDS)


@dataclass(frozen=True)
class NextRun:
    """What stands in the fields of the next run. "1" on the way to "12" is a state, and so is "".

    Attributes:
        texts: every field with its text, in the order of `FIELDS`; at first those of the first preset.
    """

    texts: tuple[tuple[str, str], ...] = _texts_of(next(iter(PRESETS.values())).config)

    @classmethod
    def of(cls, config: RunConfig) -> Self:
        """Return the texts of a configuration."""
        return cls(_texts_of(config))

    def __getitem__(self, name: str) -> str:
        """Return the text of a field."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        return dict(self.texts)

    def replace(self, **texts: str) -> Self:
        """Return a copy in which some fields have another text."""
        return replace(self, texts=tuple((name, texts.get(name, text)) for name, text in self.texts))

    def to_json(self) -> dict[str, str]:
        """Return a representation that can be written as JSON."""
        return dict(self.texts)

    @classmethod
    def from_json(cls, values: Any, report: Callable[[Exception], None]) -> Self:
        """Return what JSON describes: texts by field, or values as in the file of a run.

        Args:
            values: what was read; None is a first start.
            report: told of each field that is unknown or damaged; it is as in the preset.

        Raises:
            ValueError: if it names no preset of this version.
        """
        if values is None:
            return cls()
        name = values.get("preset") if isinstance(values, dict) else None
        if not isinstance(name, str) or name not in PRESETS:
            raise ValueError("it names no preset of this version")
        texts = {}
        for field, value in values.items():
            if field in ALL_FIELDS.keys() - FIELDS.keys():
                continue
            try:
                texts[field] = _text(field, value)
            except (ConfigurationError, ValueError) as error:
                report(ValueError(f"“next”: {error}"))
        return cls.of(PRESETS[name].config).replace(**texts)

    def is_applicable(self, name: str) -> bool:
        """Return whether a field has an effect."""
        return is_applicable(name, self.__getitem__)

    def is_shown(self, name: str) -> bool:
        """Return whether a field can change anything that no other field does better.

        Without layers, no activation follows any. A dense network gets one more layer in *Layers*, whose last
        decides how many numbers an image becomes; only where another field has already done so, it is shown.
        """
        if name == "activation":
            return bool(self["layers"].strip()) or self["n_hidden"] != "0"
        is_dense = self["convolutional"] != "on" and self["variational"] != "on"
        is_idle = name in {"n_hidden", "latent_dim"} and is_dense and self[name] == "0"
        return self.is_applicable(name) and not is_idle

    @cached_property
    def read(self) -> "Checked":
        """The configuration that the texts describe, or all that is wrong with them.

        A field without an effect takes its default, whatever stands in it.
        """
        values, errors = {}, {}
        for name, text in self.texts:
            if self.is_applicable(name):
                try:
                    values[name] = parse(name, text)
                except ConfigurationError as error:
                    errors[name] = str(error)
        if errors:
            return Checked(None, errors)
        try:
            return Checked(RunConfig.of(**values), {})
        except ConfigurationError as error:
            return Checked(None, {error.field: str(error)})

    @cached_property
    def dataset_config(self) -> RunConfig | None:
        """A configuration with the dataset and its split, also if other fields are invalid; else None."""
        try:
            values = {name: parse(name, self[name]) for name in (*fields_of(DataConfig), "seed")}
            return RunConfig.of(preset="data", **values)
        except ConfigurationError:
            return None

    @property
    def family(self) -> Family | None:
        """The family of the configuration or, if that is not valid, of its preset; None if it is unknown."""
        config, preset = self.read.config, PRESETS.get(self["preset"])
        if config is None and preset is not None:
            config = preset.config
        return None if config is None else family_of(config)

    # What is chosen.

    def with_preset(self, name: str, preview_of: PreviewOf) -> Self:
        """Fill in a preset, which takes edits back.

        Labelled examples stay, and so does a dataset that the preset before did not bring, unless this one
        brings its own. The batch size is made smaller for few images.
        """
        config = PRESETS[name].config
        before = PRESETS.get(self["preset"])
        own, chosen = config.data.dataset, self["dataset"]
        if own == DataConfig().dataset and (before is None or chosen != before.config.data.dataset):
            own = chosen
        filled = self.of(config).replace(labelled_examples=self["labelled_examples"])
        return filled.with_dataset(own, preview_of(own))

    def of_family(self, family: Family, preview_of: PreviewOf) -> Self:
        """Fill in a preset of a family: its first one, unless one is chosen already, whose edits stay."""
        name = self["preset"]
        if name not in family.presets:
            return self.with_preset(family.first_preset, preview_of)
        return self if self.family is family else self.with_preset(name, preview_of)

    def with_dataset(self, dataset: str, preview: Preview | None, before: Preview | None = None) -> Self:
        """Choose a dataset, and fit the batch size to it, unless it is another than the preset's.

        Args:
            dataset: name of the dataset in a configuration.
            before: what was known of the dataset that was chosen before.
        """
        chosen = self.replace(dataset=dataset)
        is_presets = self["batch_size"] in {self._fitted(None), self._fitted(before)}
        return chosen.replace(batch_size=chosen._fitted(preview)) if is_presets else chosen

    def _fitted(self, preview: Preview | None) -> str:
        """Return the preset's batch size, or a smaller one if a dataset has too few images to fill it."""
        preset, data = PRESETS.get(self["preset"]), self.dataset_config
        if preset is None:
            return self["batch_size"]
        wanted = preset.config.training.batch_size
        if preview is not None and data is not None:
            wanted = fitting_batch_size(n_training_images(preview, data), wanted)
        return as_text("batch_size", wanted)


def _text(field: str, value: Any) -> str:
    """Return the text of a field that JSON holds as a text or as a value."""
    if field not in FIELDS:
        raise ValueError(f"there is no field “{field[:99]}”")
    text = value if isinstance(value, str) else as_text(field, FIELDS[field].validate(field, value))
    if len(text) > _MOST_LETTERS:
        raise ValueError(f"“{field}” is too long")
    # Of a choice, nothing can be half-typed.
    return as_text(field, parse(field, text)) if FIELDS[field].kind in {"bool", "choice"} else text


class Checked(NamedTuple):
    """What can be made of the texts of the next run.

    Attributes:
        config: the configuration; None if the texts are not valid, or the network cannot be built.
        errors: what is wrong, a sentence for each field. If there is nothing, the run can be trained.
    """

    config: RunConfig | None
    errors: Mapping[str, str]

    @property
    def error(self) -> str:
        """The first error, or ""."""
        return next(iter(self.errors.values()), "")

    @property
    def trainable(self) -> RunConfig | None:
        """The configuration, or None if anything is wrong."""
        return None if self.errors else self.config


def check(
    next_run: NextRun,
    preview: Preview | None = None,
    refusal: str = "",
    further: Callable[[RunConfig], object] = check_dataset,
) -> Checked:
    """Return what can be made of the settings of the next run on its dataset.

    Args:
        refusal: why bfloat16 is not offered, or "".
        further: raises a `ConfigurationError` if a valid configuration is not allowed.
    """
    config, errors = next_run.read
    if config is None:
        return Checked(None, errors)
    try:
        require_offered(config, refusal)
        further(config)
        if preview is not None:
            check_buildable(config, preview.image_shape, len(preview.class_names))
    except ConfigurationError as error:
        return Checked(None, {error.field: str(error)})
    wrong = None if preview is None else batch_size_error(config, n_training_images(preview, config))
    return Checked(config, {} if wrong is None else {wrong.field: str(wrong)})
