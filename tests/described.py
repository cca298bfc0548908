"""Descriptions of runs for tests to which little but the network matters."""

from cadl_gui.domain.run import RunDescription


def described(run_id, config, image_shape, **about):
    """The description of an open run of four batches per epoch, whose dataset is not at hand."""
    usual = {
        "name": run_id, "steps_per_epoch": 4, "dataset_name": "Noise", "dataset_fingerprint": "f00d",
        "examples": None, "source": None,
    }  # fmt: skip
    return RunDescription(run_id=run_id, config=config, image_shape=image_shape, **usual | about)
