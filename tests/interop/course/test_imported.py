"""A checkpoint of the course's notebooks gives the same results as its own graph."""

import course_graphs
import numpy as np
import pytest
import tensorflow as tf
from course_graphs import V1, V2

from cadl_gui.datasets.sources.mnist import load_mnist
from cadl_gui.domain.errors import CheckpointError, UserError
from cadl_gui.domain.position import Position
from cadl_gui.interop.course.imported import import_checkpoint

pytestmark = [pytest.mark.tf, pytest.mark.slow]

TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def images():
    """(20, 28, 28, 1) float32 in [0, 1]."""
    return load_mnist().as_floats(slice(20))


@pytest.fixture(scope="module")
def mean():
    return load_mnist().images[:].mean(axis=0, dtype=np.float64) / 255


def flat(images):
    return images.reshape(len(images), -1)


@pytest.mark.parametrize("version", [V1, V2], ids=["format 1", "format 2"])
@pytest.mark.parametrize("build", [course_graphs.autoencoder, course_graphs.conv_autoencoder])
def test_the_lectures_autoencoders_give_back_what_their_graphs_give_back(
    tmp_path, images, mean, version, build
):
    """The lecture feeds `examples - mean_img` and shows `recon + mean_img`; here, a layer does both."""
    run = course_graphs.save(tmp_path / "model.ckpt", build, version=version)
    imported = import_checkpoint(tmp_path / "model.ckpt")
    expected = np.clip(run("y", x=flat(images - mean)).reshape(images.shape) + mean, 0, 1)
    np.testing.assert_allclose(imported.model(images), expected, atol=TOLERANCE)
    assert imported.manifest.config.preset.startswith("lecture-")
    assert any("mean image" in note for note in imported.notes)


@pytest.mark.parametrize("version", [V1, V2], ids=["format 1", "format 2"])
@pytest.mark.parametrize(
    ("build", "preset"),
    [
        (course_graphs.softmax, "lecture-softmax"),
        (course_graphs.conv_classifier, "lecture-conv-classifier"),
    ],
)
def test_the_lectures_classifiers_answer_as_their_graphs_do(tmp_path, images, version, build, preset):
    run = course_graphs.save(tmp_path / "model.ckpt", build, version=version)
    imported = import_checkpoint(tmp_path / "model.ckpt")
    np.testing.assert_allclose(imported.model(images), run("y", x=flat(images)), atol=TOLERANCE)
    assert imported.manifest.config.preset == preset
    assert imported.manifest.n_classes == 10


@pytest.mark.parametrize(
    ("convolutional", "variational", "n_hidden", "version"),
    [
        (True, True, 7, V1),
        (True, True, 0, V2),
        (True, False, 0, V2),
        (False, True, 7, V2),
        (False, True, 0, V1),
        (False, False, 0, V1),
    ],
)
def test_networks_of_the_framework_encode_and_decode_as_their_graphs_do(
    tmp_path, images, convolutional, variational, n_hidden, version
):
    """Including batch normalisation, also in the last layer."""
    run = course_graphs.save(
        tmp_path / "vae.ckpt",
        lambda: course_graphs.framework(
            convolutional=convolutional, variational=variational, n_hidden=n_hidden
        ),
        version=version,
    )
    imported = import_checkpoint(tmp_path / "vae.ckpt")
    latent = run("z_mean", x=flat(images))
    expected = run("y", z=latent, x=flat(images)) if variational else run("y", x=flat(images))
    np.testing.assert_allclose(imported.model.encode(images), latent.reshape(20, -1), atol=TOLERANCE)
    np.testing.assert_allclose(imported.model(images), expected.reshape(images.shape), atol=TOLERANCE)
    if variational:
        _, z_log_var = imported.model.encode_distribution(images)
        np.testing.assert_allclose(z_log_var, run("z_log_var", x=flat(images)), atol=TOLERANCE)


@pytest.mark.parametrize(
    ("activation", "name"),
    [
        (tf.nn.relu, "relu"),
        (tf.nn.tanh, "tanh"),
        (tf.nn.elu, "elu"),
        (lambda x: 0.6 * x + 0.4 * abs(x), "leaky_relu"),
    ],
)
def test_the_graph_beside_the_checkpoint_reports_activation_and_size(tmp_path, activation, name):
    """Colour images that are not square, as the course's film has."""
    random = np.random.default_rng(0)
    images = random.random((4, 18, 32, 3), np.float32)
    run = course_graphs.save(
        tmp_path / "sita.ckpt-100",
        lambda: course_graphs.framework(
            convolutional=True, variational=True, activation=activation, shape=(18, 32, 3), flat=False
        ),
    )
    imported = import_checkpoint(tmp_path / "sita.ckpt-100")
    expected = np.clip(run("y", z=run("z_mean", x=images), x=images), 0, 1)
    np.testing.assert_allclose(imported.model(images), expected, atol=TOLERANCE)
    assert imported.manifest.config.model.activation == name
    assert imported.manifest.dataset_name == "unknown images"


def test_what_the_checkpoint_does_not_contain_is_assumed_and_reported(tmp_path, images):
    """`train_vae` saves no graph, so the activation is `VAE()`'s default, a preset's, or the user's."""
    run = course_graphs.save(
        tmp_path / "vae.ckpt",
        lambda: course_graphs.framework(convolutional=True, variational=True),
        meta=False,
        optimiser=False,
    )
    assumed = import_checkpoint(tmp_path / "vae.ckpt")
    assert assumed.manifest.config.model.activation == "tanh"
    assert assumed.position == Position(20)
    assert [note.split(":")[0] for note in assumed.notes] == [
        "The kernels do not determine the size of the images",
        "The checkpoint does not contain its activation",
        "The checkpoint does not contain how long it was trained",
    ]
    reported = import_checkpoint(tmp_path / "vae.ckpt", settings={"activation": "sigmoid"})
    expected = run("y", z=run("z_mean", x=flat(images)), x=flat(images))
    np.testing.assert_allclose(reported.model(images), expected.reshape(images.shape), atol=TOLERANCE)
    by_preset = import_checkpoint(tmp_path / "vae.ckpt", "conv-vae")
    assert by_preset.manifest.config.model.activation == "relu"


def test_how_long_it_was_trained_is_read_from_its_adam(tmp_path):
    course_graphs.save(tmp_path / "model.ckpt", course_graphs.softmax, n_steps=1125)
    imported = import_checkpoint(tmp_path / "model.ckpt")
    assert imported.position == Position(1, 5)  # 1,120 batches are an epoch of the lecture's classifiers
    assert imported.notes == ("Its optimiser’s 6 variables were left out: training starts with a reset one.",)


def adams_power(n_steps, beta_2=0.999):
    """`beta2_power` after some steps, multiplied step by step as Adam does, in single precision."""
    power = np.float32(beta_2)
    for _ in range(n_steps):
        power *= np.float32(beta_2)
    return power


def test_a_long_training_is_reported_to_the_step(tmp_path):
    """Beta is not exactly 0.999 in single precision, which amounts to a whole step after 80,000 steps."""
    course_graphs.save(tmp_path / "model.ckpt", course_graphs.softmax, beta2_power=adams_power(80_000))
    assert import_checkpoint(tmp_path / "model.ckpt").position == Position(*divmod(80_000, 1120))


@pytest.mark.parametrize(
    "power",
    [
        pytest.param(adams_power(200_000), id="sunk as low as numbers go, where it stays"),
        pytest.param(np.float32(0), id="sunk to zero, as processors round that"),
        pytest.param(adams_power(3, beta_2=0.9999), id="of an Adam with another beta"),
    ],
)
def test_an_implausible_step_count_of_adam_is_ignored(tmp_path, power):
    course_graphs.save(tmp_path / "model.ckpt", course_graphs.softmax, beta2_power=power)
    imported = import_checkpoint(tmp_path / "model.ckpt")
    assert imported.position == Position(imported.manifest.config.training.epochs)
    assert any("does not contain how long it was trained" in note for note in imported.notes)


def test_of_two_networks_in_one_checkpoint_the_classifier_is_taken_and_the_rest_listed(tmp_path, images):
    """The lecture's notebook does not reset its graph between convolutional autoencoder and softmax."""
    run = course_graphs.save(tmp_path / "model.ckpt", course_graphs.conv_autoencoder, course_graphs.softmax)
    imported = import_checkpoint(tmp_path / "model.ckpt")
    np.testing.assert_allclose(imported.model(images), run("y", x=flat(images)), atol=TOLERANCE)
    (left_out,) = [note for note in imported.notes if "no place" in note]
    assert left_out == (
        "Left out, since lecture-softmax has no place for it: encoder/layer/0/W 4×4×1×6, "
        "encoder/layer/1/W 3×3×6×5, encoder/layer/2/W 4×4×5×4."
    )
    other = import_checkpoint(tmp_path / "model.ckpt", "lecture-conv-autoencoder")
    assert other.manifest.config.model.layers == (6, 5, 4)
    assert any("layer1/W 784×10, layer1/b 10" in note for note in other.notes)


def test_the_wrong_preset_is_refused_with_what_it_looks_like(tmp_path):
    course_graphs.save(tmp_path / "model.ckpt", course_graphs.softmax)
    with pytest.raises(UserError, match="holds no vae; it looks like lecture-softmax"):
        import_checkpoint(tmp_path / "model.ckpt", "vae")


def test_another_network_is_refused_with_a_list_of_its_variables(tmp_path):
    def other():
        x = course_graphs.v1.placeholder(tf.float32, [None, 4])
        y = course_graphs.linear(x, 2, "mine")
        return course_graphs.Graph(x, y, tf.reduce_mean(y))

    course_graphs.save(tmp_path / "model.ckpt", other)
    with pytest.raises(
        CheckpointError, match=r"no network of the course\. Its variables: mine/W 4×2, mine/b 2"
    ):
        import_checkpoint(tmp_path / "model.ckpt")


def test_kernels_that_do_not_mirror_each_other_are_named(tmp_path):
    """`VAE()` does not reverse its `filter_sizes` for the decoder; ours mirrors the encoder."""
    course_graphs.save(
        tmp_path / "vae.ckpt",
        lambda: course_graphs.framework(convolutional=True, variational=False, sides=(3, 5)),
    )
    with pytest.raises(
        CheckpointError, match=r"decoder/0/deconv2d/W is 3×3×6×5, but this network needs 5×5×6×5"
    ):
        import_checkpoint(tmp_path / "vae.ckpt")


def test_weights_that_went_astray_are_reported(tmp_path):
    def diverged():
        graph = course_graphs.softmax()
        graph.cost = graph.cost * np.float32(np.inf)
        return graph

    course_graphs.save(tmp_path / "model.ckpt", diverged)
    with pytest.raises(CheckpointError, match="contains infinity or NaN"):
        import_checkpoint(tmp_path / "model.ckpt")
