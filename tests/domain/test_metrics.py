"""The choice of the best epoch, and the format of metrics."""

from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.metrics import best_epoch
from cadl_gui.domain.presets import preset

CLASSIFIER, VAE, AUTOENCODER = (preset(name).config for name in ("softmax", "vae", "lecture-autoencoder"))


def test_classifiers_are_compared_by_accuracy_and_others_by_loss():
    values = {1: 0.9, 2: 0.95, 3: 0.95, 4: 0.5}
    records = [EpochRecord(i, {"val_accuracy": value, "val_loss": value}) for i, value in values.items()]
    assert (best_epoch(CLASSIFIER, records), best_epoch(VAE, records)) == (2, 4)


def test_the_best_epoch_is_one_that_was_trained():
    losses = {0: 0.1, 1: 0.4, 2: 0.2, 3: 0.2, 4: 0.3}
    records = [EpochRecord(epoch, {"val_loss": loss}) for epoch, loss in losses.items()]
    assert best_epoch(VAE, records) == 2
    assert best_epoch(VAE, records[:1]) is None
    assert best_epoch(VAE, [*records, EpochRecord(5, {"loss": 0.0})]) == 2


def test_epochs_of_a_branch_are_compared_with_those_whose_loss_measures_the_same():
    """With a larger β than its parent's, no epoch of its own was the best, however good it became."""

    def record(epoch, beta, reconstruction, kl):
        parts = {"val_reconstruction_loss": reconstruction, "val_kl_loss": kl}
        return EpochRecord(epoch, {"val_loss": reconstruction + beta * kl, **parts})

    parents = [record(0, 1, 540, 0.1), record(1, 1, 150, 6), record(2, 1, 140, 7)]
    own = [record(3, 4, 150, 4), record(4, 4, 148, 3), record(5, 4, 149, 3)]
    branch = VAE.replace(beta=4.0)
    assert best_epoch(VAE, parents) == 2
    assert best_epoch(branch, parents) == 2, "it has none of its own yet"
    assert best_epoch(branch, [*parents, *own]) == 4


def test_metrics_are_written_with_their_name():
    assert CLASSIFIER.model.kind.text(0.97834) == "97.8 % correct"
    assert VAE.model.kind.text(134.02503) == "loss 134.0"
    assert VAE.model.kind.text(12503.705) == "loss 12504", "longer, it was cut off"
    assert AUTOENCODER.model.kind.text(0.032441) == "loss 0.0324"
