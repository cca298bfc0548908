"""Checks after each epoch for common problems of a training."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.position import Position

Ranges = Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]]
"""For each layer name, the smallest and the largest activation of each unit, (units,) float32 each."""

COLLAPSED_NATS = 0.1
"""KL divergence below which a latent vector carries no information; one bit is 0.69 nats."""

CONSTANT_SHARE = 0.3
"""Share of a layer's units from which constant units are reported; with ReLU, a few are always harmless."""

GAP_EPOCHS = 3
"""Number of consecutive epochs of overfitting to report; fewer may be chance."""


class HealthChecks:
    """Reports each problem once, and again only if it has disappeared in between.

    Args:
        config: configuration of the run.
    """

    def __init__(self, config: RunConfig) -> None:
        self._config = config
        self._reported: set[str] = set()
        self._records: list[EpochRecord] = []

    def catch_up(self, records: Sequence[EpochRecord], ranges: Ranges) -> None:
        """Restore the state after earlier epochs, so that their problems are not reported again.

        Args:
            records: records of the earlier epochs, at least one.
            ranges: activation ranges at the end of the last of them.
        """
        *self._records, last = records
        self.after_epoch(last, ranges)

    def after_epoch(self, record: EpochRecord, ranges: Ranges) -> list[HealthNote]:
        """Check an epoch and return notes on new problems.

        Args:
            record: record of the epoch.
            ranges: activation ranges of the encoder's units on some images.
        """
        self._records.append(record)
        position = Position(record.epoch)
        found = (
            ("collapse", self._collapse(record)),
            ("units", self._constant_units(ranges)),
            ("gap", self._gap()),
        )
        notes = []
        for kind, complaint in found:
            if complaint is None:
                self._reported.discard(kind)
            elif kind not in self._reported:
                self._reported.add(kind)
                notes.append(HealthNote(position, kind, *complaint))
        return notes

    def _collapse(self, record: EpochRecord) -> tuple[str, Suggestion | None] | None:
        kl = record.metrics.get("val_kl_loss")
        if kl is None or kl >= COLLAPSED_NATS or record.epoch == 0:
            return None
        message = (
            f"The latent space is collapsing: KL is {kl:.2f}, so the latent vector "
            "carries no information. Lower β."
        )
        beta = self._config.training.beta / 2
        return message, Suggestion("beta", beta) if beta > 0 else None

    def _constant_units(self, ranges: Ranges) -> tuple[str, Suggestion | None] | None:
        for name, (lowest, highest) in ranges.items():
            constant = highest - lowest <= 1e-6 * np.maximum(1.0, np.abs(highest))
            n, n_dead = int(constant.sum()), int((constant & (np.abs(highest) <= 1e-6)).sum())
            if n < max(2, CONSTANT_SHARE * len(constant)):
                continue
            how = "are dead: 0 for every image" if n_dead == n else "are the same for every image"
            suggestion = None
            if self._config.model.activation == "relu":
                suggestion = Suggestion("activation", "leaky_relu")
            message = f"{n} of {len(constant)} units of {name} {how}. "
            helps = "A smaller learning rate" + (" or leaky_relu helps." if suggestion else " helps.")
            return message + helps, suggestion
        return None

    def _gap(self) -> tuple[str, Suggestion | None] | None:
        recent = [record.metrics for record in self._records[-GAP_EPOCHS - 1 :] if record.epoch > 0]
        if len(recent) <= GAP_EPOCHS:
            return None
        validation = np.diff([metrics["val_loss"] for metrics in recent])
        train = np.diff([metrics["loss"] for metrics in recent])
        if not ((validation > 0).all() and (train < 0).all()):
            return None
        message = (
            f"For {GAP_EPOCHS} epochs the validation loss has grown while the train loss fell: the network "
            "learns its images by heart. Stop and keep, or train again with dropout."
        )
        dropout = min(FIELDS["dropout"].maximum, self._config.training.dropout + 0.2)
        return message, Suggestion("dropout", round(dropout, 2))
