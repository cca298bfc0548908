"""Everything of a run at one position, in an ordinary `.keras` file with one more member, `cadl/run.json`.

`keras.saving.load_model` opens it after `import cadl_gui.models`. We never open it like that ourselves,
since that builds whatever the file asks for: `open_checkpoint` rebuilds the network from the validated
configuration in `cadl/run.json` and reads nothing but arrays.
"""

import hashlib
import json
import math
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.archive import TooManyMembersError, require_few_members
from cadl_gui.core.errors import CheckpointError
from cadl_gui.core.file_limits import MOST_CHECKPOINT_TEXT_BYTES
from cadl_gui.core.history import History
from cadl_gui.core.position import Position
from cadl_gui.core.replacing import replacing
from cadl_gui.core.whole_file import require_file
from cadl_gui.runs.fitting import require_fitting
from cadl_gui.runs.hdf5 import open_plain
from cadl_gui.runs.history_file import history_from_records, history_to_records
from cadl_gui.runs.manifest import (
    Manifest,
    checked_position,
    manifest_from_json,
    manifest_to_json,
    parse_json,
)

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
    path: Path, model: "Network", *, manifest: Manifest, history: History, position: Position
) -> None:
    """Write a checkpoint; whatever was there is replaced once the new file is whole.

    Args:
        path: must end in `.keras`.
        model: built by `cadl_gui.models.build`, with its optimiser.
        manifest: what the run is.
        history: what it recorded up to `position`.
        position: where the weights are from.

    Raises:
        OSError: if it cannot be written.
    """
    values = {
        **manifest_to_json(manifest),
        "position": list(position),
        "variables": _checksums(model),
        "history": history_to_records(history),
    }
    with replacing(path) as beside:
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
        position, checksums = _position_and_checksums(values, path)
        history = history_from_records(_records(values, path), manifest.steps_per_epoch, path)
        n_bytes = archive.getinfo(_WEIGHTS).file_size
        require_fitting(manifest, n_bytes // _BYTES_PER_WEIGHT, path)
        model = build(manifest.config, manifest.picture_shape, manifest.n_labels)
        _load_arrays(model, archive, path)
    if _checksums(model) != checksums:
        raise CheckpointError(f"“{path}” is damaged: its weights do not have their checksums.")
    return Checkpoint(**vars(manifest), history=history, position=position, model=model)


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


def _position_and_checksums(values: Any, path: Path) -> tuple[Position, list[str]]:
    match values:
        case {"position": [epoch, step], "variables": list(checksums)}:
            with suppress(ValueError):
                return checked_position(epoch, step), checksums
    raise CheckpointError(f"“{path}” is damaged: it does not say where in the run it was taken.")


def _records(values: Any, path: Path) -> list[Any]:
    records = values.get("history", [])
    if not isinstance(records, list):
        raise CheckpointError(f"“{path}” is damaged: its history does not fit together.")
    return records


def _load_arrays(model: Any, archive: zipfile.ZipFile, path: Path) -> None:
    variables = _variables(model)
    most_bytes = sum(variable.value.numpy().nbytes + _BYTES_PER_VARIABLE for variable in variables)
    if archive.getinfo(_WEIGHTS).file_size > most_bytes:
        raise CheckpointError(f"“{path}” holds more weights than its network has.")
    with TemporaryDirectory() as folder:
        weights = Path(archive.extract(_WEIGHTS, folder))
        with open_plain(weights, reported_as=path):
            model.load_weights(weights)


def _checksums(model: Any) -> list[str]:
    """SHA-256 over shape, dtype and bytes of each variable of network and optimiser, in order."""
    return [_checksum(variable.value.numpy()) for variable in _variables(model)]


def _checksum(array: NDArray[Any]) -> str:
    digest = hashlib.sha256(f"{array.shape} {array.dtype.str}\n".encode())
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _variables(model: Any) -> list[Any]:
    return [*model.variables, *model.optimizer.variables]
