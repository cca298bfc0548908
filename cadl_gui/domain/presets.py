"""The presets: named configurations, the lecture's and the course's first.

That a dataset is chosen for a preset whose images do not ship is checked by the form (`check_dataset`) and by
`cadl train`, not by `RunConfig`, so that no file fails because of it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cadl_gui.domain.colour_presets import COURSE, IN_COLOUR
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.preset import Preset
from cadl_gui.system.words import _

_LECTURE = (
    Preset(
        line="The lecture's dense network: an image to 64 numbers and back, with tied weights.",
        config=RunConfig.of(preset="lecture-autoencoder"),
        lecture_loss=0.0331688,
    ),
    Preset(
        line="The lecture's convolutions: three layers of 16 kernels and back, with tied kernels.",
        config=RunConfig.of(
            preset="lecture-conv-autoencoder",
            convolutional=True,
            layers=(16, 16, 16),
            kernel_sizes=(4, 4, 4),
            strides=(2, 2, 2),
        ),
        lecture_loss=0.0234347,
    ),
    Preset(
        line="The lecture's softmax regression: one weight for every pixel and class.",
        config=RunConfig.of(
            preset="lecture-softmax",
            model="classifier",
            split="fractions",
            batch_size=50,
            layers=(),
            use_bias=True,
            subtract_mean=False,
        ),
        lecture_accuracy=0.913286,
    ),
    Preset(
        line="The lecture's convolutional classifier: two layers of 5×5 kernels and two dense ones.",
        config=RunConfig.of(
            preset="lecture-conv-classifier",
            model="classifier",
            split="fractions",
            epochs=10,
            batch_size=50,
            convolutional=True,
            layers=(32, 64),
            kernel_sizes=(5, 5),
            strides=(2, 2),
            n_hidden=128,
            use_bias=True,
            subtract_mean=False,
            initial_stddev=1.0,
        ),
        lecture_accuracy=0.976857,
    ),
)

_AUTOENCODER = RunConfig.of(
    preset="autoencoder",
    learning_rate=2e-3,
    schedule="cosine",
    use_bias=True,
    output_activation="linear",
    initializer="glorot",
)
"""A linear output can produce the negative values of centred images, which the lecture's ReLU cannot."""

_CONV_AUTOENCODER = _AUTOENCODER.replace(
    preset="conv-autoencoder",
    convolutional=True,
    layers=(32, 32, 16),
    kernel_sizes=(4, 4, 4),
    strides=(2, 2, 2),
)

_VAE = RunConfig.of(
    preset="vae",
    epochs=20,
    batch_size=200,
    learning_rate=2e-3,
    schedule="cosine",
    layers=(512, 256, 128),
    latent_dim=2,
    tied=False,
    variational=True,
    use_bias=True,
    output_activation="sigmoid",
    subtract_mean=False,
    initializer="glorot",
)

_OURS = (
    Preset(
        line="To 64 numbers and back, with a linear output: on MNIST, four times closer than the lecture's.",
        config=_AUTOENCODER,
    ),
    Preset(
        line="Three layers of convolutions and back, with tied kernels.",
        config=_CONV_AUTOENCODER,
    ),
    Preset(
        line="Half of the pixels are missing: it has to guess them.",
        config=_AUTOENCODER.replace(
            preset="denoising-autoencoder", epochs=10, layers=(512, 256, 128), denoising=True
        ),
    ),
    Preset(
        line="Half of the pixels are missing, and kernels see the pixels around.",
        config=_CONV_AUTOENCODER.replace(
            preset="conv-denoising-autoencoder", epochs=10, layers=(32, 32, 32), denoising=True
        ),
    ),
    Preset(
        line="Every image becomes a point in a plane, and every point of the plane an image.",
        config=_VAE,
    ),
    Preset(
        line="The plane again, made by convolutions.",
        config=_VAE.replace(
            preset="conv-vae",
            convolutional=True,
            layers=(32, 64),
            kernel_sizes=(4, 4),
            strides=(2, 2),
            n_hidden=128,
            batch_normalisation=True,
        ),
    ),
    Preset(
        line="The plane, learned from images with a third of their pixels missing.",
        config=_VAE.replace(preset="denoising-vae", denoising=True, corruption_amount=0.3),
    ),
    Preset(
        line="Softmax regression again, not as in the lecture: trained until it can learn no more.",
        config=RunConfig.of(
            preset="softmax",
            model="classifier",
            epochs=15,
            learning_rate=5e-3,
            schedule="cosine",
            layers=(),
            use_bias=True,
            initializer="glorot",
        ),
    ),
    Preset(
        line="Six layers of 3×3 kernels, trained on distorted images: copes better with unusual ones.",
        config=RunConfig.of(
            preset="conv-classifier",
            model="classifier",
            epochs=10,
            batch_size=128,
            learning_rate=3e-3,
            schedule="cosine",
            weight_decay=0.05,
            convolutional=True,
            layers=(24, 48, 96, 96, 144, 192),
            kernel_sizes=(3, 3, 3, 3, 3, 3),
            strides=(1, 2, 1, 2, 1, 2),
            augmentation=0.65,
            batch_normalisation=True,
            use_bias=True,
            subtract_mean=False,
            initializer="he",
        ),
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {preset.name: preset for preset in (*_LECTURE, *COURSE, *_OURS, *IN_COLOUR)}
)
"""Every preset by name, in the order of the menu."""


def preset(name: str) -> Preset:
    """Return the preset with the given name.

    Raises:
        ConfigurationError: if there is no such preset; the message lists the available ones.
    """
    if name not in PRESETS:
        raise ConfigurationError(
            "preset",
            _("There is no preset “{name}”. Presets: {presets}.").format(
                name=name, presets=", ".join(PRESETS)
            ),
        )
    return PRESETS[name]


def check_dataset(config: RunConfig) -> None:
    """Check that a dataset was chosen, if that of the configuration's preset does not ship.

    Raises:
        ConfigurationError: if it is still the one that every configuration begins with.
    """
    chosen = PRESETS.get(config.preset)
    if chosen is not None and chosen.to_open and config.data.dataset.lower() == DataConfig().dataset:
        raise ConfigurationError("dataset", chosen.to_open)
