"""All kinds of files that the program opens: valid specimens, ways to damage them, and how to open them."""

import functools
import gzip
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hostile_graphs
import numpy as np

from hostile import forgeries, mutations
from hostile.mutations import BYTES, Change, Random, member_changed

if TYPE_CHECKING:
    from cadl_gui.inference.inference_service import InferenceService

Files = Mapping[str, bytes | Path]
"""Files of one specimen, by path in its folder: their content, or the targets of links."""

PIPE = Path("|")
"""Represents a pipe without a writer."""

_LEADS = (PIPE, Path("/dev/zero"), Path("/dev/tty"), Path("/etc/passwd"), Path("/"), Path("nowhere"))


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        name: display name.
        opened: name of the file to open in the folder; "" for the folder itself.
        originals: makes a few valid specimens.
        changes: ways to damage a file, by pattern of its name (the first match counts).
        open: opens it; returns the result.
    """

    name: str
    opened: str
    originals: Callable[[Path], list[Files]]
    changes: Mapping[str, tuple[Change, ...]]
    open: Callable[[Path], object]

    def damaged(self, random: Random, specimens: list[Files]) -> tuple[str, dict[str, bytes | Path]]:
        """A specimen with one file damaged, missing or exchanged, and a description of the damage."""
        files = dict(specimens[random.integers(len(specimens))])
        name = sorted(files)[random.integers(len(files))]
        if len(files) > 1 and random.random() < 0.03:
            del files[name]
            return f"{name} is missing", files
        if random.random() < 0.05:
            other = specimens[random.integers(len(specimens))]
            files[name] = other.get(name, b"")
            return f"{name} of another", files
        if random.random() < 0.03:
            files[name] = _LEADS[random.integers(len(_LEADS))]
            return f"{name} leads to {files[name]}", files
        changes = next(ways for pattern, ways in self.changes.items() if Path(name).match(pattern))
        change = changes[random.integers(len(changes))]
        files[name] = change(random, files[name])
        return f"{change.__name__} in {name}", files


# --- what is opened ---


def open_run(path: Path) -> object:
    """Open a run as the window does, and then send it a request."""
    from cadl_gui.domain.requests import Reconstruct
    from cadl_gui.domain.training_requests import OpenFile
    from cadl_gui.training.backend import Training

    event = Training().open(OpenFile("hostile", path))
    if path.is_dir():
        from cadl_gui.runs.checkpoint import open_checkpoint
        from cadl_gui.runs.reader import read_run
        from cadl_gui.runs.snapshots import read_snapshot

        for position in event.recorded:
            read_snapshot(path, position)
        checkpoint = read_run(path).checkpoint
        if checkpoint is not None:
            open_checkpoint(checkpoint)
    answers = _answers()
    answers.register(event.description)
    answers.update("hostile", event.snapshot, True)
    if not event.description.config.model.is_classifier:
        images = np.zeros((1, *event.description.image_shape), np.float32)
        return answers.respond(Reconstruct("hostile", None, images))
    return event


@functools.cache
def _answers() -> "InferenceService":
    """One inference service for all files, so that networks of the same architecture are traced once."""
    from cadl_gui.inference.inference_service import InferenceService

    return InferenceService()


def open_idx(path: Path) -> object:
    from cadl_gui.datasets.sources.idx import load_idx

    return load_idx(path)


def open_labelled(path: Path) -> object:
    from cadl_gui.datasets.load import load

    return load(str(next(path.iterdir())))


def open_image(path: Path) -> object:
    from cadl_gui.pictures.image_file import read_image

    return read_image(path)


def open_latent_path(path: Path) -> object:
    from cadl_gui.imaging.latent.latent_path import LatentPath

    return LatentPath.load(path).frames()


# --- whole specimens ---


def files_of(folder: Path) -> Files:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


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


# --- how it is damaged ---


def sealed_again(change: Change) -> Change:
    """Damage a sealed HDF5 file and forge its seal."""

    def changed(random: Random, data: bytes) -> bytes:
        content = bytearray(change(random, data))
        digest = hashlib.sha256(content[512:]).hexdigest()
        content[:512] = f"cadl_gui, SHA-256 after 512 bytes: {digest}\n".encode().ljust(512, b"\0")
        return bytes(content)

    changed.__name__ = f"{change.__name__} under a forged seal"
    return changed


def json_lines(random: Random, data: bytes) -> bytes:
    lines = data.splitlines()
    i = int(random.integers(len(lines)))
    match random.integers(4):
        case 0:
            del lines[i]
        case 1:
            lines.insert(i, lines[random.integers(len(lines))])
        case _:
            lines[i] = mutations.of_json(random, lines[i])
    return b"\n".join(lines) + b"\n"


def npy_changed(random: Random, data: bytes) -> bytes:
    """One array becomes objects, claims to be huge, or is damaged; the checksum is repaired."""
    members = mutations.members_of(data)
    name = list(members)[random.integers(len(members))]
    match random.integers(3):
        case 0:
            buffer = io.BytesIO()
            np.save(buffer, np.array([print], dtype=object), allow_pickle=True)
            members[name] = buffer.getvalue()
        case 1:
            members[name] = re.sub(rb"\(\d", b"(99999999999", members[name], count=1)
        case _:
            members[name] = mutations.of_bytes(random, members[name])
    return mutations.archive_of(members)


def image_bomb(random: Random, data: bytes) -> bytes:
    """A small file that unpacks to an image of up to 170 megapixels, which Pillow still opens."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (int(random.choice([5000, 13_000])), 13_000)).save(buffer, "PNG", compress_level=9)
    return buffer.getvalue()


def unknown_class(random: Random, data: bytes) -> bytes:
    """A Keras description that requests a class which executes code."""
    names = [("keras.layers", "Lambda"), ("builtins", "eval"), ("os", "system"), ("mine.evil", "Layer")]
    module, name = names[random.integers(len(names))]
    config = json.dumps(
        {"module": module, "class_name": name, "config": {"function": "open('executed', 'w')"}}
    )
    return mutations.archive_of(mutations.members_of(data) | {"config.json": config.encode()})


KERAS = (
    mutations.of_bytes,
    mutations.escaping_member,
    mutations.bomb,
    mutations.linked_member,
    mutations.doubled_member,
    unknown_class,
    member_changed("cadl/run.json", mutations.of_json),
    member_changed("cadl/run.json", mutations.of_json),
    member_changed("model.weights.h5", mutations.of_bytes),
    member_changed("model.weights.h5", mutations.of_bytes),
    member_changed("model.weights.h5", mutations.wild_hdf5),
    forgeries.very_many_members,
    forgeries.in_run(forgeries.too_large_a_network),
    forgeries.in_run(forgeries.path_inside),
    forgeries.in_run(forgeries.very_many_values),
)

SNAPSHOT = (
    mutations.of_bytes,
    sealed_again(mutations.flip_bits),
    sealed_again(mutations.overwrite),
    sealed_again(mutations.wild_hdf5),
)

TABLE = (mutations.of_bytes, mutations.table_entry, mutations.table_entry, mutations.table_structure)

KINDS = (
    Kind("checkpoint", "a.keras", checkpoints, {"*.keras": KERAS}, open_run),
    Kind(
        "run folder",
        "",
        run_folders,
        {
            "run.json": (
                mutations.of_bytes,
                mutations.of_json,
                mutations.of_json,
                forgeries.too_large_a_network,
                forgeries.path_inside,
                forgeries.very_many_values,
            ),
            "history.jsonl": (mutations.of_bytes, json_lines, json_lines, forgeries.endless_history),
            "*.h5": SNAPSHOT,
            "*.keras": KERAS,
        },
        open_run,
    ),
    Kind("TensorFlow 1, format 1", "a.ckpt", first_format, {"*.meta": BYTES, "*": TABLE}, open_run),
    Kind("TensorFlow 1, format 2", "a.ckpt", second_format, {"*.index": TABLE, "*": BYTES}, open_run),
    Kind(
        "frozen graph",
        "a.pb",
        hostile_graphs.originals,
        {"*.pb": (mutations.of_bytes, *[hostile_graphs.forged] * 3)},
        hostile_graphs.open_and_ask,
    ),
    Kind(
        "IDX files",
        "",
        idx_folders,
        {
            "*labels*": (*BYTES, forgeries.other_labels, forgeries.unpacks_to_gigabytes),
            "*": (*BYTES, forgeries.unpacks_to_gigabytes),
        },
        open_idx,
    ),
    Kind(
        "labelled images",
        "",
        labelled_images,
        {
            "*.npz": (
                mutations.of_bytes,
                mutations.bomb,
                mutations.escaping_member,
                npy_changed,
                npy_changed,
                forgeries.very_many_labels,
                forgeries.very_many_members,
            ),
            "*.h5": (mutations.of_bytes, mutations.of_bytes, mutations.wild_hdf5),
        },
        open_labelled,
    ),
    Kind(
        "picture",
        "a.picture",
        images,
        {
            "*": (
                *BYTES,
                *BYTES,
                image_bomb,
                forgeries.other_format,
                forgeries.other_format,
                forgeries.packed_text,
                forgeries.huge_tile,
            )
        },
        open_image,
    ),
    Kind(
        "latent path",
        "a.json",
        latent_paths,
        {"*": (mutations.of_bytes, mutations.of_json, forgeries.wild_path)},
        open_latent_path,
    ),
)
