"""The bars and the caption of a network diagram."""

from dataclasses import dataclass
from typing import Literal

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.model_spec import LayerSpec, ModelSpec, Shape
from cadl_gui.system.words import _

BarPart = Literal["whole", "upper", "lower"]
"""Part of a column that a bar fills: mean and variance of a latent vector share one column."""

_NO_BREAK = "\u00a0"
_MILLION = 1e6


@dataclass(frozen=True)
class Bar:
    """The output of a layer, or the input image.

    Attributes:
        column: Index from the left, starting at 0.
        part: Part of the column that the bar fills.
        shape: Shape of the activations for one image.
        about: Text with name, kind, shapes and parameters of the layer.
        is_latent: Whether it is the bottleneck: the latent vector, or the logits.
    """

    column: int
    part: BarPart
    shape: Shape
    about: str
    is_latent: bool = False


def network_bars(spec: ModelSpec) -> tuple[Bar, ...]:
    """Lay out the layers from left to right; a column after a mean and variance stays free for sampling."""
    *encoder, latent = spec.encoder
    image = spec.encoder[0].input_shape
    bars = [Bar(0, "whole", image, _("image: {shape}").format(shape=shape_text(image)))]
    bars += [Bar(i, "whole", layer.output_shape, _about(layer)) for i, layer in enumerate(encoder, start=1)]
    column = len(bars)
    variance = spec.z_log_var
    part: BarPart = "upper" if variance else "whole"
    bars.append(Bar(column, part, latent.output_shape, _about(latent), is_latent=True))
    if variance:
        bars.append(Bar(column, "lower", variance.output_shape, _about(variance), is_latent=True))
        column += 1
    decoder = enumerate(spec.decoder, start=column + 1)
    bars += [Bar(i, "whole", layer.output_shape, _about(layer)) for i, layer in decoder]
    return tuple(bars)


def network_caption(spec: ModelSpec) -> str:
    """Return two lines: the shapes from layer to layer, and the number of parameters."""
    layers = (*spec.encoder, *spec.decoder)
    shapes = (spec.encoder[0].input_shape, *(layer.output_shape for layer in layers))
    # Lines break after an arrow, never before it.
    way = f"{_NO_BREAK}→ ".join(shape_text(shape) for shape in shapes)
    tied = _(", decoder tied") if any(layer.tied_to for layer in spec.decoder) else ""
    return f"{way}\n{parameters_text(spec.n_parameters)}{tied}"


def shape_text(shape: Shape) -> str:
    """Format a shape, such as 512 or 14×14×32; a grey image without its channel."""
    *sides, last = shape
    return "×".join(map(str, sides if sides and last == 1 else shape))


def _about(layer: LayerSpec) -> str:
    shapes = f"{shape_text(layer.input_shape)} → {shape_text(layer.output_shape)}"
    tied = _(", kernel of {tied_to}").format(tied_to=layer.tied_to) if layer.tied_to else ""
    return f"{layer.name}: {layer.kind_text}, {shapes}, {parameters_text(layer.n_parameters)}{tied}"


def parameters_text(n: int) -> str:
    """Format a number of parameters."""
    return _("{n:.1f} M parameters").format(n=n / _MILLION) if n >= _MILLION else count_text(n, "parameter")
