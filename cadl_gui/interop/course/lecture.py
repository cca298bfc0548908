"""Recognises the lecture's own four networks in a checkpoint."""

from cadl_gui.domain.presets import preset
from cadl_gui.interop.course.matched_model import (
    STRIDE,
    GraphHints,
    MatchedModel,
    Shapes,
    Source,
    flat_image,
    is_chain,
    numbered,
    size_assumption,
    slid_image,
)

_N_IMAGES = 70_000
"""Images in MNIST; the lecture trains its autoencoders on all of them."""

_TRAINED_SHARE = 0.8
"""Share of MNIST on which the lecture trains its classifiers."""

_SOFTMAX_SCOPES = ("layer1", "linear", "fc")
"""Names of the only layer: in the lecture's code, in its text, and the default of `utils.linear`."""


def conv_classifier(shapes: Shapes, hints: GraphHints) -> MatchedModel | None:
    """Match *Convolutional Networks*: `W`, `b`, `W2`, `b2`, and a `W` and a `b` each in `fc_1` and `fc_2`."""
    names = {"encoder_1": "{}", "encoder_2": "{}2", "hidden": "fc_1/{}", "logits": "fc_2/{}"}
    sources = {layer: Source(name.format("W"), name.format("b")) for layer, name in names.items()}
    if not _all_there(sources, shapes):
        return None
    first, second, hidden, logits = (shapes[source.kernel] for source in sources.values())
    if not (is_chain([first, second]) and len(first) == 4 and is_chain([hidden, logits])):
        return None
    image = slid_image(first[2], 2, hints, hidden[0] // second[3])
    if image is None or hidden[0] % second[3]:
        return None
    config = preset("lecture-conv-classifier").config
    return MatchedModel(
        config=config.replace(
            layers=(first[3], second[3]), kernel_sizes=(first[0], second[0]), n_hidden=hidden[1]
        ),
        image_shape=image,
        n_classes=logits[1],
        steps_per_epoch=round(_TRAINED_SHARE * _N_IMAGES / config.training.batch_size),
        sources=sources,
    )


def softmax(shapes: Shapes, hints: GraphHints) -> MatchedModel | None:
    """Match *Fully Connected Network*: `layer1/W` and `layer1/b`, or another scope of `_SOFTMAX_SCOPES`."""
    for scope in _SOFTMAX_SCOPES:
        source = Source(f"{scope}/W", f"{scope}/b")
        if not _all_there({"logits": source}, shapes) or len(shapes[source.kernel]) != 2:
            continue
        n_pixels, n_classes = shapes[source.kernel]
        image = flat_image(n_pixels, hints)
        if image is None or n_classes < 2:
            continue
        config = preset("lecture-softmax").config
        return MatchedModel(
            config=config,
            image_shape=image,
            n_classes=n_classes,
            steps_per_epoch=round(_TRAINED_SHARE * _N_IMAGES / config.training.batch_size),
            sources={"logits": source},
        )
    return None


def autoencoder(shapes: Shapes, hints: GraphHints) -> MatchedModel | None:
    """Match *Fully Connected Model* or *Convolutional Autoencoder*: tied `encoder/layer/{i}/W`, no bias."""
    kernels = numbered(shapes, "encoder/layer/{}/W")
    if not is_chain(kernels):
        return None
    units = tuple(kernel[-1] for kernel in kernels)
    if len(kernels[0]) == 2:
        config = preset("lecture-autoencoder").config.replace(layers=units)
        image = flat_image(kernels[0][0], hints)
    else:
        config = preset("lecture-conv-autoencoder").config.replace(
            layers=units,
            kernel_sizes=tuple(kernel[0] for kernel in kernels),
            strides=(STRIDE,) * len(kernels),
        )
        image = slid_image(kernels[0][2], len(kernels), hints)
    if image is None:
        return None
    return MatchedModel(
        config=config,
        image_shape=image,
        steps_per_epoch=_N_IMAGES // config.training.batch_size,
        sources={f"encoder_{i + 1}": Source(f"encoder/layer/{i}/W") for i in range(len(kernels))},
        assumptions=size_assumption(image, hints) if config.model.convolutional else (),
    )


def _all_there(sources: dict[str, Source], shapes: Shapes) -> bool:
    """Return whether every kernel exists, with a bias for each of its units."""
    return all(
        source.kernel in shapes and shapes.get(source.bias) == shapes[source.kernel][-1:]
        for source in sources.values()
    )
