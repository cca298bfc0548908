"""Description of a dataset, and of one of its images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.dataset_answers import PARTS
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.images import ImageShape
from cadl_gui.system.words import _


@dataclass(frozen=True, eq=False)
class DatasetDescription:
    """A dataset, split as a run splits it.

    Attributes:
        name: display name.
        image_shape: (height, width, channels).
        class_names: class names by label; () without labels.
        labels: (n,) int64, read-only, or None without labels.
        parts: index in `PARTS` of each image, (n,) uint8, read-only.
        file_names: file name of each image, or () if they have none.
        is_ink_on_black: whether the images resemble bright drawings: they have a black margin.
        is_film: whether they are frames of a film.
        can_be_prepared: whether the dataset can be prepared with another size.
    """

    name: str
    image_shape: ImageShape
    class_names: tuple[str, ...]
    labels: NDArray[np.int64] | None
    parts: NDArray[np.uint8]
    file_names: tuple[str, ...] = ()
    is_ink_on_black: bool = False
    is_film: bool = False
    can_be_prepared: bool = False

    @property
    def n(self) -> int:
        """Number of images."""
        return len(self.parts)

    @property
    def part_counts(self) -> tuple[int, int, int]:
        """Number of images of each part, in the order of `PARTS`."""
        training, validation, test = np.bincount(self.parts, minlength=len(PARTS)).tolist()
        return training, validation, test

    def label_of(self, number: int) -> int | None:
        """Return the label of an image, or None without labels."""
        return None if self.labels is None else int(self.labels[number])

    def text_of(self, number: int) -> str:
        """Describe an image: “image 7 · label 3 · cat · cats/7.png · test”."""
        label = self.label_of(number)
        words = [_("image {number:,}").format(number=number)]
        if label is not None:
            name = self.class_names[label]
            words.append(
                _("label {label}").format(label=label)
                if name == str(label)
                else _("label {label} · {name}").format(label=label, name=name)
            )
        if self.file_names:
            words.append(self.file_names[number])
        return " · ".join([*words, PARTS[self.parts[number]]])

    def __str__(self) -> str:
        """Format for display: “MNIST · 70,000 images of 28×28 · 10 classes”."""
        height, width, channels = self.image_shape
        colour = {1: "", 3: _(" in colour")}.get(
            channels, _(" with {channels} channels").format(channels=channels)
        )
        n_classes = len(self.class_names)
        classes = count_text(n_classes, "class", "classes") if n_classes else _("no labels")
        return _("{name} · {images} of {height}×{width}{colour} · {classes}").format(
            name=self.name,
            images=count_text(self.n, "image"),
            height=height,
            width=width,
            colour=colour,
            classes=classes,
        )

    @property
    def split(self) -> str:
        """How many images each part of the split has: “54,000 training, 6,000 validation, 10,000 test”."""
        return ", ".join(f"{count:,} {part}" for count, part in zip(self.part_counts, PARTS, strict=True))


@dataclass(frozen=True, eq=False)
class DatasetImage:
    """One image of a dataset.

    Attributes:
        image: (height, width, channels) uint8, read-only.
        number: its index in the dataset.
        label: its label, or None without labels.
        file_name: its file name, or "".
        part: its part; see `PARTS`.
    """

    image: NDArray[np.uint8]
    number: int
    label: int | None
    file_name: str
    part: str
