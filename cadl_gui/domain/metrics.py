"""The best epoch of a run."""

import math
from collections.abc import Iterable

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.history import EpochRecord

_SAME_LOSS = 1e-4
"""Relative difference up to which a loss is the sum of its parts; float32 differs by less."""


def best_epoch(config: RunConfig, records: Iterable[EpochRecord]) -> int | None:
    """Return the trained epoch with the best monitored metric, the first of equals; None if there is none.

    A branch may weight the KL divergence otherwise than its parent, so its loss measures something else:
    epochs whose loss has the β of the configuration are compared with each other only, if there are any.
    """
    kind = config.model.kind
    trained = [record for record in records if record.epoch and kind.metric in record.metrics]
    alike = [record for record in trained if _has_beta(record, config.training.beta)]
    values = {record.epoch: record.metrics[kind.metric] for record in alike or trained}
    best: int | None = kind.best(values, key=values.__getitem__, default=None)
    return best


def _has_beta(record: EpochRecord, beta: float) -> bool:
    """Whether a validation loss is the sum of its parts with this β, or has no parts."""
    names = ("val_loss", "val_reconstruction_loss", "val_kl_loss")
    if not record.metrics.keys() >= set(names):
        return True
    loss, reconstruction, divergence = (record.metrics[name] for name in names)
    return math.isclose(loss, reconstruction + beta * divergence, rel_tol=_SAME_LOSS)
