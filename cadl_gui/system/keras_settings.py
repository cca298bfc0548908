"""Keras settings of this program, independent of the user's settings for other programs."""

import os
from pathlib import Path


def own_keras_settings(folder: Path) -> None:
    """Make Keras store its settings in a folder and use TensorFlow; call this before importing Keras.

    Otherwise it would write `~/.keras/keras.json`, or follow an existing one: another backend, half precision
    or channels first, with which none of this program's networks can be built.

    Args:
        folder: folder for the settings; the environment variable `KERAS_HOME` takes precedence.
    """
    os.environ.setdefault("KERAS_HOME", str(folder))
    os.environ["KERAS_BACKEND"] = "tensorflow"
