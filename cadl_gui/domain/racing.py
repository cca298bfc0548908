"""Races: the same run several times, with different values of one field."""

from collections.abc import Sequence
from typing import Any

from cadl_gui.domain.configuration import ALL_FIELDS, FIELDS, RunConfig, as_text, is_applicable, parse
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.families import family_of
from cadl_gui.domain.presets import PRESETS
from cadl_gui.system.words import _

_FIRST = ("learning_rate", "batch_size", "latent_dim", "beta")
_WORDS = {"learning_rate": "rate", "batch_size": "batch", "latent_dim": "latent", "n_hidden": "hidden"}
_FACTORS = {"int": 4, "float": 10}
LEAST, MOST = 2, 3
"""How many values a race has."""


def race_fields(config: RunConfig) -> tuple[str, ...]:
    """Return the numbers that can differ in a race, the most telling ones first."""
    texts = {name: as_text(name, value) for name, value in config.values.items()}
    numbers = [
        name
        for name, about in FIELDS.items()
        if about.kind in _FACTORS and name not in {"epochs", *_FIRST} and not name.startswith("split")
    ]
    return tuple(name for name in (*_FIRST, *numbers) if is_applicable(name, texts.__getitem__))


def usual_values(config: RunConfig, name: str) -> tuple[str, ...]:
    """Return a smaller value, the configuration's own and a larger one, as text; fewer at an end."""
    about, own = FIELDS[name], config.value(name)
    if name == "seed":
        values: Sequence[Any] = (own, own + 1, own + 2)
    else:
        factor = _FACTORS[about.kind]
        smaller = max(1, own // factor) if about.kind == "int" else own / factor
        values = (smaller, own, own * factor) if own else (0, 1)
    inside = dict.fromkeys(min(about.maximum, max(about.minimum, value)) for value in values)
    return tuple(f"{value:.10g}" for value in inside)


def race(config: RunConfig, name: str, values: Sequence[str]) -> tuple[RunConfig, ...]:
    """Return a configuration for each value; empty texts are left out.

    Args:
        config: the configuration that they share.
        name: the field in which they differ.
        values: its values, as typed.

    Raises:
        ConfigurationError: if a value is invalid, or there are too few, or two are equal.
    """
    parsed = [parse(name, value) for value in values if value.strip()]
    if len(parsed) < LEAST:
        raise ConfigurationError(name, _("A race needs two values."))
    if len(set(parsed)) < len(parsed):
        raise ConfigurationError(name, _("Two of these values are equal."))
    return tuple(config.replace(**{name: value}) for value in parsed)


def racer_name(config: RunConfig, name: str) -> str:
    """Return the name of a run in a race: “rate 0.1”."""
    return value_text(config, name)


def value_text(config: RunConfig, name: str) -> str:
    """Return a field and its value in few words: “rate 0.1”; "" of a file that is not there."""
    if name == "labelled_examples":
        return _("corrected images") if config.value(name) else ""
    return f"{_WORDS.get(name, _(ALL_FIELDS[name].label).lower())} {as_text(name, config.value(name))}"


def race_choices(of_form: RunConfig, of_run: RunConfig | None, run_name: str) -> dict[str, RunConfig]:
    """Return what can be raced, by name: the form's configuration, that of the run shown, and other presets.

    Args:
        of_form: the configuration in the form of the next run.
        of_run: that of the run shown; None without one.
    """
    choices = {_("{preset} (new run)").format(preset=of_form.preset): of_form}
    if of_run is not None:
        choices[_("{run_name} (run shown)").format(run_name=run_name)] = of_run
    for name in family_of(of_form).presets:
        config = PRESETS[name].config
        if name != of_form.preset and config.data.dataset == DataConfig().dataset:
            choices[name] = config.replace(dataset=of_form.data.dataset)
    return choices
