"""Recognises the networks of the course's general framework, `VAE()`, in a checkpoint.

https://github.com/pkmital/CADL, `session-3/libs/vae.py`. Every layer has a bias and is batch-normalised,
including the last one. The decoder's kernels are not tied, contrary to the framework's docstring.
"""

from collections.abc import Iterator

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.presets import preset
from cadl_gui.interop.course.matched_model import (
    STRIDE,
    GraphHints,
    MatchedModel,
    Normalisation,
    Shapes,
    Source,
    flat_image,
    is_chain,
    numbered,
    size_assumption,
    slid_image,
)
from cadl_gui.system.words import _

_ACTIVATION = "tanh"
"""`VAE()`'s default."""

_STEPS_PER_EPOCH = 280
"""`test_mnist` trains on 0.8 of 70,000 images in batches of 200."""

_AVERAGE = "/ExponentialMovingAverage"


def framework(shapes: Shapes, hints: GraphHints) -> MatchedModel | None:
    """Match an autoencoder: dense or convolutional, variational or not.

    Returns:
        The network, or None if the checkpoint holds no such autoencoder.
    """
    convolutional = "encoder/0/conv2d/W" in shapes
    kernels = numbered(shapes, f"encoder/{{}}/{'conv2d' if convolutional else 'fc'}/W")
    if not is_chain(kernels) or len(kernels[0]) != (4 if convolutional else 2):
        return None
    sources = dict(_sources(shapes, len(kernels), convolutional=convolutional))
    if None in sources.values():
        return None
    config = _config(shapes, kernels)
    image, assumptions = _image(shapes, kernels, hints)
    if image is None:
        return None
    activation = hints.activation or _ACTIVATION
    if not hints.activation:
        assumptions += (
            _("The checkpoint does not contain its activation: taken as {activation}.").format(
                activation=_ACTIVATION
            ),
        )
    return MatchedModel(
        config=config.replace(activation=activation, output_activation=activation),
        image_shape=image,
        steps_per_epoch=_STEPS_PER_EPOCH,
        sources={layer: source for layer, source in sources.items() if source is not None},
        assumptions=assumptions,
    )


def _config(shapes: Shapes, kernels: list[tuple[int, ...]]) -> RunConfig:
    convolutional, variational = len(kernels[0]) == 4, "variational/mu/W" in shapes
    name = f"{'conv-' if convolutional else ''}{'vae' if variational else 'autoencoder'}"
    hidden, latent = shapes.get("variational/W_fc/W"), shapes.get("variational/mu/W")
    return preset(name).config.replace(
        layers=tuple(kernel[-1] for kernel in kernels),
        kernel_sizes=tuple(kernel[0] for kernel in kernels) if convolutional else (),
        strides=(STRIDE,) * len(kernels) if convolutional else (),
        n_hidden=hidden[-1] if variational and hidden else 0,
        latent_dim=latent[-1] if latent else 0,
        variational=variational,
        likelihood="gaussian",
        tied=False,
        batch_normalisation=True,
        use_bias=True,
        subtract_mean=False,
    )


def _image(
    shapes: Shapes, kernels: list[tuple[int, ...]], hints: GraphHints
) -> tuple[tuple[int, int, int] | None, tuple[str, ...]]:
    """Return the image shape, or None if it cannot be determined, and the assumptions made for it."""
    if len(kernels[0]) == 2:
        return flat_image(kernels[0][0], hints), ()
    n_numbers = shapes.get("variational/fc_t2/W", (0,))[-1]
    n_positions = n_numbers // kernels[-1][-1] if n_numbers else None
    image = slid_image(kernels[0][2], len(kernels), hints, n_positions)
    return image, () if image is None else size_assumption(image, hints)


def _sources(shapes: Shapes, n_layers: int, *, convolutional: bool) -> Iterator[tuple[str, Source | None]]:
    """Yield the name of each layer and the source of its variables, None if some are missing."""
    down, up = ("conv2d", "deconv2d") if convolutional else ("fc", "fc")
    for i in range(n_layers):
        yield f"encoder_{i + 1}", _source(shapes, f"encoder/{i}/{down}", f"encoder/{i}/bn{i}")
    decoder = [(f"decoder/{i}/{up}", f"decoder/{i}/dec/bn{i}") for i in range(n_layers)]
    if "variational/mu/W" in shapes:
        decoder.insert(0, ("variational/fc_t2", "variational/fc_t2/bn"))
        if "variational/W_fc/W" in shapes:
            decoder.insert(0, ("variational/fc_t", "variational/fc_t/bn"))
            yield "hidden", _source(shapes, "variational/W_fc", "variational/fc/bn")
        yield "z_mean", _source(shapes, "variational/mu")
        yield "z_log_var", _source(shapes, "variational/log_sigma")
    for i, (scope, normalisation) in enumerate(decoder):
        yield f"decoder_{i + 1}", _source(shapes, scope, normalisation)


def _source(shapes: Shapes, scope: str, normalised: str = "") -> Source | None:
    source = Source(f"{scope}/W", f"{scope}/b", _normalisation(shapes, normalised) if normalised else None)
    is_whole = not normalised or source.normalisation is not None
    return source if is_whole and all(name in shapes for name in source.names) else None


def _normalisation(shapes: Shapes, scope: str) -> Normalisation | None:
    """Match a normalisation. Averages are named after what they track, so the mean's name sorts first."""
    averages = sorted(name for name in shapes if name.startswith(f"{scope}/") and name.endswith(_AVERAGE))
    if len(averages) != 2:
        return None
    return Normalisation(f"{scope}/gamma", f"{scope}/beta", *averages)
