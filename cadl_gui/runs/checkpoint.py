"""Saves a run at one position as an ordinary `.keras` file with one extra member, `cadl/run.json`.

`keras.saving.load_model` opens such a file after `import cadl_gui.models`. This program never loads it that
way, because Keras builds whatever the file describes: `open_checkpoint` rebuilds the network from the
validated configuration in `cadl/run.json`, and reads only arrays. Where Keras puts the array of a variable
depends on its version and on the order in which a network creates its layers, so `cadl/run.json` says where
each one is, and the SHA-256 of the whole file of arrays.
"""

import hashlib
import io
import json
import math
import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import new_uuid
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
    validated_uuid,
)
from cadl_gui.runs.reader import LostHistoryError, read_run
from cadl_gui.system.archive import require_few_members
from cadl_gui.system.atomic_write import atomic_output, atomic_write
from cadl_gui.system.file_limits import MOST_CHECKPOINT_TEXT_BYTES
from cadl_gui.system.whole_file import require_file, telling
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.models import Network

_MANIFEST = "cadl/run.json"
_WEIGHTS = "model.weights.h5"
_MOST_OTHER_BYTES = 2**24
_LARGEST_MEMBERS = {_MANIFEST: MOST_CHECKPOINT_TEXT_BYTES, _WEIGHTS: math.inf, "metadata.json": 2**20}
"""Maximum size of members in bytes, if not `_MOST_OTHER_BYTES`; of the weights it depends on the network."""

_PLAIN_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)
"""Path of a member that leads to no other place, whoever unpacks it."""

_ENCRYPTED = 0x1
"""Bit in a ZIP member's flags."""

_BYTES_PER_WEIGHT = 12
"""A weight and its two Adam moments, each float32: the least that a file holds for each weight."""

_BYTES_PER_VARIABLE = 2**14
"""Allowance for HDF5's overhead around one array."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Checkpoint(Manifest):
    """An open checkpoint.

    Attributes:
        checkpoint_uuid: identifies the checkpoint, everywhere; `uuid` its run.
        history: everything recorded up to `position`.
        position: where in the run the checkpoint was taken.
        model: the network and its optimiser, in their state at `position`.
    """

    checkpoint_uuid: str
    history: History
    position: Position
    model: "Network"


def save_checkpoint(
    path: Path, model: "Network", *, manifest: Manifest, history: History | None, position: Position
) -> None:
    """Write a checkpoint. An existing file is replaced only once the new one is complete.

    Args:
        path: file to write; must end in `.keras`.
        model: a network built by `cadl_gui.models.build`, with its optimiser.
        history: what the run recorded up to `position`; None in a run folder, where `history.jsonl` holds it.
        position: position of the weights in the run.

    Raises:
        OSError: if the file cannot be written.
    """
    about: dict[str, Any] = {
        "uuid": new_uuid(),
        "position": list(position),
        **({} if history is None else {"history": history_to_records(history)}),
    }
    writing = atomic_write if history is None else atomic_output
    with writing(path) as beside:
        model.save(beside)
        with zipfile.ZipFile(beside, "a") as archive:
            weights = archive.read(_WEIGHTS)
            about |= {"sha256": hashlib.sha256(weights).hexdigest(), "variables": _places(model, weights)}
            values = {**manifest_to_json(manifest), "checkpoint": about}
            archive.writestr(_MANIFEST, json.dumps(values, allow_nan=False))


def open_checkpoint(path: Path) -> Checkpoint:
    """Open a checkpoint without executing anything in it.

    Raises:
        CheckpointError: if it is missing, damaged, of a later format or not written by this program.
    """
    from cadl_gui.models import build

    with _open_archive(path) as archive:
        values = parse_json(archive.read(_MANIFEST), path)
        manifest = manifest_from_json(values, path)
        about = _About.from_json(values, path)
        if about.records is None:
            history = _history_beside(path, manifest, about.position)
        else:
            history = history_from_records(about.records, manifest.steps_per_epoch, path)
        n_bytes = archive.getinfo(_WEIGHTS).file_size
        require_fitting(manifest, n_bytes // _BYTES_PER_WEIGHT, path)
        model = build(manifest.config, manifest.image_shape, manifest.n_classes)
        _load_arrays(model, about, archive, path)
    return Checkpoint(
        **vars(manifest), checkpoint_uuid=about.uuid, history=history, position=about.position, model=model
    )


def copy_checkpoint(path: Path, target: Path, history: History) -> None:
    """Copy a checkpoint out of its run folder, and embed the history that the folder stores beside it.

    Args:
        target: path of the copy; an existing file is replaced only once the new one is complete.
        history: what the run recorded up to the checkpoint.

    Raises:
        CheckpointError: if the checkpoint cannot be read.
        OSError: if the copy cannot be written.
    """
    with _open_archive(path) as archive:
        values = parse_json(archive.read(_MANIFEST), path)
        members = {member.filename: archive.read(member) for member in archive.infolist()}
    values["checkpoint"]["history"] = history_to_records(history)
    members[_MANIFEST] = json.dumps(values, allow_nan=False).encode()
    with atomic_output(target) as beside, zipfile.ZipFile(beside, "w") as copy:
        for name, content in members.items():
            copy.writestr(name, content)


@contextmanager
def _open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive that has exactly the members of a checkpoint, intact and of bounded size."""
    damage = zipfile.BadZipFile, EOFError, NotImplementedError, struct.error, UnicodeError
    with telling(path, CheckpointError, damage, _("is damaged, or no checkpoint at all")):
        require_file(path)
        require_few_members(path)
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, path)
            yield archive


def _check_members(archive: zipfile.ZipFile, path: Path) -> None:
    members = archive.infolist()
    names = sorted(member.filename for member in members)
    if _MANIFEST not in names:
        raise CheckpointError(
            _("“{path}” was not saved by this program: it does not hold its run.").format(path=path)
        )
    if _WEIGHTS not in names or len(set(names)) < len(names):
        raise CheckpointError(
            _("“{path}” is damaged: it has no weights, or two members of one name.").format(path=path)
        )
    for member in members:
        # An uncompressed member cannot unpack to more than the size of the file.
        stored = member.compress_type == zipfile.ZIP_STORED and member.file_size == member.compress_size
        too_large = member.file_size > _LARGEST_MEMBERS.get(member.filename, _MOST_OTHER_BYTES)
        # Other members, which a later version of Keras may add, are not read.
        is_plain = _PLAIN_NAME.fullmatch(member.filename)
        if not is_plain or not stored or too_large or member.flag_bits & _ENCRYPTED:
            raise CheckpointError(
                _("“{path}” holds something that does not belong in a checkpoint.").format(path=path)
            )
    if archive.testzip() is not None:
        raise zipfile.BadZipFile


@dataclass(frozen=True)
class _About:
    """What `cadl/run.json` holds besides the manifest.

    Attributes:
        uuid: identifier of the checkpoint.
        position: where in the run it was taken.
        sha256: SHA-256 of the file of weights.
        variables: path of each variable's array in that file, by the path of the variable.
        records: records of the history; None if the run folder holds them.
    """

    uuid: str
    position: Position
    sha256: str
    variables: dict[str, str]
    records: list[Any] | None

    @classmethod
    def from_json(cls, values: Any, path: Path) -> "_About":
        """Return what untrusted values say."""
        try:
            about = values["checkpoint"]
            epoch, step = about["position"]
            variables = {name: str(place) for name, place in about["variables"].items()}
            made = cls(
                validated_uuid(about["uuid"]),
                validated_position(epoch, step),
                str(about["sha256"]),
                variables,
                about.get("history"),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CheckpointError(
                _("“{path}” is damaged: it does not say where in the run it was taken.").format(path=path)
            ) from error
        if not isinstance(made.records, list | None):
            raise CheckpointError(
                _("“{path}” is damaged: its history does not fit together.").format(path=path)
            )
        return made


def _history_beside(path: Path, manifest: Manifest, position: Position) -> History:
    """Return the history up to `position` from the checkpoint's run folder; an empty one if there is none."""
    if layout.manifest_path(path.parent).is_file():
        with suppress(LostHistoryError):  # the checkpoint is what can still be opened
            run = read_run(path.parent)
            if run.uuid == manifest.uuid:
                return run.history.up_to(position)
    return History(manifest.steps_per_epoch)


def _places(model: "Network", weights: bytes) -> dict[str, str]:
    """Return the path of each variable's array in the file that Keras wrote; equal arrays may share one."""
    import h5py

    with h5py.File(io.BytesIO(weights), "r") as file:
        places = {_content(array): place for place, array in arrays_in(file).items()}
    return {name: places[_content(own.value.numpy())] for name, own in _variables(model).items()}


def _content(array: NDArray[Any]) -> tuple[Any, ...]:
    return array.shape, array.dtype, array.tobytes()


def _load_arrays(model: "Network", about: _About, archive: zipfile.ZipFile, path: Path) -> None:
    """Assign its array to each variable; one that only a later Keras's optimiser has stays as it is."""
    variables = _variables(model)
    most_bytes = sum(variable.value.numpy().nbytes + _BYTES_PER_VARIABLE for variable in variables.values())
    if archive.getinfo(_WEIGHTS).file_size > most_bytes:
        raise CheckpointError(_("“{path}” holds more weights than its network has.").format(path=path))
    with TemporaryDirectory() as folder:
        weights = Path(archive.extract(_WEIGHTS, folder))
        with weights.open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != about.sha256:
                raise CheckpointError(
                    _("“{path}” is damaged: its weights do not have their checksum.").format(path=path)
                )
        with open_plain(weights, reported_as=path) as file:
            found = arrays_in(file)
            arrays = {name: found[place] for name, place in about.variables.items()}
    if not model.variables_by_path.keys() <= arrays.keys() <= variables.keys():
        raise CheckpointError(_("“{path}” is damaged: its weights do not fit its network.").format(path=path))
    for name, array in arrays.items():
        variable = variables[name]
        if array.shape != tuple(variable.shape) or array.dtype != variable.dtype:
            raise CheckpointError(
                _("“{path}” is damaged: its weights do not fit its network.").format(path=path)
            )
        variable.assign(array)


def _variables(model: "Network") -> dict[str, Any]:
    """Return all variables of a network and of its optimiser, by paths without the network's own name."""
    of_optimizer = {own.path.replace(f"/{model.name}_", "/"): own for own in model.optimizer.variables}
    return {**model.variables_by_path, **of_optimizer}
