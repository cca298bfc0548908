"""Image files in a folder or a `.zip` archive; see `image_file_scan`."""

from pathlib import Path

from cadl_gui.datasets.source import prepared_source
from cadl_gui.domain.dataset_source import DatasetScan
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.domain.run_name import is_run_folder
from cadl_gui.system.words import _


def _scan(path: Path, options: PreparingOptions) -> DatasetScan:
    from cadl_gui.datasets.image_file_scan import scan_image_files

    return scan_image_files(path, options)


def _recognises(path: Path) -> bool:
    if path.is_dir():
        return not is_run_folder(path)
    return SOURCE.has_name_like(path)


SOURCE = prepared_source(
    title=_("image"),
    help=_(
        "A folder of image files, or a ZIP archive of one; sub-folders are classes, or train, validation "
        "and test."
    ),
    patterns=("*.zip",),
    takes_folders=True,
    recognises=_recognises,
    scan=_scan,
    options=("size", "crop_factor", "grey", "limit", "background"),
)
