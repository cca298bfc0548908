"""`cadl render` on the shipped run: the same films as in the window, and a message for each mistake."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image, ImageSequence

from cadl_gui.cli import main
from cadl_gui.cli.offline_run import OfflineRun
from cadl_gui.datasets.load import load
from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.file_format import FORMAT
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, FetchPosteriors
from cadl_gui.domain.session import Kept
from cadl_gui.domain.view import InspectView, RunView, View
from cadl_gui.imaging.drawing.normalisation import normalise_drawing
from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.imaging.latent.tiles import grid_centres
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.imaging.weights.colour_map import usual_colour_map
from cadl_gui.pictures.activations_film import activations_film
from cadl_gui.pictures.replay_film import replay_film
from cadl_gui.pictures.timeline_film import timeline_film
from cadl_gui.runs.session import write_session
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import resource_path, shipped_run

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
    network = open_path(shipped_run("vae")).network()
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
        (["vae", "--what", "manifold", "-o", "x.avi"], "“x.avi” has to end in .png or .gif or .mp4."),
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


CHOSEN = RunView(pins=((0.0, 0.0, 140), (1.0, -1.0, 140)), box=(0.5, -0.5, 1.0))


@pytest.fixture(params=["session", "view.json"])
def view_file(request, tmp_path):
    """What a window showed of a run of one's own, a copy of the one that ships."""
    own = shutil.copytree(shipped_run("vae"), tmp_path / "own")
    inspect = InspectView(layer="encoder_2", is_sorted=True, colour_map="vik", range="unit")
    view = View(run="id:a", at=Position(40), inspect=inspect, of_run={"id:a": CHOSEN})
    if request.param == "session":
        write_session(tmp_path / "a.cadl", {"view": view.to_json()}, {"id:a": ("a", own)}, Kept.TEN)
        shutil.rmtree(own)
        return ["--view", str(tmp_path / "a.cadl")]
    stored = {"format": FORMAT, **view.to_json(), "paths": {"id:a": str(own)}}
    (tmp_path / "view.json").write_text(json.dumps(stored))
    return ["--view", str(tmp_path / "view.json"), "--trust-paths"]


def test_what_is_not_named_is_as_a_view_shows_it(vae, view_file, tmp_path):
    LatentPath.through(CHOSEN.pins, "straight").save(tmp_path / "path.json")
    as_shown = ["--layer", "encoder_2", "--sorted", "--colours", "vik", "--range", "unit"]
    for what, shown, given in (
        ("weights", as_shown, []),
        ("weights", [*as_shown, "--layer", "encoder_1"], ["--layer", "encoder_1"]),
        ("path", ["--path", str(tmp_path / "path.json")], []),
    ):
        pictures = [tmp_path / name for name in ("shown.png", "named.png")]
        assert main(["render", *view_file, "--what", what, *given, "-o", str(pictures[0])]) == 0
        named = ["render", "vae", "--what", what, "--epoch", "40", *shown, "-o", str(pictures[1])]
        assert main(named) == 0
        assert np.array_equal(*(np.asarray(Image.open(picture)) for picture in pictures)), (what, given)
    plane = ["--what", "manifold", "--tiles", "2", "-o", str(tmp_path / "m.png")]
    assert main(["render", *view_file, *plane]) == 0
    tiles = np.asarray(Image.open(tmp_path / "m.png"))[::30, ::30].reshape(2, 28, 2, 28).swapaxes(1, 2)
    latents = np.array([[0.25, -0.25], [0.75, -0.25], [0.25, -0.75], [0.75, -0.75]], np.float32)
    latents.flags.writeable = False
    decoded = vae.ask(Decode(vae.run_id, Position(40), latents))[..., 0]
    np.testing.assert_array_equal(tiles.reshape(4, 28, 28), np.rint(255 * decoded))


def test_a_session_s_drawing_is_rendered_and_goes_through_the_network(tmp_path, capsys):
    drawing = resource_path("lessons/7.json")
    sevens = {f"drawing-{INK.key}": json.loads(drawing.read_text("utf-8"))}
    pictures = [tmp_path / name for name in ("drawn.png", "activations.png", "named.png", "none.png")]
    for source, parts in (("drawing", sevens), ("example", {})):
        view = View(run="shipped:conv-classifier", inspect=InspectView(source=source))
        runs = {view.run: ("conv-classifier", None)}
        write_session(tmp_path / f"{source}.cadl", {"view": view.to_json(), **parts}, runs, Kept.ALL)
    names = ("drawing.cadl", "example.cadl")
    of_drawing, of_example = (["render", "--view", str(tmp_path / name)] for name in names)
    assert main([*of_drawing, "--what", "drawing", "-o", str(pictures[0])]) == 0
    with Image.open(pictures[0]) as image:
        drawn = np.asarray(image)[::10, ::10]
        assert image.size == (280, 280)
    seen = normalise_drawing(Drawing.from_json(sevens[f"drawing-{INK.key}"], is_ink=True)).centred
    np.testing.assert_array_equal(drawn, np.rint(255 * seen))
    assert main([*of_drawing, "--what", "activations", "-o", str(pictures[1])]) == 0
    run = OfflineRun(shipped_run("conv-classifier"))
    about = run.description
    spec, colours = (
        model_spec(about.config.model, about.image_shape, 10),
        usual_colour_map(about.config.preset),
    )
    shown = {"colours": colours, "side_px": 840, "frames_per_second": 4}
    film = activations_film(run.run_id, [run.position(None)], spec, seen[..., None], **shown)
    with Image.open(pictures[1]) as image:
        np.testing.assert_array_equal(np.asarray(image), np.asarray(next(run.render(film).images())))
    for command in (of_drawing, of_example):
        assert main([*command, "--what", "activations", "--example", "3", "-o", str(pictures[2])]) == 0
        pictures.append(pictures[2].read_bytes())
    assert pictures[-1] == pictures[-2] != pictures[1].read_bytes()
    assert main([*of_example, "--what", "drawing", "-o", str(pictures[3])]) == 2
    assert "Nothing is drawn for “conv-classifier”" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"format": 1, "run": "id:gone"}', "shows no run that can be opened: name a FILE"),
        ('{"format": 1, "run": "id:own", "paths": {"id:own": "/etc"}}', "by --trust-paths"),
        ('{"format": 1, "inspect": 3}', "The view is damaged"),
        ("[]", "is neither a session nor a view"),
        ("{", "is neither a session nor a view"),
    ],
)
def test_a_view_that_says_too_little_is_one_message(text, message, tmp_path, capsys):
    (tmp_path / "view.json").write_text(text)
    view = ["--view", str(tmp_path / "view.json"), "-o", str(tmp_path / "x.png")]
    assert main(["render", "--what", "weights", *view]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1
