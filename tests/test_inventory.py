"""Commands, presets, fields, exports, actions and objectNames do not change unnoticed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.gui
def test_the_program_offers_what_the_inventory_says():
    """In a separate process, so that other tests have no effect."""
    reported = subprocess.run(
        [sys.executable, Path(__file__).with_name("inventory")],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert reported.returncode == 0, reported.stdout + reported.stderr
