"""Web pages: what is in the file, what it may do, and that its scripts compute what the networks do."""

import base64
import dataclasses
import hashlib
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from page_script import PageScript, data_block
from web_pages import HOSTILE, drawing_of, mnist_digits, numpy_answer, page_network, random_strokes, shipped

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.lesson import Lesson, Step
from cadl_gui.domain.lesson_block import Question
from cadl_gui.domain.model_config import ACTIVATIONS
from cadl_gui.domain.requests import Classify, Decode, Encode, Reconstruct
from cadl_gui.imaging.drawing.flip_search import MOST_FLIPS, FlipSearch
from cadl_gui.imaging.drawing.normalisation import normalise_drawing
from cadl_gui.imaging.weights.colour_map import usual_colour_map
from cadl_gui.imaging.weights.layer_image import layer_image
from cadl_gui.imaging.weights.layer_weights import layer_weights
from cadl_gui.interop.export.web_page import web_page, weights_in
from cadl_gui.system.resources import resource_path
from cadl_gui.ui.lesson.page_texts import page_lesson

pytestmark = pytest.mark.tf

SHAPE = (13, 10, 3)
AUTOENCODER = RunConfig.of(preset="test", layers=(8, 5), use_bias=True)
CONVOLUTIONAL = AUTOENCODER.replace(
    convolutional=True, layers=(4, 3), kernel_sizes=(4, 3), strides=(2, 1), n_hidden=6
)
CLASSIFIER = CONVOLUTIONAL.replace(model="classifier")


class Elements(HTMLParser):
    """The elements of a page, and the text in them."""

    def __init__(self, page):
        super().__init__()
        self.opened, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.opened.append((tag, dict(attributes)))
        self.texts.append("")

    def handle_data(self, data):
        if self.rawdata and self.cdata_elem:
            self.texts[-1] += data


def test_a_page_may_run_and_style_with_what_it_was_written_with_and_nothing_else():
    elements = Elements(web_page([page_network(AUTOENCODER)]))
    (policy,) = (about["content"] for tag, about in elements.opened if "http-equiv" in about)
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    of = {
        tag: text
        for (tag, about), text in zip(elements.opened, elements.texts, strict=True)
        if tag == "style" or (tag == "script" and "id" not in about)
    }
    hashes = {
        tag: f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for tag, text in of.items()
    }
    assert allowed == {
        "default-src": "'none'", "script-src": hashes["script"], "style-src": hashes["style"],
        "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip
    names = {name for _, about in elements.opened for name in about}
    assert not names & {"src", "href", "style", "onload", "onclick"}
    assert "innerHTML" not in of["script"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_ends_the_block_that_it_is_in_and_each_is_read_as_it_is(name):
    harmless = Elements(web_page([page_network(CLASSIFIER)]))
    network = page_network(CLASSIFIER, name=name, classes=(name, "b", name))
    page = web_page([network])
    assert Elements(page).opened == harmless.opened
    (about,) = json.loads(data_block(page, "model"))["networks"]
    assert (about["name"], about["classNames"]) == (name, [name, "b", name])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_lesson_is_an_element_and_what_the_teacher_reads_is_left_out(tmp_path, text):
    def page(text):
        asked = Question(text, (text, "b"), text)
        step = Step(1, text, text, f"For the teacher: {text}", ask=asked, hint=text)
        lesson = page_lesson(Lesson(text, language=text, steps=(step,)), tmp_path, str)
        return web_page([page_network(CLASSIFIER)], lesson=lesson)

    tags = [[tag for tag, _ in Elements(each).opened] for each in (page(text), page("harmless"))]
    assert tags[0] == tags[1]
    (step,) = json.loads(data_block(page(text), "steps"))["steps"]
    assert step["question"]["choices"] == [text, "b"]
    assert "For the teacher" not in page(text)


def test_the_scripts_do_not_end_the_block_that_they_are_in():
    for path in resource_path("web").iterdir():
        if path.suffix in {".js", ".css"}:
            assert not re.search(r"</(script|style)|<!--", path.read_text(encoding="utf-8"), re.IGNORECASE)


@pytest.mark.parametrize(
    "config",
    [
        AUTOENCODER.replace(tied=True),
        AUTOENCODER.replace(variational=True, latent_dim=2, output_activation="sigmoid"),
        AUTOENCODER.replace(batch_normalisation=True, use_bias=False),
        CONVOLUTIONAL.replace(tied=True, latent_dim=2),
        CONVOLUTIONAL.replace(
            variational=True, likelihood="gaussian", latent_dim=2, kernel_sizes=(3, 2), strides=(3, 2)
        ),
        CONVOLUTIONAL.replace(batch_normalisation=True),
        CLASSIFIER,
        CLASSIFIER.replace(batch_normalisation=True, strides=(1, 2)),
        *(AUTOENCODER.replace(activation=name) for name in ACTIVATIONS),
    ],
    ids=lambda config: config.display_name if hasattr(config, "display_name") else None,
)
def test_the_script_computes_what_the_network_does(config):
    network = page_network(config)
    page = web_page([network])
    (weights,) = weights_in(page, [network])
    script = PageScript(page)
    images = np.random.default_rng(4).random((3, *SHAPE), np.float32)
    if config.model.is_classifier:
        asked = {"classify": Classify("", None, images)}
    else:
        latents = numpy_answer(network, Encode("", None, images), weights)
        asked = {
            "reconstruct": Reconstruct("", None, images),
            "encode": Encode("", None, images),
            "decode": Decode("", None, latents),
        }
    for name, request in asked.items():
        expected = numpy_answer(network, request, weights)
        answers = script.ask(0, name, latents if name == "decode" else images)
        np.testing.assert_allclose(answers.reshape(expected.shape), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "config",
    [
        AUTOENCODER.replace(preset="lecture-autoencoder", layers=(25, 5)),
        AUTOENCODER.replace(layers=(17, 26), tied=True),
        CONVOLUTIONAL.replace(layers=(2, 19, 3, 24), kernel_sizes=(4, 3, 2, 3), strides=(2, 1, 1, 1)),
        CONVOLUTIONAL.replace(tied=False, layers=(5, 3)),
        CLASSIFIER,
    ],
    ids=["dense", "tied", "narrow", "convolutional", "classifier"],
)
def test_the_weights_are_painted_as_in_inspect(config):
    network = page_network(config, shape=(13, 10, 1))
    page = web_page([network])
    (weights,) = weights_in(page, [network])
    script, spec = PageScript(page), network.description.spec
    shown = layer_weights(spec, weights)
    for is_dark in (False, True):
        colours = usual_colour_map(config.preset, is_dark=is_dark)
        for layer in (*spec.encoder, *spec.decoder):
            expected = layer_image(shown[layer.name], "layer", ()).pixels(colours, (1, 2, 3))
            pixels = script.montage(0, layer.name, colours)
            is_gap = (expected == (1, 2, 3)).all(axis=-1)
            np.testing.assert_array_equal(pixels[..., 3], np.where(is_gap, 0, 255))
            np.testing.assert_array_equal(pixels[~is_gap, :3], expected[~is_gap])


def test_fool_it_flips_the_pixels_that_it_flips_in_the_window():
    """Few and many of them, so that all pixels are tried again after short rounds."""
    networks = shipped("softmax")
    page = web_page(networks)
    (weights,) = weights_in(page, networks)
    script, n_flips = PageScript(page), []

    def answers(images):
        return numpy_answer(networks[0], Classify("", None, images), weights)

    for image in mnist_digits(4):
        ranking = np.argsort(-answers(image[np.newaxis])[0])
        for target in ranking[[1, -1]].tolist():
            search, is_fooled, expected = FlipSearch(image, frozenset(), target), False, []
            while not is_fooled and len(expected) < MOST_FLIPS:
                before = search.flips
                is_fooled = search.flip(np.concatenate([answers(images) for images in search.images()]))
                expected += search.flips - before
            assert script.flips(0, image, target) == (expected, is_fooled)
            n_flips.append(len(expected))
        assert script.flips(0, image, int(ranking[0]))[1], "its own class, at once"
    assert min(n_flips) < 5
    assert max(n_flips) > 10


@pytest.mark.parametrize(
    "config",
    [
        CLASSIFIER.replace(strides=(1, 2), batch_normalisation=True),
        CLASSIFIER.replace(layers=(4, 3, 5), kernel_sizes=(5, 3, 2), strides=(2, 3, 1)),
        AUTOENCODER.replace(model="classifier"),
    ],
    ids=["two layers", "three layers", "dense"],
)
def test_what_one_pixel_changes_is_computed_as_all_is(config):
    """Two images, so that what is kept of the first is not taken for the second."""
    script = PageScript(web_page([page_network(config)]))
    for image in np.random.default_rng(4).random((2, *SHAPE), np.float32):
        assert max(script.nearest(0, image)) == 0


def test_several_networks_on_a_page_keep_apart():
    networks = [page_network(AUTOENCODER), page_network(CLASSIFIER), page_network(CONVOLUTIONAL)]
    page = web_page(networks)
    script, images = PageScript(page), np.random.default_rng(4).random((1, *SHAPE), np.float32)
    for i, (network, weights) in enumerate(zip(networks, weights_in(page, networks), strict=True)):
        is_classifier = network.description.config.model.is_classifier
        request = (Classify if is_classifier else Reconstruct)("", None, images)
        answers = script.ask(i, "classify" if is_classifier else "reconstruct", images)
        expected = numpy_answer(network, request, weights)
        np.testing.assert_allclose(answers.reshape(expected.shape), expected, rtol=1e-4, atol=1e-5)


def digits_are_read_alike(n_digits):
    networks = shipped("conv-classifier", "softmax", "vae")
    networks[2] = dataclasses.replace(networks[2], extent=np.array([[-3, 3], [-3, 3]], np.float32))
    page = web_page(networks)
    assert len(page) <= 6_000_000
    script = PageScript(page)
    images = mnist_digits(n_digits)
    for i, network in enumerate(networks[:2]):
        expected = numpy_answer(network, Classify("", None, images))
        answers = script.ask(i, "classify", images)
        np.testing.assert_array_equal(answers.argmax(axis=1), expected.argmax(axis=1))
        np.testing.assert_allclose(answers, expected, atol=0.02)
    latents = numpy_answer(networks[2], Encode("", None, images))
    np.testing.assert_allclose(script.ask(2, "encode", images), latents, atol=1e-3)
    for name, inputs, request in (("decode", latents, Decode), ("reconstruct", images, Reconstruct)):
        expected = numpy_answer(networks[2], request("", None, inputs))
        answers = script.ask(2, name, inputs)
        np.testing.assert_allclose(answers.reshape(expected.shape), expected, atol=2 / 255)


def test_a_page_of_three_shipped_networks_is_small_and_reads_digits_as_they_do():
    digits_are_read_alike(60)


@pytest.mark.slow
def test_a_page_reads_a_thousand_digits_as_its_networks_do():
    digits_are_read_alike(1_000)


def test_a_pointer_draws_alone_from_where_it_is_pressed_until_it_is_lifted_or_lost():
    def at(x, y, pointer=1, **others):
        return {"pointerId": pointer, "clientX": x, "clientY": y, **others}

    pen = {"pointerType": "pen", "pressure": 0.25}
    assert PageScript().drag(
        ("pointermove", at(120, 20)),
        ("pointerdown", at(120, 20, button=2)),
        ("pointerdown", at(150, 35)),
        ("pointerdown", at(300, 110, 2)),
        ("pointermove", at(300, 110, 2)),
        ("lostpointercapture", at(300, 110, 2)),
        ("pointermove", at(200, 20)),
        ("lostpointercapture", at(200, 20)),
        ("pointermove", at(120, 20)),
        ("pointerdown", at(300, 10, 2, **pen)),
    ) == [("down", 0.25, 0.25, 1), ("move", 0.5, 0.1, 1), ("down", 1, 0, 0.25)]


def test_the_page_sees_drawings_as_the_window_does():
    script, random = PageScript(), np.random.default_rng(3)
    differences = []
    half = [[0.2, 0.1, 1.0], [0.2, 0.73, 1.0], [0.49, 0.73, 1.0]]  # fitted, its ink would be 10.5 pixels wide
    for strokes in [[half], *(random_strokes(random) for _ in range(60))]:
        expected = normalise_drawing(drawing_of(strokes))
        seen = script.see(strokes)
        assert (seen is None) == expected.is_empty
        if seen is not None:
            differences.append(np.abs(seen - expected.centred).max())
    assert len(differences) > 50
    assert max(differences) <= 2 / 255
    assert script.see([]) is None
