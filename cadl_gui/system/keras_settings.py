"""Keras's settings: the program has its own, whatever the user has set for other programs."""

import os
from pathlib import Path


def own_keras_settings(folder: Path) -> None:
    """Let Keras, which is not imported yet, keep its settings in a folder, and compute with TensorFlow.

    It would write `~/.keras/keras.json`, and follow one that is there: another backend, half precision or
    channels first, with which none of our networks can be built.

    Args:
        folder: for the settings; whoever says another place by `KERAS_HOME` is heard.
    """
    os.environ.setdefault("KERAS_HOME", str(folder))
    os.environ["KERAS_BACKEND"] = "tensorflow"
