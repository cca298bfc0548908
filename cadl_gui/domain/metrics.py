"""The monitored metric of a run, and the formatting of metrics."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.system.words import _

_WITHOUT_DECIMALS = 10_000
"""From this loss on, as of large images in colour, decimals are left out."""


_SAME_LOSS = 1e-4
"""Relative difference up to which a loss is the sum of its parts; float32 differs by less."""


@dataclass(frozen=True)
class MonitoredMetric:
    """The metric by which epochs and runs are compared.

    Attributes:
        metric: name of the metric.
        larger_is_better: whether larger values are better.
    """

    metric: str
    larger_is_better: bool

    def best(self, values: dict[int, float]) -> int | None:
        """Return the epoch with the best value, the first of equals; None if `values`, by epoch, is empty."""
        if not values:
            return None
        best = max if self.larger_is_better else min
        return best(values, key=values.__getitem__)


def monitored_metric(config: ModelConfig) -> MonitoredMetric:
    """Return the monitored metric: validation accuracy of a classifier, validation loss of other models."""
    if config.is_classifier:
        return MonitoredMetric("val_accuracy", larger_is_better=True)
    return MonitoredMetric("val_loss", larger_is_better=False)


def best_epoch(config: RunConfig, records: Iterable[EpochRecord]) -> int | None:
    """Return the trained epoch with the best monitored metric, the first of equals; None if there is none.

    A branch may weight the KL divergence otherwise than its parent, so its loss measures something else:
    epochs whose loss has the β of the configuration are compared with each other only, if there are any.
    """
    about = monitored_metric(config.model)
    trained = [record for record in records if record.epoch and about.metric in record.metrics]
    alike = [record for record in trained if _has_beta(record, config.training.beta)]
    return about.best({record.epoch: record.metrics[about.metric] for record in alike or trained})


def _has_beta(record: EpochRecord, beta: float) -> bool:
    """Whether a validation loss is the sum of its parts with this β, or has no parts."""
    names = ("val_loss", "val_reconstruction_loss", "val_kl_loss")
    if not record.metrics.keys() >= set(names):
        return True
    loss, reconstruction, divergence = (record.metrics[name] for name in names)
    return math.isclose(loss, reconstruction + beta * divergence, rel_tol=_SAME_LOSS)


def metric_text(config: ModelConfig, metric: str, value: float) -> str:
    """Format a metric with its name: “97.8 % correct”, “loss 134.4”, “loss 12504”, “loss 0.0324”."""
    if metric.endswith("accuracy"):
        return _("{value:.1f} % correct").format(value=100 * value)
    if config.is_variational:
        return (
            _("loss {value:.0f}").format(value=value)
            if value >= _WITHOUT_DECIMALS
            else _("loss {value:.1f}").format(value=value)
        )
    return _("loss {value:.4f}").format(value=value)


def metric_help(config: ModelConfig) -> str:
    """Return a sentence for users: what `metric_text` gives, and which values are better."""
    if config.is_classifier:
        return _("The share of images that are classified correctly.")
    more = _(", with its latent vector, in nats (1.44 bits)") if config.is_variational else ""
    return f"The loss is the {loss_text(config)}{more}; lower is better."


def loss_text(config: ModelConfig) -> str:
    """Return what the loss is, for users, without an article."""
    if config.is_classifier:
        return _("improbability of the right class")
    return _("cost of describing an image") if config.is_variational else _("squared error per pixel")
