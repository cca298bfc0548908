"""`cadl render` of weights, kernels, activations and the lecture's montage respects its options."""

import json

import checkpoints
import numpy as np
import pytest
from PIL import Image, ImageSequence

from cadl_gui.cli import main
from cadl_gui.cli.offline_run import OfflineRun
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position
from cadl_gui.pictures.activations_film import activations_film
from cadl_gui.pictures.weights_film import lecture_film, weights_film
from cadl_gui.system.resources import shipped_run

pytestmark = pytest.mark.tf

HOW = {"side_px": 840, "frames_per_second": 4.0}
WEIGHTS = {"colours": "vik", "range_name": "layer", "by_norm": False}


def render(capsys, tmp_path, what, *options, name="softmax", ending="png"):
    out = tmp_path / f"out.{ending}"
    status = main(["render", name, "--what", what, "-o", str(out), "--json", *options])
    return status, out, capsys.readouterr()


def drawn(rendering, run):
    """The pixels of a rendering as stored in a file, (height, width, 3)."""
    (image,) = run.render(rendering).images()
    return np.asarray(image.convert("RGB"))


def weights_of(run, epoch, number, **how):
    table, position = table_of(run), at(run, epoch)
    return drawn(
        weights_film(run.run_id, [position], table, table.layers[number], **WEIGHTS | how, **HOW), run
    )


def montage_of(run, epoch, number, colours):
    table, position = table_of(run), at(run, epoch)
    return drawn(
        lecture_film(run.run_id, [position], table, table.layers[number], colours=colours, **HOW), run
    )


def activations_of(run, epoch, example, colours="vik"):
    table, image_path = table_of(run), run.description.examples[example]
    return drawn(
        activations_film(run.run_id, [at(run, epoch)], table, image_path, colours=colours, **HOW), run
    )


def at(run, epoch):
    """The position of an epoch; None for the last."""
    return run.recorded[-1] if epoch is None else Position(epoch)


def table_of(run):
    about = run.description
    return model_spec(about.config.model, about.image_shape, about.n_classes)


@pytest.mark.parametrize(
    ("name", "what", "options", "expected"),
    [
        ("softmax", "weights", "", lambda run: weights_of(run, None, 0)),
        ("softmax", "weights", "--epoch 1", lambda run: weights_of(run, 1, 0)),
        ("softmax", "weights", "--sorted", lambda run: weights_of(run, None, 0, by_norm=True)),
        ("softmax", "weights", "--range unit", lambda run: weights_of(run, None, 0, range_name="unit")),
        ("softmax", "weights", "--colours grey", lambda run: weights_of(run, None, 0, colours="grey")),
        ("conv-classifier", "kernels", "", lambda run: weights_of(run, None, 0)),
        (
            "conv-classifier",
            "kernels",
            "--layer encoder_2 --sorted",
            lambda run: weights_of(run, None, 1, by_norm=True),
        ),
        ("conv-classifier", "montage", "", lambda run: montage_of(run, None, 0, "coolwarm")),
        (
            "conv-classifier",
            "montage",
            "--layer encoder_2 --colours grey",
            lambda run: montage_of(run, None, 1, "grey"),
        ),
        ("emoji-vae", "weights", "", lambda run: weights_of(run, None, 0, in_colour=True)),
        ("emoji-vae", "kernels", "--each-channel", lambda run: weights_of(run, None, 0)),
        ("vae", "activations", "", lambda run: activations_of(run, None, 0)),
        ("vae", "activations", "--example 3", lambda run: activations_of(run, None, 3)),
        ("vae", "activations", "--epoch 1 --colours grey", lambda run: activations_of(run, 1, 0, "grey")),
    ],
)
def test_an_image_shows_what_the_options_ask_for(capsys, tmp_path, name, what, options, expected):
    status, out, reported = render(capsys, tmp_path, what, *options.split(), name=name)
    assert status == 0, reported.err
    with Image.open(out) as opened:
        image_path = np.asarray(opened.convert("RGB"))
    about = json.loads(reported.out)
    assert image_path.shape[:2] == (about["height"], about["width"])
    np.testing.assert_array_equal(image_path, expected(OfflineRun(shipped_run(name))))


def test_a_checkpoint_from_within_an_epoch_is_rendered_too(capsys, tmp_path):
    """It holds the weights of no epoch."""
    checkpoints.save(tmp_path / "run.keras", position=Position(2, 1))
    status, out, reported = render(capsys, tmp_path, "weights", name=str(tmp_path / "run.keras"))
    assert status == 0, reported.err
    with Image.open(out) as opened:
        assert opened.width == json.loads(reported.out)["width"]


def test_every_option_makes_another_image(capsys, tmp_path):
    """Otherwise the test above would prove nothing."""
    asked = ("", "--epoch 1", "--sorted", "--range unit", "--range model", "--colours grey")
    written = [render(capsys, tmp_path, "weights", *options.split())[1].read_bytes() for options in asked]
    assert len(set(written)) == len(asked) - 1  # a network of one layer: its range is the model's


@pytest.mark.parametrize(("options", "is_coloured"), [((), True), (("--each-channel",), False)])
def test_kernels_on_colours_are_images_in_colour_or_each_channel_by_itself(
    capsys, tmp_path, options, is_coloured
):
    status, out, reported = render(
        capsys, tmp_path, "kernels", "--colours", "grey", *options, name="emoji-vae"
    )
    assert status == 0, reported.err
    with Image.open(out) as opened:
        pixels = np.asarray(opened.convert("RGB"), int)
    assert (np.ptp(pixels, axis=2).max() > 50) == is_coloured


def test_a_film_goes_through_the_epochs(capsys, tmp_path):
    status, out, reported = render(capsys, tmp_path, "weights", ending="gif")
    assert status == 0, reported.err
    run = OfflineRun(shipped_run("softmax"))
    assert json.loads(reported.out)["frames"] == len(run.recorded) == 11
    with Image.open(out) as film:
        frames = [np.asarray(frame.convert("RGB"), int) for frame in ImageSequence.Iterator(film)]
        assert film.info["duration"] == 250
    table = table_of(run)
    whole = weights_film(run.run_id, run.recorded, table, table.layers[0], **WEIGHTS, **HOW)
    for frame, image, position in zip(frames, run.render(whole).images(), run.recorded, strict=True):
        assert np.abs(frame - np.asarray(image.convert("RGB"))).mean() < 3, position


@pytest.mark.parametrize(
    ("what", "options", "message"),
    [
        ("weights", ("--layer", "nonsense"), "no layer “nonsense”"),
        ("kernels", (), "no kernels"),
        ("weights", ("--epoch", "99"), "has no snapshot for epoch 99"),
        ("activations", ("--image", "missing.png"), "missing.png"),
    ],
)
def test_rendering_weights_reports_mistakes_in_a_message(capsys, tmp_path, what, options, message):
    status, out, reported = render(capsys, tmp_path, what, *options)
    assert status == 2
    assert message in reported.err
    assert not out.exists()
