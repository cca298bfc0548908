"""A run that the engine has trained to its end, and a tab that shows it."""

from cadl_gui.engine.training_status import TrainingState


def train(qtbot, engine, config):
    """Train a configuration as a new run, and wait for its end."""
    n = len(engine.runs) + 1
    engine.training.train(config)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE and len(engine.runs) == n)
    return engine.runs[-1]


def knows_the_end(latent_tab):
    """Whether the tab has the codes of a fake run’s last epoch: both latents of a picture are the same."""
    latents = latent_tab._feed.latents
    return len(latents) > 0 and (latents[:, 0] == latents[:, 1]).all()
