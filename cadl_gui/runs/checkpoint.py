"""Everything of a run at one position, in an ordinary `.keras` file with one more member, `cadl/run.json`.

`keras.saving.load_model` opens it after `import cadl_gui.models`. We never open it like that ourselves,
since that builds whatever the file asks for: `open_checkpoint` rebuilds the network from the validated
configuration in `cadl/run.json`, and reads nothing but arrays, which it knows by their checksums.
"""

import hashlib
import json
import math
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.history import History
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position
from cadl_gui.runs import layout
from cadl_gui.runs.fitting import require_fitting
from cadl_gui.runs.hdf5 import arrays_in, open_plain
from cadl_gui.runs.history_file import history_from_records, history_to_records
from cadl_gui.runs.manifest import (
    Manifest,
    manifest_from_json,
    manifest_to_json,
    parse_json,
    validated_position,
)
from cadl_gui.runs.migrations import CHECKPOINT, checkpoint_from_version_1, require_known
from cadl_gui.runs.reader import read_run
from cadl_gui.system.archive import TooManyMembersError, require_few_members
from cadl_gui.system.atomic_write import atomic_write
from cadl_gui.system.file_limits import MOST_CHECKPOINT_TEXT_BYTES
from cadl_gui.system.whole_file import require_file

if TYPE_CHECKING:
    from cadl_gui.models import Network

_MANIFEST = "cadl/run.json"
_WEIGHTS = "model.weights.h5"
_LARGEST_MEMBERS = {_MANIFEST: MOST_CHECKPOINT_TEXT_BYTES, "config.json": 2**24, "metadata.json": 2**20}
"""Bytes that a member may have. Weights are measured by the network."""

_ENCRYPTED = 0x1
"""Bit of a ZIP member's flags."""

_BYTES_PER_WEIGHT = 12
"""A weight and Adam's two moments of it, float32 each; the file holds no fewer bytes."""

_BYTES_PER_VARIABLE = 2**14
"""What HDF5 may need around one array."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Checkpoint(Manifest):
    """A checkpoint, opened.

    Attributes:
        history: all that was recorded up to there.
        position: where in the run it was taken.
        model: with its optimiser, both as they were there.
    """

    history: History
    position: Position
    model: "Network"


def save_checkpoint(
    path: Path, model: "Network", *, manifest: Manifest, history: History | None, position: Position
) -> None:
    """Write a checkpoint; whatever was there is replaced once the new file is whole.

    Args:
        path: must end in `.keras`.
        model: built by `cadl_gui.models.build`, with its optimiser.
        manifest: what the run is.
        history: what it recorded up to `position`; None in a run folder, where `history.jsonl` says it.
        position: where the weights are from.

    Raises:
        OSError: if it cannot be written.
    """
    values = {
        **manifest_to_json(manifest),
        "checkpoint": {
            "format": CHECKPOINT,
            "position": list(position),
            "variables": {name: _checksum(own.value.numpy()) for name, own in _variables(model).items()},
            **({} if history is None else {"history": history_to_records(history)}),
        },
    }
    with atomic_write(path) as beside:
        model.save(beside)
        with zipfile.ZipFile(beside, "a") as archive:
            archive.writestr(_MANIFEST, json.dumps(values, allow_nan=False))


def open_checkpoint(path: Path) -> Checkpoint:
    """Open a checkpoint without executing anything of it.

    Raises:
        CheckpointError: if it is missing, damaged, from a newer version or not one of ours.
    """
    from cadl_gui.models import build

    with _open_archive(path) as archive:
        values = parse_json(archive.read(_MANIFEST), path)
        manifest = manifest_from_json(values, path)
        position, checksums, records = _content(values, manifest, path)
        if records is None:
            history = _history_beside(path, manifest, position)
        else:
            history = history_from_records(records, manifest.steps_per_epoch, path)
        n_bytes = archive.getinfo(_WEIGHTS).file_size
        require_fitting(manifest, n_bytes // _BYTES_PER_WEIGHT, path)
        model = build(manifest.config, manifest.image_shape, manifest.n_classes, manifest.randomness)
        _load_arrays(model, checksums, archive, path)
    return Checkpoint(**vars(manifest), history=history, position=position, model=model)


def copy_checkpoint(path: Path, target: Path, history: History) -> None:
    """Take a checkpoint out of its run folder, with the history that lies beside it there.

    Args:
        path: of the checkpoint.
        target: where the copy comes; whatever was there is replaced once the new file is whole.
        history: what the run recorded up to the checkpoint.

    Raises:
        CheckpointError: if it cannot be read.
        OSError: if the copy cannot be written.
    """
    with _open_archive(path) as archive:
        values = parse_json(archive.read(_MANIFEST), path)
        members = {member.filename: archive.read(member) for member in archive.infolist()}
    if "checkpoint" in values:  # version 1 holds its history everywhere
        values["checkpoint"]["history"] = history_to_records(history)
        members[_MANIFEST] = json.dumps(values, allow_nan=False).encode()
    with atomic_write(target) as beside, zipfile.ZipFile(beside, "w") as copy:
        for name, content in members.items():
            copy.writestr(name, content)


@contextmanager
def _open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive that has the members of a checkpoint, whole and of bounded size, and no others."""
    try:
        require_file(path)
        require_few_members(path)
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, path)
            yield archive
    except TooManyMembersError as error:
        raise CheckpointError(f"“{path}” is not opened: {error}.") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, struct.error, UnicodeError) as error:
        raise CheckpointError(f"“{path}” is damaged, or no checkpoint at all.") from error
    except OSError as error:
        raise CheckpointError(f"“{path}” cannot be read: {error.strerror or error}.") from error


def _check_members(archive: zipfile.ZipFile, path: Path) -> None:
    members = archive.infolist()
    names = sorted(member.filename for member in members)
    if _MANIFEST not in names:
        raise CheckpointError(f"“{path}” was not saved by this program: it does not hold its run.")
    if names != sorted([*_LARGEST_MEMBERS, _WEIGHTS]):
        raise CheckpointError(f"“{path}” holds something that does not belong in a checkpoint.")
    for member in members:
        # What is stored as it is cannot unpack to more than the file's own size.
        stored = member.compress_type == zipfile.ZIP_STORED and member.file_size == member.compress_size
        too_large = member.file_size > _LARGEST_MEMBERS.get(member.filename, math.inf)
        if not stored or too_large or member.flag_bits & _ENCRYPTED:
            raise CheckpointError(f"“{path}” holds something that does not belong in a checkpoint.")
    if archive.testzip() is not None:
        raise zipfile.BadZipFile


def _content(
    values: Any, manifest: Manifest, path: Path
) -> tuple[Position, dict[str, str], list[Any] | None]:
    """What a checkpoint holds besides `run.json` and arrays: position, checksums by path, and history."""
    try:
        content = _newest(values, manifest, path)
        epoch, step = content["position"]
        position = validated_position(epoch, step)
        checksums = {name: str(checksum) for name, checksum in content["variables"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(
            f"“{path}” is damaged: it does not say where in the run it was taken."
        ) from error
    records = content.get("history")
    if not isinstance(records, list | None):
        raise CheckpointError(f"“{path}” is damaged: its history does not fit together.")
    return position, checksums, records


def _history_beside(path: Path, manifest: Manifest, position: Position) -> History:
    """What the run of a checkpoint in its folder recorded up to there; of one that was taken out, none."""
    if layout.manifest_path(path.parent).is_file():
        run = read_run(path.parent)
        if run.created == manifest.created:
            return run.history.up_to(position)
    return History(manifest.steps_per_epoch)


def _newest(values: Any, manifest: Manifest, path: Path) -> dict[str, Any]:
    if "checkpoint" not in values:
        spec = model_spec(manifest.config.model, manifest.image_shape, manifest.n_classes)
        return checkpoint_from_version_1(values, spec)
    content: dict[str, Any] = values["checkpoint"]
    require_known(content["format"], CHECKPOINT, path)
    return content


def _load_arrays(model: "Network", checksums: dict[str, str], archive: zipfile.ZipFile, path: Path) -> None:
    """Give each variable the array that has its checksum.

    Where arrays stand in Keras's file follows from the order in which a network makes its layers, and may be
    another in another version of Keras or of this program; so they are found by what they hold.
    """
    variables = _variables(model)
    most_bytes = sum(variable.value.numpy().nbytes + _BYTES_PER_VARIABLE for variable in variables.values())
    if archive.getinfo(_WEIGHTS).file_size > most_bytes:
        raise CheckpointError(f"“{path}” holds more weights than its network has.")
    with TemporaryDirectory() as folder:
        weights = Path(archive.extract(_WEIGHTS, folder))
        with open_plain(weights, reported_as=path) as file:
            arrays = {_checksum(array): array for array in arrays_in(file).values()}
    if variables.keys() != checksums.keys() or not arrays.keys() >= set(checksums.values()):
        raise CheckpointError(f"“{path}” is damaged: its weights do not have their checksums.")
    for name, variable in variables.items():
        array = arrays[checksums[name]]
        if array.shape != tuple(variable.shape) or array.dtype != variable.dtype:
            raise CheckpointError(f"“{path}” is damaged: its weights do not fit its network.")
        variable.assign(array)


def _checksum(array: NDArray[Any]) -> str:
    """SHA-256 over shape, dtype and bytes."""
    digest = hashlib.sha256(f"{array.shape} {array.dtype.str}\n".encode())
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _variables(model: "Network") -> dict[str, Any]:
    """Every variable of a network and of its optimiser, by paths without the network's own name."""
    of_optimizer = {own.path.replace(f"/{model.name}_", "/"): own for own in model.optimizer.variables}
    return {**model.variables_by_path, **of_optimizer}
