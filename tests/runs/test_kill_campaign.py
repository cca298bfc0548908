"""A training that is killed loses at most the current epoch."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.tf, pytest.mark.slow]

CAMPAIGN = Path(__file__).parents[1] / "campaigns" / "kill_campaign.py"


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_run_that_is_killed_at_any_moment_resumes_exactly(tmp_path):
    """A small version of `tests/campaigns/kill_campaign.py`."""
    done = subprocess.run(
        [sys.executable, str(CAMPAIGN), "--kills", "3", "--losses", "4"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "never interrupted, every weight, bit for bit" in done.stdout
