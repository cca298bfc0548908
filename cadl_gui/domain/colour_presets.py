"""The presets for images in colour: emoji, and photographs, films and CIFAR-10, which the user opens.

Those of the course are the settings of its general framework, `VAE()`, for faces and for a film
(https://github.com/pkmital/CADL, `session-3/libs/vae.py`), except that the output is not batch-normalised.
"""

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.preset import Preset
from cadl_gui.system.words import _

_FACES = _(
    "Open photographs of faces: a folder or ZIP archive of them, such as CelebA's “img_align_celeba”; "
    "with the crop factor 0.8 little but the faces is left."
)
_FILM = _("Open a film, such as an MP4 file: its frames become the images.")
_CIFAR = _("Open CIFAR-10: its archive as published, such as “cifar-10-python.tar.gz”, or the folder in it.")

_COURSE_VAE = RunConfig.of(
    preset="course-celeb-vae",
    epochs=50,
    learning_rate=1e-4,
    dropout=0.2,
    convolutional=True,
    layers=(100, 100, 100),
    kernel_sizes=(3, 3, 3),
    strides=(2, 2, 2),
    n_hidden=250,
    latent_dim=100,
    tied=False,
    variational=True,
    likelihood="gaussian",
    activation="sigmoid",
    output_activation="sigmoid",
    use_bias=True,
    batch_normalisation=True,
    subtract_mean=False,
    initializer="glorot",
)

COURSE = (
    Preset(
        line="The course's variational autoencoder for faces: 100 numbers for each.",
        config=_COURSE_VAE,
        to_open=_FACES,
    ),
    Preset(
        line="The same network of the course for the frames of a film.",
        config=_COURSE_VAE.replace(preset="course-film-vae"),
        to_open=_FILM,
    ),
)

_VAE = RunConfig.of(
    preset="emoji-vae",
    dataset="emoji",
    epochs=100,
    batch_size=25,
    schedule="cosine",
    convolutional=True,
    layers=(32, 64, 64, 32),
    kernel_sizes=(4, 4, 4, 4),
    strides=(2, 2, 2, 2),
    n_hidden=512,
    latent_dim=2,
    tied=False,
    variational=True,
    activation="leaky_relu",
    output_activation="sigmoid",
    use_bias=True,
    subtract_mean=False,
    initializer="he",
)
"""Two numbers have to tell 1,900 images apart. Without batch normalisation, whose noise blurs the plane, and
with as many hidden units, more of them become recognisable."""

_AUTOENCODER = RunConfig.of(
    preset="emoji-autoencoder",
    dataset="emoji",
    epochs=40,
    batch_size=50,
    learning_rate=2e-3,
    schedule="cosine",
    convolutional=True,
    layers=(32, 64, 16),
    kernel_sizes=(4, 4, 4),
    strides=(2, 2, 2),
    tied=False,
    output_activation="linear",
    use_bias=True,
    initializer="glorot",
)

IN_COLOUR = (
    Preset(
        line="The plane of emoji: faces, cats, clocks and flags, and whatever lies between them.",
        config=_VAE,
    ),
    Preset(
        line="Emoji to 8×8×16 numbers and back, crisp, those too that it never saw.",
        config=_AUTOENCODER,
    ),
    Preset(
        line="Faces to 64 numbers and back, of which each can be dragged.",
        config=_VAE.replace(
            preset="celeb-vae",
            dataset="mnist",
            epochs=10,
            batch_size=100,
            layers=(32, 64, 128, 128),
            n_hidden=256,
            latent_dim=64,
            batch_normalisation=True,
        ),
        to_open=_FACES,
    ),
    Preset(
        line="The frames of a film to 32 numbers and back: a film becomes a path among them.",
        config=_VAE.replace(preset="film-vae", dataset="mnist", epochs=200, n_hidden=256, latent_dim=32),
        to_open=_FILM,
    ),
    Preset(
        line="Small photographs to 8×8×16 numbers and back, those too that it never saw.",
        config=_AUTOENCODER.replace(
            preset="cifar-autoencoder",
            dataset="mnist",
            epochs=10,
            batch_size=100,
            layers=(32, 16),
            kernel_sizes=(4, 4),
            strides=(2, 2),
        ),
        to_open=_CIFAR,
    ),
    Preset(
        line="Six layers of 3×3 kernels that tell ten kinds of small photographs apart.",
        config=RunConfig.of(
            preset="cifar-classifier",
            model="classifier",
            epochs=20,
            batch_size=128,
            learning_rate=3e-3,
            schedule="cosine",
            weight_decay=0.05,
            dropout=0.1,
            convolutional=True,
            layers=(32, 32, 64, 64, 128, 128),
            kernel_sizes=(3, 3, 3, 3, 3, 3),
            strides=(1, 2, 1, 2, 1, 2),
            batch_normalisation=True,
            use_bias=True,
            subtract_mean=False,
            initializer="he",
        ),
        to_open=_CIFAR,
    ),
)
