"""All kinds of files that the program opens; those of datasets are in `dataset_kinds`."""

import functools
import hashlib
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import hostile_graphs
import numpy as np

from hostile import forgeries, mutations, originals
from hostile.dataset_kinds import DATASET_KINDS
from hostile.kind import Kind
from hostile.mutations import BYTES, Change, Random, member_changed

if TYPE_CHECKING:
    from cadl_gui.inference.inference_service import InferenceService

# --- what is opened ---


def open_run(path: Path) -> object:
    """Open a run as the window does, and then send it a request."""
    from cadl_gui.domain.requests import Reconstruct
    from cadl_gui.domain.training_requests import OpenFile
    from cadl_gui.saved.backend import Training

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
    from cadl_gui.datasets.sources.idx import is_idx, load_idx, preview_idx

    is_idx(path)
    preview_idx(path)
    return load_idx(path)


def open_labelled(path: Path) -> object:
    from cadl_gui.datasets.load import load

    return load(str(path))


def open_image(path: Path) -> object:
    from cadl_gui.pictures.image_file import read_image

    return read_image(path)


def open_latent_path(path: Path) -> object:
    from cadl_gui.imaging.latent.latent_path import LatentPath

    return LatentPath.load(path).frames()


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
    Kind("checkpoint", "a.keras", originals.checkpoints, {"*.keras": KERAS}, open_run),
    Kind(
        "run folder",
        "",
        originals.run_folders,
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
    Kind("TensorFlow 1, format 1", "a.ckpt", originals.first_format, {"*.meta": BYTES, "*": TABLE}, open_run),
    Kind(
        "TensorFlow 1, format 2", "a.ckpt", originals.second_format, {"*.index": TABLE, "*": BYTES}, open_run
    ),
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
        originals.idx_folders,
        {
            "*labels*": (*BYTES, forgeries.other_labels, forgeries.unpacks_to_gigabytes),
            "*": (*BYTES, forgeries.unpacks_to_gigabytes),
        },
        open_idx,
    ),
    Kind(
        "labelled images",
        "*",
        originals.labelled_images,
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
        originals.images,
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
        originals.latent_paths,
        {"*": (mutations.of_bytes, mutations.of_json, forgeries.wild_path)},
        open_latent_path,
    ),
    *DATASET_KINDS,
)
