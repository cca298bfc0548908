"""Settings of TensorFlow and Keras for this program, whatever the user has set for others."""

import os
from pathlib import Path


def own_library_settings(keras_folder: Path) -> None:
    """Set what TensorFlow and Keras read when they are imported; call this before.

    Otherwise Keras would write `~/.keras/keras.json`, or follow an existing one: another backend, half
    precision or channels first, with which none of this program's networks can be built. And TensorFlow would
    take all of a GPU's memory at once, so that no second program could use it.

    Args:
        keras_folder: folder for Keras's settings; the environment variable `KERAS_HOME` takes precedence.
    """
    os.environ.setdefault("KERAS_HOME", str(keras_folder))
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
