"""What a dataset can be, as form, dialogs, command line and help speak of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.images import ImageShape


@dataclass(frozen=True)
class Preview:
    """What a source found, before anything but headers and labels was read.

    Attributes:
        n: how many images there are.
        image_shape: (height, width, channels).
        class_names: by label; () without labels.
        n_test: how many of them are the official test part.
        guesses: what was not said and had to be guessed, in sentences.
    """

    n: int
    image_shape: ImageShape
    class_names: tuple[str, ...]
    n_test: int = 0
    guesses: tuple[str, ...] = ()

    def __str__(self) -> str:
        """For people: “60,000 images of 32×32 in colour, 10 classes”."""
        height, width, channels = self.image_shape
        colour = {1: "", 3: " in colour"}.get(channels, f" with {channels} channels")
        classes = (
            count_text(len(self.class_names), "class", "classes") if self.class_names else "without labels"
        )
        return f"{count_text(self.n, 'image')} of {height}×{width}{colour}, {classes}"


@dataclass(frozen=True, kw_only=True)
class DatasetSource:
    """One kind of dataset.

    Attributes:
        title: what people call its files, such as "IDX".
        help: in one line, what is opened.
        name: what a configuration calls it, if it is one dataset that ships; "" if it is found by a path.
        patterns: of the names of its files, in lower case, as the shell writes them: "*.npz".
        takes_folders: whether it can be a folder.
        recognises: whether it opens the file or folder at a path, by its name and its first bytes.
        preview: says what is there; raises a `DatasetError` if it is no such dataset, or damaged.
    """

    title: str
    help: str
    name: str = ""
    patterns: tuple[str, ...] = ()
    takes_folders: bool = False
    recognises: Callable[[Path], bool]
    preview: Callable[[Path], Preview]

    @property
    def file_filter(self) -> str:
        """Of a file dialog: "IDX files (*-ubyte *.idx)"."""
        return f"{self.title} files ({' '.join(self.patterns)})"

    def has_name_like(self, path: Path) -> bool:
        """Whether the path has a name as this source's files have it; the file is not looked at."""
        return any(fnmatchcase(path.name.lower(), pattern) for pattern in self.patterns)


def dataset_help(sources: Iterable[DatasetSource]) -> str:
    """What a dataset can be, for a sentence: "mnist, or the path of IDX, .npz or .h5 files"."""
    sources = tuple(sources)
    names = [source.name for source in sources if source.name]
    titles = [source.title for source in sources if not source.name]
    return f"{', '.join(names)}, or the path of {', '.join(titles)} files"
