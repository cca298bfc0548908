"""Which metric tells how good a run is, and how metrics are written."""

from collections.abc import Iterable
from dataclasses import dataclass

from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.model_config import ModelConfig


@dataclass(frozen=True)
class MonitoredMetric:
    """The one metric by which epochs and runs of a kind are compared.

    Attributes:
        metric: its name.
        larger_is_better: whether the best epoch is the one where it is largest.
    """

    metric: str
    larger_is_better: bool

    def best(self, values: dict[int, float]) -> int | None:
        """The epoch with the best value, the first of several; None if there is none."""
        if not values:
            return None
        best = max if self.larger_is_better else min
        return best(values, key=values.__getitem__)


def monitored_metric(config: ModelConfig) -> MonitoredMetric:
    """Validation accuracy of a classifier, validation loss of all others."""
    if config.is_classifier:
        return MonitoredMetric("val_accuracy", larger_is_better=True)
    return MonitoredMetric("val_loss", larger_is_better=False)


def best_epoch(config: ModelConfig, records: Iterable[EpochRecord]) -> int | None:
    """The trained epoch with the best validation metric, the first of several; None if there is none."""
    about = monitored_metric(config)
    return about.best(
        {
            record.epoch: record.metrics[about.metric]
            for record in records
            if record.epoch and about.metric in record.metrics
        }
    )


def metric_text(config: ModelConfig, metric: str, value: float) -> str:
    """Write a metric with its unit: “97.8 % right”, “134.4 nats”, “0.0324”."""
    if metric.endswith("accuracy"):
        return f"{100 * value:.1f} % accuracy"
    if config.is_variational:
        return f"{value:.1f} nats"
    return f"{value:.4f}"
