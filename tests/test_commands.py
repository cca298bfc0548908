"""Every command in `benchmarks`, `campaigns` and `tools` still runs: each with the least that it can do."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
RUNS = TESTS.parent / "resources" / "pretrained"

LEAST = {
    "benchmarks/by_turns.py": "lecture-softmax --rounds 1 --seconds 1",
    "benchmarks/drawing_latency.py": f"{RUNS}/conv-classifier --presets lecture-softmax --seconds 0.2",
    "benchmarks/film_on_machines.py": "lecture-autoencoder --size 8 --batch-size 8 --steps 1 --rounds 1",
    "benchmarks/frames.py": "--trains lecture-softmax --rounds 1 --settles 0.05",
    "benchmarks/from_file.py": "--n 20000 --preset lecture-softmax --seconds 0.1 --rounds 1",
    "benchmarks/inspecting.py": "--seconds 0.02",
    "benchmarks/kernel_rates.py": "--preset lecture-softmax",
    "benchmarks/latent_drag.py": f"{RUNS}/vae --seconds 0.2",
    "benchmarks/latent_epochs.py": f"{RUNS}/vae --changes 1",
    "benchmarks/latent_plane.py": "",
    "benchmarks/learning.py": "--preset lecture-softmax --epochs 1",
    "benchmarks/lesson_steps.py": "--rounds 1 --lesson 1-what-the-computer-sees",
    "benchmarks/montage.py": "--images 50 --side 8 --frames 3",
    "benchmarks/preparing.py": "--n 8 --rounds 1",
    "benchmarks/responsiveness.py": "--help",
    "benchmarks/scrubbing.py": "--preset lecture-softmax --epochs 2 --tab Train",
    "benchmarks/several_workers.py": "lecture-softmax --workers 1 2 --steps 2",
    "benchmarks/start_up.py": "--runs 1",
    "benchmarks/theme_switch.py": "--tab Train --switches 2",
    "benchmarks/training_speed.py": "--preset lecture-softmax --seconds 0.1 --rounds 1",
    "benchmarks/web_page.py": "--help",
    "campaigns/hostile_files.py": "--n 1 --kind picture",
    "tools/contact_sheet.py": "sheets --sizes 1024x768 --tabs Draw --only many",
    "tools/drawing_corpus.py": "--digits 1 --hands 1",
    "tools/drawing_thresholds.py": "--digits 400",
    "tools/moving_picture.py": "out.webp --step 0.5",
    "tools/package_size.py": "--help",
    "tools/pretrained.py": "--help",
    "tools/remake.py": "--help",
    "tools/results.py": "",
    "tools/scan_corpus.py": "--hands 1",
}
"""The arguments of each. Five only print their help: `package_size.py` measures a packaged app, which no test
has, `responsiveness.py` first trains two epochs of each kind of network, which takes minutes, `web_page.py`
needs Chromium, and `pretrained.py` and `remake.py` have tests of their own."""

ELSEWHERE = {
    "campaigns/kill_campaign.py": "tests/runs/test_kill_campaign.py",
    "campaigns/mutation.py": "tests/test_mutation.py",
    "campaigns/other_browsers.py": ".ci/browsers",
    "campaigns/random_events.py": ".ci/run",
}
"""Commands that have a test of their own, or a script of `.ci`."""


def test_every_command_is_tried():
    """A command is a file that has a `main`; the trainers' process is started by `training_speed.py`."""
    paths = [path for name in ("benchmarks", "campaigns", "tools") for path in (TESTS / name).glob("*.py")]
    commands = {
        path.relative_to(TESTS).as_posix() for path in paths if "\ndef main(" in path.read_text("utf-8")
    }
    assert commands - {"benchmarks/trainer_process.py"} == LEAST.keys() | ELSEWHERE.keys()
    for name, file in ELSEWHERE.items():
        assert Path(name).stem in (TESTS.parent / file).read_text("utf-8")


@pytest.mark.slow
@pytest.mark.tf
@pytest.mark.skipif(sys.platform != "linux", reason="they measure by Linux's means")
@pytest.mark.parametrize("name", LEAST)
def test_a_command_ends_well(name, tmp_path):
    if "corpus" in name:
        pytest.importorskip("HersheyFonts", reason="it is installed with the extra `test`")
    done = subprocess.run(
        [sys.executable, TESTS / name, *LEAST[name].split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout or any(tmp_path.iterdir()), "it said nothing and made nothing"
