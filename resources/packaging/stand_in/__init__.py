"""Stands in the packaged app for a module that is imported and never used: STAND_INS in cadl_gui.spec."""

from typing import Never


def __getattr__(name: str) -> Never:
    """Say why it is not there."""
    raise AttributeError(f"{__name__}.{name} was left out of the packaged app")
