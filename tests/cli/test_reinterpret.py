"""`cadl reinterpret` on shipped runs: the film that the network makes, and a message for each mistake."""

import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from films import frames_of, make_film, sound_of
from idx_files import write_idx
from PIL import Image

from cadl_gui.cli import main
from cadl_gui.datasets.load import load
from cadl_gui.datasets.preparing.cache import prepared_datasets
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import shipped_run

pytestmark = pytest.mark.tf


def halves_of(path):
    frames, times = frames_of(path)
    return frames[:, 4:252:9, 4:252:9], frames[:, 4:252:9, 258:506:9], [float(time) for time in times]


def require_reconstructed(path, preset, epoch=None):
    """The right half of each frame is what the network makes of the left one, but for compression."""
    left, right, _ = halves_of(path)
    seen = left[..., :1].astype(np.float32) / 255
    made = 255 * open_path(shipped_run(preset), epoch).ask("reconstruct", seen)
    assert np.abs(made - right[..., :1]).mean() < 6
    return left, right


@pytest.mark.parametrize("preset", ["vae", "conv-autoencoder"])
def test_a_film_is_seen_by_a_network_frame_by_frame_and_nothing_is_prepared(tmp_path, capsys, preset):
    """A variational one reconstructs from its means: the same each time."""
    source, out = make_film(tmp_path / "film.mp4"), tmp_path / "out.mp4"
    arguments = ["reinterpret", preset, "--dataset", str(source), "-o", str(out)]
    assert main(arguments) == 0
    assert f"{out}  40 × 506×252, with sound" in capsys.readouterr().out
    require_reconstructed(out, preset)
    assert frames_of(out)[1] == frames_of(source)[1]
    assert sound_of(out)[0] == pytest.approx(0.8, abs=0.01)
    assert prepared_datasets() == []
    first = out.read_bytes()
    assert main([*arguments, "--json"]) == 0
    about = {"output": str(out), "frames": 40, "width": 506, "height": 252, "sound": True, "notes": []}
    assert json.loads(capsys.readouterr().out) == about
    assert out.read_bytes() == first


def test_an_earlier_epoch_makes_something_else_of_it(tmp_path):
    source = make_film(tmp_path / "film.mp4", sound="")
    for epoch in (1, 140):
        out = tmp_path / f"{epoch}.mp4"
        arguments = ["--dataset", str(source), "--epoch", str(epoch), "-o", str(out)]
        assert main(["reinterpret", "vae", *arguments]) == 0
    early, late = (require_reconstructed(tmp_path / f"{epoch}.mp4", "vae", epoch)[1] for epoch in (1, 140))
    assert np.abs(early.astype(int) - late).mean() > 5


def test_the_images_of_a_dataset_come_in_their_order_at_the_rate_asked_for(tmp_path, capsys):
    path, out = tmp_path / "digits.npz", tmp_path / "out.mp4"
    np.savez(path, images=load("mnist").images[:30])
    assert main(["reinterpret", "vae", "--dataset", str(path), "--fps", "10", "-o", str(out)]) == 0
    assert "30 × 506×252, without sound" in capsys.readouterr().out
    left, _ = require_reconstructed(out, "vae")
    assert np.abs(left[..., 0].astype(int) - load("mnist").images[:30][..., 0]).mean() < 4
    assert halves_of(out)[2] == [place / 10 for place in range(30)]


def test_image_files_become_as_large_and_grey_as_the_network_s(tmp_path, capsys):
    folder, out = tmp_path / "photos", tmp_path / "out.mp4"
    folder.mkdir()
    for number in range(4):
        Image.new("RGB", (90, 60), (60 * number, 30, 30)).save(folder / f"{number}.png")
    assert main(["reinterpret", "vae", "--dataset", str(folder), "-o", str(out)]) == 0
    assert "4 × 506×252" in capsys.readouterr().out
    (prepared,) = prepared_datasets()
    assert prepared.image_shape == (28, 28, 1)
    require_reconstructed(out, "vae")


def test_a_truncated_film_is_written_and_a_line_says_so(tmp_path, capsys):
    source, out = make_film(tmp_path / "film.mkv", codec="mpeg4", sound="", n=300), tmp_path / "out.mp4"
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    assert main(["reinterpret", "vae", "--dataset", str(source), "-o", str(out)]) == 0
    assert "film.mkv” is truncated: " in capsys.readouterr().out
    assert 50 < len(halves_of(out)[0]) < 250


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["softmax", "--dataset", "{film}", "-o", "{out}"], "cannot reconstruct; what it can: classify"),
        (["vae", "--dataset", "{film}", "-o", "out.gif"], "“out.gif” has to end in .mp4."),
        (["vae", "--dataset", "{film}", "-o", "/nowhere/out.mp4"], "There is no folder “/nowhere”"),
        (["vae", "--dataset", "nowhere.mp4", "-o", "{out}"], "There is no dataset “nowhere.mp4”"),
        (["vae", "--dataset", "{idx}", "-o", "{out}"], "takes images of 28×28 in grey, and those of"),
        (["vae", "--dataset", "{film}", "-o", "{film}"], "is the film itself"),
        (["vae", "--dataset", "{film}", "--epoch", "59", "-o", "{out}"], "has no snapshot for epoch 59"),
        (["vae", "--dataset", "{film}:size=x", "-o", "{out}"], "Size is a whole number"),
    ],
)
def test_a_mistake_is_one_message_and_leaves_no_file(tmp_path, capsys, arguments, message):
    film, out = make_film(tmp_path / "film.mp4"), tmp_path / "out.mp4"
    content = film.read_bytes()
    idx = tmp_path / "small-images-idx3-ubyte"
    write_idx(idx, np.zeros((5, 16, 16), np.uint8))
    texts = {"film": film, "out": out, "idx": idx}
    assert main(["reinterpret", *(argument.format(**texts) for argument in arguments)]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert len(printed.err.splitlines()) == 1
    assert film.read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir() if path != idx and not path.is_dir()) == [
        "film.mp4"
    ]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no way to press Ctrl+C in one process only")
def test_after_ctrl_c_there_is_no_half_film(tmp_path, interruptible):
    folder = tmp_path / "films"
    folder.mkdir()
    start = "import sys; from cadl_gui.cli import main; sys.exit(main())"
    arguments = ["reinterpret", "vae", "--dataset", "mnist", "-o", str(folder / "out.mp4")]
    with subprocess.Popen(
        [sys.executable, "-c", start, *arguments],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not any(path.stat().st_size for path in folder.iterdir()):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=300)
    assert (process.returncode, error) == (130, "Interrupted.\n")
    assert list(folder.iterdir()) == []
