"""Precisions in which the steps of a training can be computed, and which of them this computer offers.

bfloat16 has the range of float32 and 8 bits of its precision. Only products and convolutions of the steps are
computed in it; weights, the optimiser's state, evaluations and answers are float32 always.
"""

from collections.abc import Mapping

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.training_config import BFLOAT16, FLOAT32
from cadl_gui.system.processor import bfloat16_refusal
from cadl_gui.system.words import _


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


def why_unmeasured(refusal: str, *, n_replicas: int, deterministic: bool) -> str:
    """Return why `auto` is float32 without a measurement, as a sentence; "" if it measures which is faster.

    Args:
        refusal: why bfloat16 is not offered, or "".
        n_replicas: number of workers or GPUs that share each batch.
        deterministic: whether equal inputs have to give equal bits.
    """
    if not refusal and n_replicas > 1:
        return _("Those that share each batch would have to measure the same.")
    if not refusal and deterministic:
        return _("A deterministic training chooses nothing by measurement.")
    return refusal


def measured_text(seconds: Mapping[str, float], chosen: str) -> str:
    """Return a sentence about a measurement.

    Args:
        seconds: least time of a step in each precision that works here.
        chosen: the precision that was chosen.
    """
    if len(seconds) == 1:
        return _("In the other precision, the steps do not work here.")
    exact, coarse = seconds[FLOAT32], seconds[BFLOAT16]
    text = _("A step took {coarse} ms in bfloat16 and {exact} ms in float32.")
    if chosen == FLOAT32 and coarse < exact:
        text = _("A step took {coarse} ms in bfloat16, {exact} ms in float32: no clear difference.")
    coarse_ms, exact_ms = (f"{float(f'{each * 1e3:.3g}'):,g}" for each in (coarse, exact))
    return text.format(coarse=coarse_ms, exact=exact_ms)
