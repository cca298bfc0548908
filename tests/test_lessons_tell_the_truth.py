"""The shipped lessons: complete, with steps that can be done, and with the figures of the shipped runs."""

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cadl_gui.datasets.load import load
from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.lesson import SUFFIX, read_lesson
from cadl_gui.domain.lesson_block import Facts
from cadl_gui.domain.position import Position
from cadl_gui.imaging.drawing.noise import corrupted
from cadl_gui.imaging.drawing.normalisation import normalise_drawing
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import resource_path, shipped_run
from cadl_gui.ui.window.lesson_names import names_beside

LESSONS = sorted(resource_path("lessons").glob(f"*{SUFFIX}"))
SHIPPED = Path(__file__).parents[1] / "resources" / "manual" / "results" / "shipped.json"
COMPETENCES = {
    "Engaging with AI 2": "Evaluate whether AI outputs should be accepted, revised, or rejected",
    "Creating with AI 5": "Explain how AI systems perform tasks using precise language that avoids "
    "anthropomorphism",
    "Designing AI 3": "Collect and curate data that could be used to train an AI model by considering "
    "relevance, representation, and potential impact",
    "Designing AI 4": "Evaluate AI systems using defined criteria, expected outcomes, and user feedback",
}
"""Those that lessons name, as the review draft of the OECD’s and the EC’s framework has them (May 2025)."""

N_TEST = 60_000
"""Images of MNIST before the test images."""

STATED = {
    1: ["70,000 in all", "28 × 28 = 784", "About 8 of 10 pixels are black", "about 140 of 255",
        "65 of the 784 pixels are black in every single image", "all 7,293 images of a 7"],
    2: ["About 12 times fewer", "was about 0.068", "Now it is about 0.013", "the loss is about 0.005",
        "reached a loss of about 0.033", "at epochs 1, 6 and 20.", "has about 576,000 weights",
        "Only about 25,000 weights", "half as large: about 0.0025", "4 × 4 × 16 = 256 numbers"],
    3: ["reads about 997 of 1,000", "About 65 of 100", "About 97 of 100"],
    4: ["about 51 % for a 9", "about 48 % for a 4", "the score of the 7: about 10.6",
        "For the 4 it is about 0.7", "for the 0 more than 10", "About 6 of 100 digits are right",
        "about 92 of 100 are right",
        "less than one better: about 92.5", "33 times, a 3 was read as a 5",
        "It has 7,850 numbers to adjust"],
    5: ["the 24 kernels of the first layer", "got 737 of them wrong", "has about 540,000 weights",
        "almost 70 times as many", "29 mistakes instead of 737", "192 small images, each only 4 × 4"],
    6: ["reads 98.5 % of the validation images", "it answers 9, with about 81 %", "says 4, with about 95 %",
        "It says 9, with about 89 %", "eight of them are 9s", "4 pixels change, and they close the top"],
}  # fmt: skip
"""What lessons state, by their numbers; each is computed by the test of its lesson."""


@cache
def lesson(number):
    path = LESSONS[number - 1]
    return read_lesson(path, names_beside(path))


@cache
def functions(run, epoch):
    return open_path(shipped_run(run), epoch)


@cache
def weights(run, epoch):
    return read_snapshot(shipped_run(run), Position(epoch)).weights


@cache
def mnist():
    data = load("mnist")
    return data.images[:].reshape(-1, 28, 28), data.labels


def drawn(name):
    path = resource_path("lessons") / f"{name}.json"
    drawing = Drawing.from_json(json.loads(path.read_text("utf-8")), is_ink=True)
    return normalise_drawing(drawing).centred.reshape(1, 28, 28, 1).astype(np.float32)


def answer(name, run, epoch):
    """Probabilities of a drawing, and the most probable class."""
    (probabilities,) = functions(run, epoch).ask("classify", drawn(name))
    return probabilities, int(probabilities.argmax())


def metrics(run, epoch):
    history = read_run(shipped_run(run)).history
    return next(each.metrics for each in history.epochs if each.epoch == epoch)


def n_parameters(run):
    """Numbers that training changes: without the mean image, and what batch normalisation has counted."""
    names = ("mean_subtraction", "moving_")
    last = read_run(shipped_run(run)).recorded[-1].epoch
    return sum(v.size for name, v in weights(run, last).items() if not any(part in name for part in names))


@pytest.mark.parametrize("number", range(1, 7))
def test_each_has_a_goal_notes_for_the_teacher_and_a_question_in_every_second_step(number):
    assert len(LESSONS) == 6
    it = lesson(number)
    assert LESSONS[number - 1].name.startswith(f"{number}-")
    assert it.goal.endswith(".")
    assert it.ages
    version, name, words = re.split(", |: ", it.competences, maxsplit=2)
    assert (version, words) == ("AILit (review draft 2025)", COMPETENCES[name])
    assert 5 <= it.minutes <= 10
    assert 5 <= len(it.steps) <= 10
    assert it.needs in {"", *(lesson(before).title for before in range(1, number))}
    assert all(step.prose and step.notes and step.show.tab and step.show.run for step in it.steps)
    assert sum(step.ask is not None for step in it.steps) >= len(it.steps) / 2


@pytest.mark.parametrize("number", range(1, 7))
def test_no_step_is_done_when_it_is_entered(number):
    for step in lesson(number).steps:
        members, show = dict(step.show.members), step.show
        numbers = {} if show.at is None else {"epoch": show.at.epoch}
        names = {"layer": {members.get("inspect.layer")}, "tab": {show.tab}}
        if show.drawing not in {"", "blank"}:
            names["drawn"] = {"?"}
        if step.check:
            assert not all(each.holds(Facts(numbers, names)) for each in step.check), step.title
        assert ("answered" in {each.word for each in step.check}) <= (step.ask is not None)


@pytest.mark.parametrize(("number", "words"), [(n, words) for n, all_ in STATED.items() for words in all_])
def test_each_lesson_states_what_is_computed_here(number, words):
    """A figure that is changed in a lesson has to be changed here, too, and then fails if it is wrong."""
    text = re.sub(r"[\s>*]+", " ", LESSONS[number - 1].read_text("utf-8"))
    assert words in text


def test_what_lesson_1_says_of_the_images():
    images, labels = mnist()
    assert images.shape == (70_000, 28, 28)
    assert (images == 0).mean() == pytest.approx(0.8, abs=0.02)
    assert images.mean(0).max() == pytest.approx(140, abs=1)
    assert (images.max(0) == 0).sum() == 65
    assert (labels == 7).sum() == 7_293
    assert (labels[0], labels[2]) == (5, 4)


def test_what_lesson_2_says_of_the_autoencoders():
    losses = [metrics("autoencoder", epoch)["val_loss"] for epoch in (0, 1, 20)]
    assert losses == pytest.approx([0.068, 0.013, 0.005], abs=5e-4)
    kept = [at for at in read_run(shipped_run("autoencoder")).recorded if at > Position(0, 100)]
    assert kept == [Position(1), Position(6), Position(20)]
    assert metrics("conv-autoencoder", 10)["val_loss"] == pytest.approx(0.0025, abs=5e-5)
    assert 784 / weights("autoencoder", 20)["encoder_4/linear/kernel"].shape[1] == pytest.approx(12, abs=0.3)
    assert n_parameters("autoencoder") == pytest.approx(576_000, abs=500)
    assert n_parameters("conv-autoencoder") == pytest.approx(25_000, abs=500)
    assert weights("conv-autoencoder", 10)["encoder_3/linear/kernel"].shape == (4, 4, 32, 16)


@pytest.mark.slow
def test_what_lesson_3_says_of_broken_digits():
    images, labels = mnist()
    chance = np.random.default_rng(0)
    clean = images[N_TEST : N_TEST + 300, ..., None].astype(np.float32) / 255
    broken = np.stack([corrupted(image, "masking", 0.5, chance) for image in clean])
    repaired = functions("denoising-autoencoder", 20).ask("reconstruct", broken).clip(0, 1)
    for seen, share, off in ((clean, 0.997, 0.004), (broken, 0.65, 0.04), (repaired, 0.97, 0.015)):
        right = functions("conv-classifier", 44).ask("classify", seen).argmax(1) == labels[N_TEST:][:300]
        assert right.mean() == pytest.approx(share, abs=off)


def test_what_lesson_3_says_of_the_plane():
    for z, least in (((0, 0), {8: 0.9}), ((-1, 0.5), {0: 0.9}), ((1.233, 0.317), {4: 0.3, 9: 0.3})):
        painted = functions("vae", 140).ask("decode", np.array([z], np.float32))
        (probabilities,) = functions("conv-classifier", 44).ask("classify", painted)
        assert all(probabilities[digit] > share for digit, share in least.items())


def test_what_lesson_4_says_of_softmax():
    leaning, first = answer("4-leaning", "softmax", 30)
    assert first == 9
    assert 100 * leaning[[9, 4]] == pytest.approx([51, 48], abs=0.7)
    assert -np.log(leaning[[4, 0]]) == pytest.approx([0.73, 10.7], abs=0.1)
    last = weights("softmax", 30)
    kernel, bias = last["logits/linear/kernel"], last["logits/linear/bias"]
    centred = (drawn("7")[0] - last["mean_subtraction/mean"]).ravel()
    assert centred @ kernel[:, 7] + bias[7] == pytest.approx(10.6, abs=0.1)
    assert kernel.size + bias.size == n_parameters("softmax") == 7_850
    middle = kernel[:, 0].reshape(28, 28)[11:17, 11:17]
    assert middle.mean() < -0.1  # ink there speaks against a 0
    shares = [100 * metrics("softmax", epoch)["val_accuracy"] for epoch in (0, 1, 30)]
    assert shares == pytest.approx([6, 92, 92.5], abs=0.5)
    confusion = np.array(read_snapshot(shipped_run("softmax"), Position(30)).artifacts.confusion)
    np.fill_diagonal(confusion, 0)
    assert (confusion.max(), np.unravel_index(confusion.argmax(), (10, 10))) == (33, (3, 5))


def test_what_lesson_5_says_of_kernels():
    last = weights("conv-classifier", 44)
    kernels = last["encoder_1/linear/kernel"]
    assert kernels.shape == (3, 3, 1, 24)
    assert last["encoder_6/linear/kernel"].shape[3] == 192
    for unit, is_upper in ((11, True), (14, False)):
        rows = kernels[:, :, 0, unit].mean(1)[:: 1 if is_upper else -1]
        assert rows[0] < 0 < rows[2] - 0.1, "ink below, and none above; or the other way round"
    assert n_parameters("conv-classifier") == pytest.approx(540_000, abs=500)
    assert n_parameters("conv-classifier") / n_parameters("softmax") == pytest.approx(69, abs=0.5)
    rows = json.loads(SHIPPED.read_text("utf-8"))["tables"]["shipped"]["rows"]
    tested = {name.strip("`"): cell["value"] if isinstance(cell, dict) else cell for name, _, _, cell in rows}
    for run, wrong in (("conv-classifier", 29), ("softmax", 737)):
        assert 10_000 * (1 - tested[run]) == pytest.approx(wrong, abs=0.5)


def test_what_lesson_6_says_of_the_leaning_4():
    assert metrics("conv-classifier", 1)["val_accuracy"] == pytest.approx(0.985, abs=5e-4)
    assert answer("4-open", "conv-classifier", 44)[0][4] > 0.999
    for name, epoch, digit, percent in (("leaning", 1, 9, 81), ("leaning", 44, 4, 95), ("closed", 44, 9, 89)):
        probabilities, first = answer(f"4-{name}", "conv-classifier", epoch)
        assert first == digit
        assert 100 * probabilities[digit] == pytest.approx(percent, abs=0.6)
    undecided, _ = answer("4-leaning", "conv-classifier", 9)
    assert undecided[[4, 9]] == pytest.approx([0.5, 0.5], abs=0.05)


def test_what_lesson_6_says_of_four_pixels_and_of_the_nearest_images():
    images, labels = mnist()
    fooled = drawn("4-open")
    fooled[0, 7, 12:16] = 1 - fooled[0, 7, 12:16]
    assert functions("conv-classifier", 44).ask("classify", fooled).argmax() == 9
    closed, train = drawn("4-closed")[0, ..., 0].ravel(), images[:54_000].reshape(-1, 784)
    far = np.concatenate([((part / 255 - closed) ** 2).sum(1) for part in np.split(train, 54)])
    assert (labels[:54_000][far.argsort()[:10]] == 9).sum() == 8
