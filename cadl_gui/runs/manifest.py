"""The description of a run that `run.json` in a run folder and `cadl/run.json` in a checkpoint share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cadl_gui.domain.class_names import validated_class_name
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CheckpointError, ConfigurationError
from cadl_gui.domain.file_format import FORMAT, require_format
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunInfo
from cadl_gui.system.bounded_json import flag, parse, whole_number
from cadl_gui.system.file_limits import LARGEST_SIDE, MOST_CHANNELS, MOST_EPOCH, MOST_LABELS, MOST_STEP
from cadl_gui.system.versions import program_versions
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, eq=False, kw_only=True)
class Manifest(RunInfo):
    """Description of a run in its files.

    Attributes:
        created: time of creation in UTC, as ISO 8601.
        versions: versions of the program and of the libraries that last trained the run, by name.
    """

    created: str = field(default_factory=_now)
    versions: Mapping[str, str] = field(default_factory=program_versions)


def manifest_to_json(manifest: Manifest) -> dict[str, Any]:
    """Convert a manifest to values that can be written as JSON."""
    return {
        "format": FORMAT,
        "uuid": manifest.uuid,
        "name": manifest.name,
        "created": manifest.created,
        "configuration": manifest.config.to_json(),
        "image_shape": list(manifest.image_shape),
        "steps_per_epoch": manifest.steps_per_epoch,
        "dataset": {
            "name": manifest.dataset_name,
            "fingerprint": manifest.dataset_fingerprint,
            "class_names": list(manifest.class_names),
            "is_ink_on_black": manifest.is_ink_on_black,
            "shows_others": manifest.shows_others,
        },
        "branched_from": manifest.branched_from,
        "precision_reason": manifest.precision_reason,
        "versions": dict(manifest.versions),
    }


def manifest_from_json(values: Any, path: Path) -> Manifest:
    """Convert the values that `manifest_to_json` returned to a manifest.

    Args:
        values: untrusted content of a JSON file; members that do not belong to the manifest are ignored.

    Raises:
        CheckpointError: if the values are not a manifest, or have a later format.
    """
    try:
        require_format(values["format"], f"“{path}”", CheckpointError)
        height, width, channels = _image_shape(values["image_shape"], path)
        return Manifest(
            uuid=validated_uuid(values["uuid"]),
            name=_text(values["name"]),
            config=RunConfig.from_json(values["configuration"]),
            image_shape=(height, width, channels),
            steps_per_epoch=whole_number(values["steps_per_epoch"], 1, 2**31 - 1),
            dataset_name=_text(values["dataset"]["name"]),
            dataset_fingerprint=_text(values["dataset"]["fingerprint"]),
            class_names=_class_names(values["dataset"]["class_names"], path),
            is_ink_on_black=flag(values["dataset"]["is_ink_on_black"]),
            shows_others=flag(values["dataset"]["shows_others"]),
            branched_from=_text(values["branched_from"]),
            precision_reason=_text(values.get("precision_reason", "")),
            created=_text(values["created"]),
            versions={_text(name): _text(version) for name, version in values["versions"].items()},
        )
    except ConfigurationError as error:
        raise CheckpointError(
            _("“{path}” describes no network that can be built: {error}").format(path=path, error=error)
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(
            _("“{path}” is damaged: it does not say what the run is.").format(path=path)
        ) from error


def parse_json(data: bytes, path: Path, complaint: str = _("it does not say what the run is")) -> Any:
    """Parse untrusted JSON.

    Args:
        complaint: reason that the error message states if `data` is not valid JSON.

    Raises:
        CheckpointError: if `data` is not valid JSON, or holds far too many values.
    """
    says = _("is damaged: {complaint}").format(complaint=complaint)
    with telling(path, CheckpointError, (ValueError, RecursionError), says):
        return parse(data)


def validated_position(epoch: Any, step: Any) -> Position:
    """Return the position that a file states.

    Raises:
        ValueError: if epoch or step is not an integer, or is outside the range possible for any run.
    """
    return Position(whole_number(epoch, 0, MOST_EPOCH), whole_number(step, 0, MOST_STEP))


def _image_shape(value: Any, path: Path) -> ImageShape:
    height, width, channels = (whole_number(side, 1, 2**31 - 1) for side in value)
    if max(height, width) > LARGEST_SIDE or channels > MOST_CHANNELS:
        raise CheckpointError(
            _(
                "“{path}” is for images of {height}×{width}×{channels}: "
                "at most {largest_side}×{largest_side} pixels of {most_channels} channels are opened."
            ).format(
                path=path,
                height=height,
                width=width,
                channels=channels,
                largest_side=LARGEST_SIDE,
                most_channels=MOST_CHANNELS,
            )
        )
    return height, width, channels


def _class_names(names: Any, path: Path) -> tuple[str, ...]:
    if not isinstance(names, list):
        raise TypeError(f"Expected a list of names. Received: {names!r:.100}")
    if len(names) > MOST_LABELS:
        raise CheckpointError(
            _("“{path}” distinguishes {n:,} classes; at most {most_labels:,} are supported.").format(
                path=path, n=len(names), most_labels=MOST_LABELS
            )
        )
    return tuple(validated_class_name(_text(name)) for name in names)


def validated_uuid(value: Any) -> str:
    """Return the identifier of a run or checkpoint that a file states.

    Raises:
        ValueError: if it is not a UUID as `new_uuid` writes it.
    """
    if str(UUID(_text(value))) != value:
        raise ValueError(f"Expected a UUID. Received: {value!r:.100}")
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 4096:
        raise ValueError(f"Expected a short text. Received: {value!r:.100}")
    return value
