"""The functions of this package that the window calls, through the engine."""

from cadl_gui.datasets.load import preview
from cadl_gui.datasets.moving_images import open_moving_images
from cadl_gui.datasets.preparing.cache import find_prepared, prepared_datasets
from cadl_gui.domain.dataset_library import DatasetLibrary

LIBRARY = DatasetLibrary(
    preview=preview,
    find_prepared=find_prepared,
    prepared=prepared_datasets,
    open_moving_images=open_moving_images,
)
