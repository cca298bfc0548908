"""Imports a checkpoint of the course's notebooks as a network of this program."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CheckpointError, ConfigurationError, UserError
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.run import UNKNOWN_DATASET
from cadl_gui.interop.course.framework import framework
from cadl_gui.interop.course.graph import read_hints
from cadl_gui.interop.course.lecture import autoencoder, conv_classifier, softmax
from cadl_gui.interop.course.matched_model import MNIST_SHAPE, GraphHints, MatchedModel, Shapes, plain
from cadl_gui.interop.course.variables import CourseVariables, read_variables
from cadl_gui.interop.course.weights import fill
from cadl_gui.runs.manifest import Manifest
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.models import Network

_RECOGNISERS = (conv_classifier, softmax, framework, autoencoder)
"""Classifiers come first: where the lecture's notebook saves two networks, it trained the classifier last."""

_OPTIMISER = re.compile(
    r"(beta[12]_power|global_step|Adam|Momentum|RMSProp|Adagrad|Adadelta|biased|local_step)(_\d+)?"
)
"""Last components of the names of variables that do not affect the network's output."""

_BETA_2 = float(np.float32(0.999))
"""Factor by which Adam multiplies `beta2_power` in every step."""

_MOST_NAMES = 20


@dataclass(frozen=True, eq=False)
class Imported:
    """A network imported from a checkpoint of the course.

    Attributes:
        model: the network with its weights, and a reset optimiser.
        manifest: description of the run.
        position: how long the network was trained.
        notes: user-readable notes on what was assumed and what was left out.
    """

    model: "Network"
    manifest: Manifest
    position: Position
    notes: tuple[str, ...]

    @property
    def history(self) -> History:
        """An empty history: the checkpoint records none."""
        return History(self.manifest.steps_per_epoch)


def import_checkpoint(
    path: Path, preset_name: str | None = None, settings: Mapping[str, Any] | None = None
) -> Imported:
    """Read a checkpoint of the lecture's networks or of the course's framework; only its arrays are loaded.

    Args:
        path: the checkpoint's path as given to TensorFlow, or any of its files.
        preset_name: preset that decides between several possible networks, and supplies what cannot be
            determined from the variables.
        settings: configuration fields that override what was determined, such as the activation.

    Raises:
        CheckpointError: if the checkpoint cannot be read, or holds no network of the course.
        ConfigurationError: if there is no such preset, or the settings are invalid.
        UserError: if the checkpoint holds no network of the preset's kind.
    """
    settings = settings or {}
    wanted = None if preset_name is None else preset(preset_name).config
    found = read_variables(path)
    shapes = {name: variable.shape for name, variable in found.variables.items() if not _is_optimisers(name)}
    matched = _matched(shapes, _hints(found, wanted, settings), path)
    network = matched[0] if wanted is None else _like(wanted, matched, path)
    network = replace(network, config=network.config.replace(**settings))
    model = _built(network, found, path)
    mean_note = _give_mean(model)
    position, length_note = _position(found, network)
    notes = (*network.assumptions, *mean_note, *length_note, *_left_out(found, network, shapes))
    return Imported(model, _manifest(found.prefix, network), position, notes)


def _hints(found: CourseVariables, wanted: RunConfig | None, settings: Mapping[str, Any]) -> GraphHints:
    """Return the graph's hints. The activation comes from the settings, else the graph, else the preset."""
    hints = read_hints(found.meta_path)
    by_preset = "" if wanted is None else wanted.model.activation
    return replace(hints, activation=settings.get("activation") or hints.activation or by_preset)


def _matched(shapes: Shapes, hints: GraphHints, path: Path) -> list[MatchedModel]:
    try:
        found = [recognise(shapes, hints) for recognise in _RECOGNISERS]
    except ConfigurationError as error:
        raise CheckpointError(
            _("“{path}” holds no network that can be built: {error}").format(path=path, error=error)
        ) from error
    matched = [network for network in found if network is not None]
    if not matched:
        raise CheckpointError(
            _("“{path}” holds no network of the course. Its variables: {listed}.").format(
                path=path, listed=_listed(shapes, shapes) or "none"
            )
        )
    return matched


def _like(wanted: RunConfig, matched: list[MatchedModel], path: Path) -> MatchedModel:
    """Return the matched network of the preset's kind, completed with the preset's configuration."""
    for network in matched:
        if _kind(network.config) == _kind(wanted):
            return replace(network, config=replace(wanted, model=network.config.model))
    names = _(" or ").join(network.config.preset for network in matched)
    raise UserError(
        _("“{path}” holds no {preset}; it looks like {names}.").format(
            path=path, preset=wanted.preset, names=names
        )
    )


def _kind(config: RunConfig) -> tuple[bool, ...]:
    """Return the properties by which a preset and a matched network are compared."""
    return (
        config.preset.startswith("lecture-"),
        config.model.is_classifier,
        config.model.convolutional,
        config.model.is_variational,
    )


def _built(network: MatchedModel, found: CourseVariables, path: Path) -> "Network":
    from cadl_gui.models import build

    try:
        model = build(network.config, network.image_shape, network.n_classes)
    except ConfigurationError as error:
        raise CheckpointError(
            _("“{path}” holds no network that can be built: {error}").format(path=path, error=error)
        ) from error
    fill(model, network.sources, found.variables, path)
    return model


def _give_mean(model: "Network") -> tuple[str, ...]:
    """Set the mean image of a network that subtracts one, and return a note on its origin."""
    from cadl_gui.datasets.sources.mnist import load_mnist

    if not model.config.subtract_mean:
        return ()
    if model.image_shape != MNIST_SHAPE:
        return (_("The mean image that was subtracted is not in the checkpoint, so none is."),)
    mean = load_mnist().images.mean()
    model.mean_subtraction.mean.assign(mean.astype(np.float32))
    return (_("The mean image is not in the checkpoint: as in the lecture, it is that of MNIST’s 70,000."),)


def _position(found: CourseVariables, network: MatchedModel) -> tuple[Position, tuple[str, ...]]:
    """Derive the length of training from Adam's `beta2_power`, which is multiplied by 0.999 in every step."""
    names = [name for name in found.variables if re.fullmatch(r"(.*/)?beta2_power(_\d+)?", name)]
    powers = [found.variables[name].read().item() for name in names if found.variables[name].shape == ()]
    n_steps = None
    if len(powers) == 1 and 1e-37 < powers[0] <= _BETA_2 + 1e-6:
        n_steps = round(math.log(powers[0]) / math.log(_BETA_2)) - 1
    if n_steps:
        return Position(*divmod(n_steps, network.steps_per_epoch)), ()
    epochs = network.config.training.epochs
    return Position(epochs), (
        _("The checkpoint does not contain how long it was trained: taken as {epochs} epochs.").format(
            epochs=epochs
        ),
    )


def _manifest(prefix: Path, network: MatchedModel) -> Manifest:
    return Manifest(
        name=prefix.name,
        config=network.config,
        image_shape=network.image_shape,
        steps_per_epoch=network.steps_per_epoch,
        dataset_name="MNIST" if network.image_shape == MNIST_SHAPE else _("unknown images"),
        dataset_fingerprint=UNKNOWN_DATASET,
        class_names=numbered(network.n_classes),
        is_ink_on_black=network.image_shape[-1] == 1,
    )


def _left_out(
    found: CourseVariables, network: MatchedModel, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[str, ...]:
    notes = []
    unmatched = [
        name for name in (*shapes, *found.others) if name not in network.names and not _is_optimisers(name)
    ]
    if unmatched:
        listed = _listed(unmatched, shapes)
        notes.append(
            _("Left out, since {preset} has no place for it: {listed}.").format(
                preset=network.config.preset, listed=listed
            )
        )
    n_optimisers = len(found.variables) + len(found.others) - len(network.names) - len(unmatched)
    if n_optimisers:
        notes.append(
            _(
                "Its optimiser’s {n_optimisers} variables were left out: training starts with a reset one."
            ).format(n_optimisers=n_optimisers)
        )
    return tuple(notes)


def _is_optimisers(name: str) -> bool:
    return _OPTIMISER.fullmatch(name.rpartition("/")[2]) is not None


def _listed(names: Iterable[str], shapes: Mapping[str, tuple[int, ...]]) -> str:
    names = sorted(names)
    words = [f"{name:.200} {plain(shapes[name])}" if name in shapes else f"{name:.200}" for name in names]
    more = _(" and {n} more").format(n=len(words) - _MOST_NAMES) if len(words) > _MOST_NAMES else ""
    return ", ".join(words[:_MOST_NAMES]) + more
