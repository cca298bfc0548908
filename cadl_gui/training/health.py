"""Checks a training for common problems: once after its first batches, and after each epoch."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.formatting import number_text, percent_text
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.learning_rates import FAR, learning_rate_to_try, usual_learning_rate
from cadl_gui.domain.position import Position
from cadl_gui.system.words import _

Ranges = Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]]
"""For each layer name, the smallest and the largest activation of each unit, (units,) float32 each."""

COLLAPSED_NATS = 0.1
"""KL divergence below which a latent vector carries no information; one bit is 0.69 nats."""

CONSTANT_SHARE = 0.3
"""Share of a layer's units from which constant units are reported; with ReLU, a few are always harmless."""

GAP_EPOCHS = 3
"""Number of consecutive epochs of overfitting to report; fewer may be chance."""

STUCK_STEPS = 500
"""Batches after which the loss must have fallen: most of the first epoch of MNIST, seconds of training."""

STUCK_SHARE = 0.98
"""Share of the untrained network's loss above which it has not fallen. Of the presets,
`lecture-autoencoder` is the slowest: 0.96 after 100 batches and 0.82 after `STUCK_STEPS`; the others have
between 0.01 and 0.6. Means of 100 batches, as compared here, differ by a hundredth by chance."""

_LATELY = 100
"""Batches whose mean loss is compared."""

WORSE_SHARE = 1.05
"""Share of the untrained network's validation loss above which a trained one is worse. No preset comes near
it in any epoch: `lecture-autoencoder` has 0.75 after its first. Above 1, it has
learned nothing that holds for other images."""

CHANCE_FACTOR, CHANCE_MARGIN = 1.5, 0.05
"""A classifier's accuracy is at chance below this multiple of 1 / classes, and below the sum of both. Always
naming one digit is right for 11 % of MNIST and reported; the presets have 85 % or more after an epoch."""


FEWEST_JUDGED = 20
"""Validation images from which an accuracy is judged: of six, none is right once in a while."""


class HealthChecks:
    """Reports each problem once, and again only if it has disappeared in between.

    Args:
        config: configuration of the run.
        n_classes: number of the dataset's classes; 0 if it has none.
        n_validation: number of the validation images.
    """

    def __init__(self, config: RunConfig, n_classes: int = 0, n_validation: int = FEWEST_JUDGED) -> None:
        self._config = config
        self._n_classes = n_classes
        self._n_validation = n_validation
        self._rate = config.training.learning_rate
        self._reported: set[str] = set()
        self._records: list[EpochRecord] = []
        self._n_steps = 0
        self._losses: deque[float] = deque(maxlen=_LATELY)

    def catch_up(self, records: Sequence[EpochRecord], ranges: Ranges, noted: Collection[str] = ()) -> None:
        """Restore the state after earlier epochs, so that their problems are not reported again.

        Args:
            records: records of the earlier epochs, at least one.
            ranges: activation ranges at the end of the last of them.
            noted: kinds of the notes so far.
        """
        *self._records, last = records
        self._reported |= {"stuck"} & set(noted)
        self.after_epoch(last, ranges)

    def after_steps(
        self, losses: NDArray[np.float32], position: Position, n_steps: int, rate: float
    ) -> list[HealthNote]:
        """Check once, after `STUCK_STEPS` batches, whether the loss has fallen.

        Args:
            losses: losses of the newest batches, (k,) float32.
            position: position after them.
            n_steps: number of batches up to there, in all epochs.
            rate: learning rate of these batches.
        """
        self._rate = rate
        before, self._n_steps = self._n_steps or n_steps - len(losses), n_steps
        if before >= STUCK_STEPS:
            return []
        self._losses.extend(losses.tolist())
        start = self._untrained_loss
        if n_steps < STUCK_STEPS or start is None:
            return []
        lately = float(np.mean(self._losses))
        if lately < STUCK_SHARE * start:
            return []
        self._reported.add("stuck")
        message = _("After {n_steps:,} batches the loss is {loss}; it began at {start}.").format(
            n_steps=n_steps, loss=_loss_text(lately), start=_loss_text(start)
        )
        return [HealthNote(position, "stuck", f"{message} {self._about_rate}", self._other_rate)]

    def after_epoch(self, record: EpochRecord, ranges: Ranges) -> list[HealthNote]:
        """Check an epoch and return notes on new problems.

        Args:
            ranges: activation ranges of the encoder's units on some images.
        """
        self._records.append(record)
        position = Position(record.epoch)
        worse = self._worse(record)
        found = (
            ("worse", worse),
            ("chance", None if worse else self._chance(record)),
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

    @property
    def _untrained_loss(self) -> float | None:
        first = self._records[0] if self._records else None
        return first.metrics.get("val_loss") if first is not None and first.epoch == 0 else None

    @property
    def _other_rate(self) -> Suggestion:
        return Suggestion("learning_rate", learning_rate_to_try(self._rate, self._config.preset))

    @property
    def _about_rate(self) -> str:
        usual = usual_learning_rate(self._config.preset)
        if self._rate > usual * FAR:
            return _("The learning rate {rate:g} is too large; {usual:g} is usual here.").format(
                rate=self._rate, usual=usual
            )
        if self._rate < usual / FAR:
            return _("The learning rate {rate:g} is very small; {usual:g} is usual here.").format(
                rate=self._rate, usual=usual
            )
        return _("Another learning rate may help.")

    def _worse(self, record: EpochRecord) -> tuple[str, Suggestion | None] | None:
        start, loss = self._untrained_loss, record.metrics.get("val_loss")
        if start is None or loss is None or record.epoch == 0 or start <= 0:
            return None
        if loss <= WORSE_SHARE * start:
            self._reported.discard("stuck")
            return None
        accuracy = record.metrics.get("val_accuracy")
        if "stuck" in self._reported or (accuracy is not None and self._n_validation < FEWEST_JUDGED):
            return None  # the same problem, which is known already, or too few images to tell
        message = _("The validation loss rose from {start} to {end}").format(
            start=_loss_text(start), end=_loss_text(loss)
        )
        if accuracy is not None and accuracy > self._records[0].metrics.get("val_accuracy", 1.0):
            message += _(", although accuracy rose, too: the network is too sure of its mistakes")
        trained = record.metrics.get("loss", loss)
        if trained < start / 2:
            if "gap" in self._reported:
                return None  # it says why
            by_heart = _("The train loss is {loss}: the network learns its images by heart.").format(
                loss=_loss_text(trained)
            )
            return f"{message}. {by_heart}", None
        return f"{message}. {self._about_rate}", self._other_rate

    def _chance(self, record: EpochRecord) -> tuple[str, Suggestion | None] | None:
        accuracy, n = record.metrics.get("val_accuracy"), self._n_classes
        if accuracy is None or record.epoch == 0 or n < 2 or "stuck" in self._reported:
            return None
        if self._n_validation < FEWEST_JUDGED:
            return None
        if accuracy >= min(CHANCE_FACTOR / n, 1 / n + CHANCE_MARGIN):
            return None
        message = _("Accuracy is {accuracy}, no better than chance ({chance}).").format(
            accuracy=percent_text(accuracy), chance=percent_text(1 / n)
        )
        return f"{message} {self._about_rate}", self._other_rate

    def _collapse(self, record: EpochRecord) -> tuple[str, Suggestion | None] | None:
        kl = record.metrics.get("val_kl_loss")
        if kl is None or kl >= COLLAPSED_NATS or record.epoch == 0:
            return None
        message = _(
            "The latent space is collapsing: KL is {kl:.2f}, so the latent vector "
            "carries no information. Lower β."
        ).format(kl=kl)
        beta = self._config.training.beta / 2
        return message, Suggestion("beta", beta) if beta > 0 else None

    def _constant_units(self, ranges: Ranges) -> tuple[str, Suggestion | None] | None:
        for name, (lowest, highest) in ranges.items():
            constant = highest - lowest <= 1e-6 * np.maximum(1.0, np.abs(highest))
            n, n_dead = int(constant.sum()), int((constant & (np.abs(highest) <= 1e-6)).sum())
            if n < max(2, CONSTANT_SHARE * len(constant)):
                continue
            how = _("never react: 0 for every image") if n_dead == n else _("are the same for every image")
            suggestion = None
            if self._config.model.activation == "relu":
                suggestion = Suggestion("activation", "leaky_relu")
            message = _("{n} of {total} neurons of {name} {how}. ").format(
                n=n, total=len(constant), name=name, how=how
            )
            helps = _("Try a smaller learning rate") + (_(" or leaky_relu.") if suggestion else ".")
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
        message = _(
            "For {gap_epochs} epochs the validation loss has grown while the train loss fell: the network "
            "learns its images by heart"
        ).format(gap_epochs=GAP_EPOCHS)
        # A classifier may be too sure of its mistakes, and yet make fewer of them than before.
        message += "." if "val_accuracy" in recent[-1] else _(". An earlier epoch is better.")
        suggestion = self._regularisation
        if suggestion is None:
            return message, None
        return _("{message} {label} may help the next run.").format(
            message=message, label=_(FIELDS[suggestion.field].label)
        ), suggestion

    @property
    def _regularisation(self) -> Suggestion | None:
        """More dropout, or weight decay for a network without hidden layers, which drops no units."""
        model, training = self._config.model, self._config.training
        field, more = ("dropout", 0.2) if model.layers or model.n_hidden else ("weight_decay", 0.1)
        before = getattr(training, field)
        after = round(min(FIELDS[field].maximum, before + more), 2)
        return Suggestion(field, after) if after > before else None


def _loss_text(loss: float) -> str:
    """Format a loss: “0.0673”, “2.41”, “13,021”."""
    return f"{loss:,.0f}" if loss >= 1000 else number_text(loss)
