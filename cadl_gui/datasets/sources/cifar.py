"""CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html); see `cifar_scan`."""

from pathlib import Path

from cadl_gui.datasets.source import prepared_source
from cadl_gui.domain.dataset_source import DatasetScan
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.whole_file import require_file
from cadl_gui.system.words import _


def _scan(path: Path, options: PreparingOptions) -> DatasetScan:
    from cadl_gui.datasets.cifar_scan import scan_cifar

    return scan_cifar(path, options)


def _recognises(path: Path) -> bool:
    from cadl_gui.datasets.cifar_scan import folder_of_batches, holds_batches

    try:
        if path.is_dir():
            return folder_of_batches(path) is not None
        # Of a name like that, scanning tells what is wrong: to look first would take a hostile file twice.
        return SOURCE.has_name_like(path) or (_begins_as_archive(path) and holds_batches(path))
    except (OSError, DatasetError):  # the folder may not be entered, the file is another or damaged
        return False


def _begins_as_archive(path: Path) -> bool:
    require_file(path)
    with path.open("rb") as file:
        start = file.read(262)
    return start.startswith(b"\x1f\x8b") or start.endswith(b"ustar")


SOURCE = prepared_source(
    title="CIFAR-10",
    is_detail=True,
    help=_(
        "60,000 small photographs of ten classes: the binary or the Python version, as the archive that is "
        "published or as the folder in it."
    ),
    patterns=("*.tar.gz", "*.tgz", "*.tar"),
    takes_folders=True,
    recognises=_recognises,
    scan=_scan,
    options=("size", "crop_factor", "grey", "limit"),
)
