"""`cadl render` on the shipped run: the same films as in the window, and a message for each mistake."""

import json

import numpy as np
import pytest
from PIL import Image, ImageSequence

from cadl_gui.cli import main
from cadl_gui.cli.offline_run import OfflineRun
from cadl_gui.datasets.load import load
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, FetchPosteriors
from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.imaging.latent.tiles import grid_centres
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.pictures.replay_film import replay_film
from cadl_gui.pictures.timeline_film import timeline_film
from cadl_gui.system.resources import shipped_run
from cadl_gui.training.stored import open_network

pytestmark = pytest.mark.tf


@pytest.fixture(scope="module")
def vae():
    return OfflineRun(shipped_run("vae"))


@pytest.fixture
def path_file(tmp_path):
    """A path through latent vectors and epochs, as the Latent tab saves it."""
    file = tmp_path / "path.json"
    LatentPath(pins=((0.0, 0.0), (1.0, -1.0)), n_frames=9, epochs=(1, 140)).save(file)
    return file


def test_a_saved_path_renders_what_its_weights_decode(vae, path_file, tmp_path, capsys):
    film = tmp_path / "path.gif"
    assert main(["render", "vae", "--what", "path", "--path", str(path_file), "-o", str(film)]) == 0
    assert "9 × 280×280" in capsys.readouterr().out
    with Image.open(film) as opened:
        frames = [np.asarray(frame.convert("L"))[::10, ::10] for frame in ImageSequence.Iterator(opened)]
    latent = np.array([[1.0, -1.0]], np.float32)
    latent.flags.writeable = False
    last = vae.ask(Decode(vae.run_id, Position(140), latent))[0, ..., 0]
    np.testing.assert_array_equal(frames[-1], np.rint(255 * np.clip(last, 0, 1)))
    assert len(frames) == 9
    assert not np.array_equal(frames[0], frames[1])


def home(vae):
    """The initial view of the plane, around the latents of the last epoch."""
    return home_at(vae, None)


def home_at(vae, epoch):
    latents = vae.artifacts(vae.position(epoch)).latents
    return ViewBox.home(latents, prior=(0, 0))


def test_the_manifold_is_an_image_and_a_film_through_the_epochs(vae, tmp_path):
    assert main(["render", "vae", "--what", "manifold", "--tiles", "4", "-o", str(tmp_path / "z.png")]) == 0
    box = home(vae)
    with Image.open(tmp_path / "z.png") as image_path:
        assert image_path.width == image_path.height == 15 * 4 * 28
        tiles = np.asarray(image_path)[::15, ::15].reshape(4, 28, 4, 28).swapaxes(1, 2).reshape(16, 28, 28)
    latents = grid_centres(box, 4, 4)
    latents.flags.writeable = False
    decoded = vae.ask(Decode(vae.run_id, vae.position(None), latents))[..., 0]
    np.testing.assert_array_equal(tiles, np.rint(255 * decoded))
    assert main(["render", "vae", "--what", "manifold", "-o", str(tmp_path / "z.gif"), "--fps", "2"]) == 0
    with Image.open(tmp_path / "z.gif") as film:
        assert film.info["duration"] == 500
        frames = [np.asarray(frame.convert("RGB"), int) for frame in ImageSequence.Iterator(film)]
    epochs = [position for position in vae.recorded if position.step == 0]
    expected = vae.render(replay_film(vae.run_id, epochs, LatentAxes.of_dimensions(2), box, 2.0))
    for frame, other in zip(frames, expected.frames, strict=True):
        assert np.abs(frame - other).mean() < 3


@pytest.mark.parametrize(("what", "ending"), [("manifold", "gif"), ("timeline", "gif"), ("timeline", "png")])
def test_of_an_epoch_that_is_named_there_is_one_frame(vae, tmp_path, capsys, what, ending):
    file = tmp_path / f"of one.{ending}"
    command = ["render", "vae", "--what", what, "--epoch", "1", "-o", str(file), "--json", "--trust-paths"]
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == 1
    with Image.open(file) as image:
        shown = np.asarray(image.convert("RGB"), int)
    if what == "manifold":
        film = replay_film(vae.run_id, [Position(1)], LatentAxes.of_dimensions(2), home_at(vae, 1), 4.0)
    else:
        film = timeline_film(vae.run_id, [Position(1)], vae.description.examples, 4.0)
    expected = np.asarray(next(vae.render(film).images()).convert("RGB"), int)
    assert np.abs(shown - expected).mean() < 3


def test_posteriors_are_those_of_the_images_whose_latents_are_stored(vae):
    """Other programs are known to show images of other points."""
    position = vae.position(None)
    posteriors = vae.ask(FetchPosteriors(vae.run_id, position, 500, 100))
    retained = vae.artifacts(position).latents[500:600]
    assert posteriors.shape == (100, 2, 2)
    np.testing.assert_allclose(posteriors[:, 0], retained, rtol=2e-3, atol=2e-3)
    network, _ = open_network(shipped_run("vae"))
    _, log_var = network.encode_distribution(load("mnist").as_floats(slice(60_500, 60_600)))
    np.testing.assert_allclose(posteriors[:, 1], np.exp(log_var / 2), rtol=1e-3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["vae", "--what", "path", "-o", "x.gif"], "--what path needs --path"),
        (
            ["vae", "--what", "path", "--path", "/nowhere.json", "-o", "x.gif"],
            "“/nowhere.json” cannot be read",
        ),
        (["vae", "--what", "manifold", "-o", "x.avi"], "“x.avi” ends in none of .png, .gif, .mp4."),
        (["vae", "--what", "manifold", "-o", "/nowhere/x.png"], "There is no folder “/nowhere”"),
        (["vae", "--what", "manifold", "--epoch", "59", "-o", "x.png"], "has no snapshot for epoch 59"),
        (["softmax", "--what", "manifold", "-o", "x.png"], "“softmax” has no latent plane."),
        (["softmax", "--what", "timeline", "-o", "x.gif"], "“softmax” is a classifier"),
        (
            ["vae", "--what", "montage", "--tiles", "5", "-o", "x.png"],
            "--tiles has no effect on --what montage, but on manifold.",
        ),
        (["vae", "--what", "timeline", "--each-channel", "-o", "x.gif"], "but on weights, kernels."),
    ],
)
def test_a_mistake_is_one_message_and_status_2(arguments, message, capsys):
    assert main(["render", *arguments]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert len(printed.err.splitlines()) == 1
