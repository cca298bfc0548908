"""Which learning rate to try instead of one that did not work."""

from cadl_gui.domain.presets import PRESETS
from cadl_gui.domain.training_config import TrainingConfig

FAR = 3.0
"""Factor within which a learning rate counts as that of the preset, which is known to work."""


def usual_learning_rate(preset: str) -> float:
    """Return the learning rate of a preset; the default one if there is no such preset."""
    known = PRESETS.get(preset)
    return TrainingConfig().learning_rate if known is None else known.config.training.learning_rate


def learning_rate_to_try(rate: float, preset: str) -> float:
    """Return the preset's learning rate if this one is far from it; otherwise a tenth of this one."""
    usual = usual_learning_rate(preset)
    return rate / 10 if usual / FAR <= rate <= usual * FAR else usual
