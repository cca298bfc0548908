"""Which epoch is the best one, and how metrics are written."""

from cadl_gui.core.metrics import headline, metric_text
from cadl_gui.core.presets import preset

CLASSIFIER, VAE, AUTOENCODER = (
    preset(name).configuration for name in ("softmax", "vae", "lecture-autoencoder")
)


def test_classifiers_are_compared_by_accuracy_and_others_by_loss():
    assert (headline(CLASSIFIER).metric, headline(VAE).metric) == ("val_accuracy", "val_loss")
    values = {1: 0.9, 2: 0.95, 3: 0.95, 4: 0.5}
    assert headline(CLASSIFIER).best(values) == 2
    assert headline(VAE).best(values) == 4
    assert headline(VAE).best({}) is None


def test_metrics_are_written_with_their_unit():
    assert metric_text(CLASSIFIER, "val_accuracy", 0.97834) == "97.8 % right"
    assert metric_text(VAE, "val_loss", 134.02503) == "134.0 nats"
    assert metric_text(AUTOENCODER, "val_loss", 0.032441) == "0.0324"
