"""An image of a dataset, which other tabs than Data name by its number."""

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.dataset_requests import DatasetRef, DescribeDataset, FetchImage
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.drawing.ink import to_float


async def image_of(engine: Engine, dataset: str, number: int) -> NDArray[np.float32]:
    """Fetch an image, (height, width, channels) in [0, 1], of a dataset, opened as a run has it."""
    view, runs = engine.view, (engine.view.run, *engine.runs)
    configs = (*(run.description.config for run in runs if run), view.value.next.dataset_config)
    refs = (DatasetRef.of(config) for config in configs if config and config.data.dataset == dataset)
    ref = next(refs, DatasetRef(DataConfig(dataset=dataset), 0))
    await DescribeDataset(ref, dataset in engine.opened_datasets)
    found, _ = await FetchImage(ref, number)
    return to_float(found.image)
