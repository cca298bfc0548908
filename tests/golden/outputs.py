"""Collects outputs of the command line for the shipped runs."""

import contextlib
import hashlib
import io
import json
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from PIL import Image

from cadl_gui.cli import main
from cadl_gui.datasets.load import load
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.system.resources import shipped_runs

RENDERED = {
    "manifold": ("vae", "--what manifold --tiles 12 --width 336"),
    "manifold-early": ("vae", "--what manifold --tiles 12 --width 336 --epoch 1 --smooth"),
    "manifold-corners": ("vae", "--what manifold --tiles 12 --width 336 --path {corners}"),
    "manifold-film": ("vae", "--what manifold --fps 2"),
    "path": ("vae", "--what path --path {path}"),
    "weights": ("autoencoder", "--what weights"),
    "weights-sorted": ("autoencoder", "--what weights --layer encoder_2 --sorted --range unit"),
    "weights-film": ("softmax", "--what weights --colours berlin"),
    "kernels": ("conv-classifier", "--what kernels"),
    "kernels-of-autoencoder": ("conv-autoencoder", "--what kernels --layer encoder_2 --epoch 0"),
    "activations": ("conv-classifier", "--what activations --example 3"),
    "activations-of-image": ("denoising-autoencoder", "--what activations --image {images[0]}"),
    "montage": ("conv-classifier", "--what montage"),
    "timeline": ("conv-autoencoder", "--what timeline"),
}
"""Run and options by name of the image or film."""

ANSWERED = {
    "classify": ("conv-classifier", "softmax"),
    "encode": ("autoencoder", "conv-autoencoder", "denoising-autoencoder", "vae"),
    "reconstruct": ("autoencoder", "conv-autoencoder", "denoising-autoencoder", "vae"),
}
RESUMED = {
    "softmax": ("softmax", "--batch-size=500"),
    "vae": ("vae", "--batch-size=600", "--set=layers=16"),
}
_LAYERS = {"softmax": ["logits"], "vae": ["encoder_1", "z_mean", "z_log_var", "decoder_1", "decoder_2"]}
_HASHED = ["mean_subtraction", "logits", "encoder_1", "z_mean", "decoder_1", "decoder_2", "z_log_var"]
N_IMAGES = 4
_THUMBNAIL_PX = 160

Outputs = dict[str, Any]
Images = dict[str, Image.Image]


def outputs(folder: Path) -> tuple[Outputs, Images]:
    """Collect all outputs.

    Args:
        folder: folder for files.

    Returns:
        Numbers, and hashes of images and weights, by name; and small copies of the images.
    """
    runs = {path.name: str(path) for path in shipped_runs()}
    images, thumbnails = _images(folder), {}
    given: Outputs = {}
    for name, (run, options) in RENDERED.items():
        reported, thumbnails[name] = _rendered(folder, name, runs[run], options, images)
        given[f"render {name}"] = reported
    for command, names in ANSWERED.items():
        for name in names:
            path = folder / f"{command}-{name}.png"
            output = ["-o", str(path)] if command == "reconstruct" else []
            reported = cadl(command, runs[name], *images, *output)
            given[f"{command} {name}"] = [
                {key: value for key, value in line.items() if key not in {"image", "output"}}
                for line in reported
            ]
            if output:
                given[f"{command} {name}"].append(_described(path))
                thumbnails[f"{command}-{name}"] = _thumbnail(path)
    for name, run in runs.items():
        given[f"evaluate {name}"] = cadl("evaluate", run)
    for name, arguments in RESUMED.items():
        given[f"resume {name}"] = _resumed(folder / name, *arguments)
    return given, thumbnails


def cadl(*arguments: str) -> list[Any]:
    """The lines that a command prints with `--json`."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert main([*arguments, "--json"]) == 0, arguments
    return [json.loads(line) for line in printed.getvalue().splitlines()]


def _images(folder: Path) -> list[str]:
    """Write the first test digits to files."""
    paths = [folder / f"digit{i}.png" for i in range(N_IMAGES)]
    for path, image in zip(paths, load("mnist").images[60_000:], strict=False):
        Image.fromarray(image[..., 0]).save(path)
    return [str(path) for path in paths]


def _rendered(
    folder: Path, name: str, run: str, options: str, images: list[str]
) -> tuple[Outputs, Image.Image]:
    path, corners = folder / "path.json", folder / "corners.json"
    LatentPath(pins=((-1.0, 0.5), (1.0, 0.0), (0.0, -1.5)), kind="smooth", n_frames=12).save(path)
    LatentPath(pins=((-2.0, -2.0), (-2.0, 2.0), (2.0, -2.0), (2.0, 2.0))).save(corners)
    output = folder / f"{name}.{'gif' if name.endswith('film') else 'png'}"
    words = options.format(path=path, corners=corners, images=images).split(" ")
    (reported,) = cadl("render", run, *words, "-o", str(output))
    del reported["output"]
    return {**reported, **_described(output)}, _thumbnail(output)


def _described(path: Path) -> Outputs:
    """The hash of an image's pixels; for a film, of its last frame."""
    with Image.open(path) as image:
        image.seek(getattr(image, "n_frames", 1) - 1)
        pixels = np.asarray(image.convert("RGB"))
    return {"sha256": hashlib.sha256(pixels.tobytes()).hexdigest()}


def _thumbnail(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.seek(getattr(image, "n_frames", 1) - 1)
        small = image.convert("RGB")
    small.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX), Image.Resampling.BOX)
    return small


def _resumed(folder: Path, preset: str, *options: str) -> Outputs:
    """A run that ended after an epoch and was resumed for another one.

    When these outputs were recorded, a layer's random numbers depended on its place instead of its name.
    """
    command = ["train", preset, "--run", str(folder), *options]
    with mock.patch("cadl_gui.models.network.layer_number", _LAYERS[preset].index):
        cadl(*command, "--epochs=1")
    reported = cadl(*command, "--epochs=2", "--resume")
    run = read_run(folder)
    by_path = read_snapshot(folder, run.recorded[-1]).weights
    weights = [by_path[path] for path in sorted(by_path, key=_place)]
    total = hashlib.sha256()
    for array in weights:
        total.update(array.tobytes())
    spreads = [[float(array.mean()), float(array.std())] for array in weights]
    return {"test": reported[-1]["test"], "mean and spread": spreads, "sha256": total.hexdigest()}


def _place(path: str) -> tuple[int, bool]:
    """Place of a variable among those whose hash was recorded: by its layer, the kernel before the bias."""
    layer, *_, name = path.split("/")
    return _HASHED.index(layer), name == "bias"
