"""Whole files of the kinds that the program opens, to be damaged."""

import gzip
import io
from pathlib import Path

import numpy as np

from hostile.kind import Files, files_of


def checkpoints(folder: Path) -> list[Files]:
    from checkpoints import FAMILIES, save

    for i, config in enumerate(FAMILIES.values()):
        save(folder / str(i) / "a.keras", config=config) if (folder / str(i)).mkdir() is None else None
    return [files_of(folder / str(i)) for i in range(len(FAMILIES))]


def run_folders(folder: Path) -> list[Files]:
    """Two runs that were trained for an epoch, with artifacts and a checkpoint."""
    import uuid

    from cadl_gui.domain.configuration import RunConfig
    from cadl_gui.domain.events import TrainingEnded
    from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
    from cadl_gui.training.recorded import train_and_record

    write_idx_folder(folder / "data")
    small = RunConfig.of(
        preset="small",
        dataset=str(folder / "data"),
        epochs=1,
        batch_size=10,
        layers=(4, 3),
        split="fractions",
    )
    classifier = small.replace(model="classifier", layers=(4,), batch_normalisation=True)
    for name, config in {"a": small, "b": classifier}.items():
        training = train_and_record(TrainingRequest(uuid.uuid4().hex, name, config, folder / name))
        events = next(training)
        while not any(isinstance(event, TrainingEnded) for event in events):
            events = training.send(StepBudget(1.0, None, 1e-3))
        training.close()
        (folder / name / "run.lock").unlink()
    return [files_of(folder / "a"), files_of(folder / "b")]


def first_format(folder: Path) -> list[Files]:
    import course_graphs

    return _course_checkpoints(folder, course_graphs.V1)


def second_format(folder: Path) -> list[Files]:
    import course_graphs

    return _course_checkpoints(folder, course_graphs.V2)


def _course_checkpoints(folder: Path, version: int) -> list[Files]:
    import course_graphs

    builds = (
        lambda: course_graphs.autoencoder((12, 3)),
        lambda: course_graphs.conv_autoencoder((3, 2), (4, 3)),
        lambda: course_graphs.framework(
            convolutional=True, variational=True, layers=(3,), sides=(3,), n_hidden=4
        ),
    )
    for i, build in enumerate(builds):
        (folder / str(i)).mkdir()
        course_graphs.save(folder / str(i) / "a.ckpt", build, version=version, n_steps=1)
    return [files_of(folder / str(i)) for i in range(len(builds))]


def write_idx_folder(folder: Path) -> None:
    random = np.random.default_rng(0)
    folder.mkdir()
    images, labels = random.integers(0, 256, (100, 6, 5), np.uint8), np.arange(100, dtype=np.uint8) % 4
    for name, array in {"train-images": images, "train-labels": labels}.items():
        header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
        (folder / name).write_bytes(header + array.tobytes())


def idx_folders(folder: Path) -> list[Files]:
    write_idx_folder(folder / "plain")
    plain = files_of(folder / "plain")
    packed = {f"{name}.gz": gzip.compress(data) for name, data in plain.items()}
    return [plain, packed]


def labelled_images(folder: Path) -> list[Files]:
    from cadl_gui.datasets.sources.arrays import write_examples

    random = np.random.default_rng(0)
    images, labels = random.integers(0, 256, (20, 6, 5, 1), np.uint8), np.arange(20)
    for name in ("a.npz", "a.h5"):
        write_examples(folder / name, images, labels)
    return [{name: data} for name, data in files_of(folder).items()]


def images(folder: Path) -> list[Files]:
    from PIL import Image

    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 30, 3), np.uint8))
    specimens = []
    for format_ in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"):
        buffer = io.BytesIO()
        image.save(buffer, format_)
        specimens.append({"a.picture": buffer.getvalue()})
    return specimens


def latent_paths(folder: Path) -> list[Files]:
    from cadl_gui.imaging.latent.latent_path import LatentPath

    pins = ((0.0, 1.0), (2.0, -1.0), (0.5, 0.5))
    movement = LatentPath(
        pins=pins, kind="movement", n_frames=20, frames_per_second=10.0, times=(0.0, 0.5, 1.0)
    )
    between = LatentPath(pins=pins, kind="straight", n_frames=20, frames_per_second=10.0, epochs=(0, 3, 5))
    specimens = []
    for path in (movement, between):
        path.save(folder / "a.json")
        specimens.append(files_of(folder))
    return specimens
