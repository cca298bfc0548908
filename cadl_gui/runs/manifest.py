"""What a run is: the part that `run.json` of a run folder and `cadl/run.json` of a checkpoint share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from cadl_gui.domain.class_names import numbered, validated_class_name
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CheckpointError, ConfigurationError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RANDOMNESS, RunDescription
from cadl_gui.runs.migrations import RUN, require_known, run_from_version_1
from cadl_gui.system import bounded_json
from cadl_gui.system.file_limits import LARGEST_SIDE, MOST_CHANNELS, MOST_EPOCH, MOST_LABELS, MOST_STEP
from cadl_gui.system.versions import program_versions


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, eq=False, kw_only=True)
class Manifest:
    """What a run is, besides its weights and its history.

    Attributes:
        name: what people call it.
        config: what it is made from.
        image_shape: (height, width, channels) of one image.
        steps_per_epoch: batches of one epoch.
        dataset_name: what people call its dataset.
        dataset_fingerprint: `ImageStore.fingerprint`, or `UNKNOWN_DATASET`.
        class_names: what its labels mean, by their numbers; () where its images have none.
        is_ink_on_black: whether its images are like drawings: grey, with a black margin.
        branched_from: where the run went its own way, such as “vae, epoch 3”; "" if it began untrained.
        created: when, in UTC, as ISO 8601.
        randomness: see `RunDescription`.
        versions: of the program, and of the libraries that trained it last, by name.
    """

    name: str
    config: RunConfig
    image_shape: ImageShape
    steps_per_epoch: int
    dataset_name: str
    dataset_fingerprint: str
    class_names: tuple[str, ...] = ()
    is_ink_on_black: bool = False
    branched_from: str = ""
    created: str = field(default_factory=_now)
    randomness: int = RANDOMNESS
    versions: Mapping[str, str] = field(default_factory=program_versions)

    @property
    def n_classes(self) -> int:
        """How many classes there are; 0 where the images have no labels."""
        return len(self.class_names)

    @classmethod
    def of(cls, description: RunDescription) -> Self:
        """The manifest of a run that is open in the program."""
        return cls(
            name=description.name,
            config=description.config,
            image_shape=description.image_shape,
            steps_per_epoch=description.steps_per_epoch,
            dataset_name=description.dataset_name,
            dataset_fingerprint=description.dataset_fingerprint,
            class_names=description.class_names,
            is_ink_on_black=description.is_ink_on_black,
            branched_from=description.branched_from,
            randomness=description.randomness,
        )


def manifest_to_json(manifest: Manifest) -> dict[str, Any]:
    """Plain values for a file."""
    return {
        "format": RUN,
        "name": manifest.name,
        "created": manifest.created,
        "configuration": manifest.config.to_flat_json(),
        "picture_shape": list(manifest.image_shape),
        "steps_per_epoch": manifest.steps_per_epoch,
        "dataset": {
            "name": manifest.dataset_name,
            "fingerprint": manifest.dataset_fingerprint,
            "n_labels": manifest.n_classes,
            "class_names": list(manifest.class_names),
            "is_ink_on_black": manifest.is_ink_on_black,
        },
        "branched_from": manifest.branched_from,
        "randomness": manifest.randomness,
        "versions": dict(manifest.versions),
    }


def manifest_from_json(values: Any, path: Path) -> Manifest:
    """Read back what `manifest_to_json` wrote.

    Args:
        values: what a JSON file held, not trusted; members that are not of the manifest are ignored.
        path: of the file, for the sentence.

    Raises:
        CheckpointError: if they are not a manifest of this format.
    """
    try:
        if require_known(values["format"], RUN, path) == 1:
            values = run_from_version_1(values)
        height, width, channels = _image_shape(values["picture_shape"], path)
        return Manifest(
            name=_text(values["name"]),
            config=RunConfig.from_json(values["configuration"]),
            image_shape=(height, width, channels),
            steps_per_epoch=_whole(values["steps_per_epoch"], largest=2**31 - 1),
            dataset_name=_text(values["dataset"]["name"]),
            dataset_fingerprint=_text(values["dataset"]["fingerprint"]),
            class_names=_class_names(values["dataset"], path),
            is_ink_on_black=_flag(values["dataset"].get("is_ink_on_black", channels == 1)),
            branched_from=_text(values.get("branched_from", "")),
            created=_text(values["created"]),
            randomness=_whole(values["randomness"], largest=RANDOMNESS),
            versions={_text(name): _text(version) for name, version in values["versions"].items()},
        )
    except ConfigurationError as error:
        raise CheckpointError(f"“{path}” describes no network that can be built: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(f"“{path}” is damaged: it does not say what the run is.") from error


def parse_json(data: bytes, path: Path, complaint: str = "it does not say what the run is") -> Any:
    """Parse JSON that is not trusted.

    Args:
        data: the text.
        path: of the file that it is from, for the sentence.
        complaint: what the sentence says if it is no JSON.

    Raises:
        CheckpointError: if it is none, or holds far too many values.
    """
    try:
        return bounded_json.parse(data)
    except bounded_json.TooManyValuesError as error:
        raise CheckpointError(f"“{path}” is too large to be read: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"“{path}” is damaged: {complaint}.") from error


def validated_position(epoch: Any, step: Any) -> Position:
    """A place in a run that a file names.

    Raises:
        ValueError: if there is no such place in any run.
    """
    return Position(
        _whole(epoch, smallest=0, largest=MOST_EPOCH), _whole(step, smallest=0, largest=MOST_STEP)
    )


def _image_shape(value: Any, path: Path) -> ImageShape:
    height, width, channels = (_whole(side, largest=2**31 - 1) for side in value)
    if max(height, width) > LARGEST_SIDE or channels > MOST_CHANNELS:
        raise CheckpointError(
            f"“{path}” is for images of {height}×{width}×{channels}: at most {LARGEST_SIDE}×{LARGEST_SIDE} "
            f"pixels of {MOST_CHANNELS} channels are opened."
        )
    return height, width, channels


def _class_names(dataset: Any, path: Path) -> tuple[str, ...]:
    """Runs of earlier versions only say how many classes there are: their numbers stand for them."""
    n = _whole(dataset.get("n_labels", 0), smallest=0, largest=2**31 - 1)
    if n > MOST_LABELS:
        raise CheckpointError(f"“{path}” tells {n:,} labels apart: at most {MOST_LABELS:,} are opened.")
    names = dataset.get("class_names")
    if names is None:
        return numbered(n)
    if not isinstance(names, list) or len(names) != n:
        raise ValueError(f"Expected the names of {n} classes. Received: {names!r:.100}")
    return tuple(validated_class_name(_text(name)) for name in names)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"Expected true or false. Received: {value!r:.100}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 4096:
        raise ValueError(f"Expected a short text. Received: {value!r:.100}")
    return value


def _whole(value: Any, *, largest: int, smallest: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not smallest <= value <= largest:
        raise ValueError(f"Expected a whole number from {smallest} to {largest}. Received: {value!r:.100}")
    return value
