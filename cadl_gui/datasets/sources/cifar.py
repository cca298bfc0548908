"""CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html); see `cifar_scan`."""

from pathlib import Path

from cadl_gui.datasets.source import prepared_source
from cadl_gui.domain.dataset_source import DatasetScan
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.words import _


def _scan(path: Path, options: PreparingOptions) -> DatasetScan:
    from cadl_gui.datasets.cifar_scan import scan_cifar

    return scan_cifar(path, options)


def _recognises(path: Path) -> bool:
    from cadl_gui.datasets.cifar_scan import folder_of_batches, holds_batches

    try:
        if not path.is_dir():
            return holds_batches(path)
        return folder_of_batches(path) is not None
    except OSError:  # the folder may not be entered
        return False
    except DatasetError:  # scanning an archive reports what is wrong with it
        return SOURCE.has_name_like(path)


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
