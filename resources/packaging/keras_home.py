"""Runs before either program: Keras keeps its settings in the user's data folder, like everything else."""

import os

import platformdirs

from cadl_gui.core.home import ensure_home

ensure_home()
os.environ.setdefault("KERAS_HOME", str(platformdirs.user_data_path("cadl_gui", appauthor=False) / "keras"))
