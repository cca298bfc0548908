"""Precisions in which the steps of a training can be computed, and which of them this computer offers.

bfloat16 has the range of float32 and 8 bits of its precision. Only products and convolutions of the steps are
computed in it; weights, the optimiser's state, evaluations and answers are float32 always.
"""

from collections.abc import Mapping

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.training_config import AUTO, BFLOAT16, FLOAT32
from cadl_gui.system.processor import bfloat16_refusal


def refusal_on(device: str) -> str:
    """Return why bfloat16 is not offered by a device, "CPU", "GPU" or "", not yet known; or "".

    A GPU that is too old for it refuses it when a training begins.
    """
    return "" if device == "GPU" else bfloat16_refusal()


def withheld_choices(field: str, device: str) -> Mapping[str, str]:
    """Return the choices of a field that are not offered here, each with the reason, a sentence."""
    refusal = refusal_on(device) if field == "precision" else ""
    return {BFLOAT16: refusal} if refusal else {}


def require_offered(config: RunConfig, refusal: str) -> None:
    """Require that the precision of a configuration is offered.

    Args:
        refusal: why bfloat16 is not offered, or "".

    Raises:
        ConfigurationError: if it is bfloat16, and that is not offered.
    """
    if refusal and config.training.precision == BFLOAT16:
        raise ConfigurationError("precision", refusal)


def with_precision_chosen(config: RunConfig, refusal: str, *, on_gpu: bool = False) -> RunConfig:
    """Replace the precision `auto` by bfloat16 where that is offered and known to be faster, else by float32.

    On a GPU that was never measured. Softmax regression has one small product in each step and is twice as
    fast if XLA compiles it, which does not go with bfloat16 on a processor.

    Args:
        refusal: why bfloat16 is not offered, or "".

    Raises:
        ConfigurationError: if the precision is bfloat16, and that is not offered.
    """
    require_offered(config, refusal)
    if config.training.precision != AUTO:
        return config
    model = config.model
    is_softmax_regression = model.is_classifier and not model.layers and not model.n_hidden
    is_faster = not (refusal or on_gpu or is_softmax_regression)
    return config.replace(precision=BFLOAT16 if is_faster else FLOAT32)
