"""Films; see `film_scan`."""

from contextlib import AbstractContextManager
from pathlib import Path

from cadl_gui.datasets.source import prepared_source
from cadl_gui.domain.dataset_source import DatasetScan
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.moving_images import MovingImages
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.words import _


def _scan(path: Path, options: PreparingOptions) -> DatasetScan:
    from cadl_gui.datasets.film_scan import scan_film

    return scan_film(path, options)


def _film_images(
    path: Path, options: PreparingOptions, image_shape: ImageShape
) -> AbstractContextManager[MovingImages]:
    from cadl_gui.datasets.film_images import film_images

    return film_images(path, options, image_shape)


def _recognises(path: Path) -> bool:
    return SOURCE.has_name_like(path) and not path.is_dir()


SOURCE = prepared_source(
    title=_("film"),
    help=_("The frames of a film: one every two seconds, or closer until there are 500."),
    patterns=(
        "*.mp4", "*.m4v", "*.mov", "*.mkv", "*.webm", "*.avi", "*.mpg", "*.mpeg", "*.ts", "*.m2ts", "*.wmv",
        "*.flv", "*.ogv", "*.3gp",
    ),
    recognises=_recognises,
    scan=_scan,
    film_images=_film_images,
    options=("size", "crop_factor", "grey", "limit", "every", "nth_frame"),
)  # fmt: skip
