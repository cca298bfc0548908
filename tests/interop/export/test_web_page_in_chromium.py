"""Web pages in Chromium, from a file and without a network: they say and show what the program does."""

import asyncio
import dataclasses

import numpy as np
import pytest
from in_chromium import DESKTOP, PHONE, drag, opened
from tools.skeleton import strokes_of
from web_pages import HOSTILE, numpy_answer, page_network, shipped

from cadl_gui.cli import main
from cadl_gui.datasets.load import load
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.requests import Classify, Decode, Reconstruct
from cadl_gui.imaging.drawing.normalisation import normalise_drawing
from cadl_gui.interop.export.web_page import web_page

pytestmark = [pytest.mark.browser, pytest.mark.tf]

EXTENT = np.array([[-3, 2.5], [-2, 3]], np.float32)

TEST_DIGITS = 60_000
"""Where MNIST's test digits begin."""

PIXELS = """(selector) => {
  const { data } = document.querySelector(selector).getContext("2d").getImageData(0, 0, 28, 28);
  return String.fromCharCode(...data.filter((_, i) => i % 4 === 0));
}"""
"""The image of a canvas, as `image_of` reads it."""

SHOWN = f"""() => {{
  const pixels = {PIXELS};
  return {{
    strokes,
    labels: [...document.querySelectorAll(".best")].map(({{ textContent }}) => textContent),
    seen: pixels("#seen"),
    reconstruction: pixels("#autoencoders canvas"),
  }};
}}"""
"""What the page shows of a drawing."""

PAINTED = """async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
}"""
"""Ends when the page has shown what follows from all events: answers at a frame, the plane at the next."""


def image_of(text):
    return np.frombuffer(text.encode("latin-1"), np.uint8).reshape(28, 28, 1) / np.float32(255)


def three_networks():
    networks = shipped("conv-classifier", "softmax", "vae")
    return [*networks[:2], dataclasses.replace(networks[2], extent=EXTENT)]


def written(tmp_path, *arguments):
    path = tmp_path / "page.html"
    path.write_text(web_page(*arguments), encoding="utf-8")
    return path


def are_answered(networks, images, shown):
    """Two classifiers and an autoencoder say of each image on the page what they say of it in the program."""
    for i, network in enumerate(networks[:2]):
        expected = numpy_answer(network, Classify("", None, images)).argmax(axis=1)
        assert [answer["labels"][i] for answer in shown] == [str(label) for label in expected]
    expected = numpy_answer(networks[2], Reconstruct("", None, images))
    reconstructions = np.stack([image_of(answer["reconstruction"]) for answer in shown])
    np.testing.assert_allclose(reconstructions, expected, atol=2 / 255)


def test_a_thousand_digits_are_answered_as_in_the_program(tmp_path):
    """They are all on the page, to be chosen one after the other."""
    networks = three_networks()
    digits = load("mnist").as_floats(np.arange(TEST_DIGITS, TEST_DIGITS + 1000))

    async def chosen():
        async with opened(written(tmp_path, networks, digits)) as page:
            return await page.evaluate(f"""async () => {{
              const answers = [];
              for (const button of document.querySelectorAll("#digits button")) {{
                button.click();
                await new Promise(requestAnimationFrame);
                answers.push(({SHOWN})());
              }}
              return answers;
            }}""")

    are_answered(networks, digits, asyncio.run(chosen()))


def drawings_of(digits, random):
    """Digits as strokes of a changing pressure, in any size at any place."""
    for image in digits:
        strokes = strokes_of(image[..., 0])
        low = np.concatenate(strokes).min(axis=0)
        extent = np.ptp(np.concatenate(strokes), axis=0)
        scale, place = random.uniform(0.15, 0.9) / extent.max(), 0.05 + 0.9 * random.random(2)
        corner = (1 - scale * extent) * place
        yield [
            np.column_stack([(stroke - low) * scale + corner, random.uniform(0.2, 1, len(stroke))])[::5]
            for stroke in strokes
        ]


@pytest.mark.parametrize(
    ("size", "pointer", "first", "n"),
    [(PHONE, "touch", 0, 70), (DESKTOP, "mouse", 70, 70), (DESKTOP, "pen", 140, 60)],
)
def test_drawings_are_seen_and_answered_as_in_the_program(tmp_path, rng, size, pointer, first, n):
    networks = three_networks()
    digits = load("mnist").as_floats(np.arange(TEST_DIGITS + first, TEST_DIGITS + first + n))
    drawings = list(drawings_of(digits, rng))

    async def drawn():
        answers = []
        async with opened(written(tmp_path, networks), size) as page:
            for strokes in drawings:
                for stroke in strokes:
                    await drag(page, "#canvas", stroke, pointer)
                await page.evaluate(PAINTED)
                answers.append(await page.evaluate(SHOWN))
                await page.locator("#clear").click()
        return answers

    shown, images = asyncio.run(drawn()), []
    for strokes, answer in zip(drawings, shown, strict=True):
        for sent, got in zip(strokes, answer["strokes"], strict=True):
            pressures = sent[:, 2:] if pointer == "pen" else np.ones((len(sent), 1))
            points = [list(point.values()) for point in got]
            np.testing.assert_allclose(points, np.hstack([sent[:, :2], pressures]), atol=1e-6)
        sent = [
            Stroke(tuple(Point(*point.values()) for point in stroke), 0.08) for stroke in answer["strokes"]
        ]
        images.append(normalise_drawing(Drawing(tuple(sent))).centred[..., np.newaxis])
        np.testing.assert_allclose(image_of(answer["seen"]), images[-1], atol=2 / 255)
    are_answered(networks, np.stack(images), shown)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A page as the command line writes it, with earlier epochs."""
    path = tmp_path_factory.mktemp("exported") / "page.html"
    assert main(["export", "conv-classifier", "vae", "softmax", "--format", "html", "-o", str(path)]) == 0
    return path


async def accessible(page):
    """No rule of axe is violated in what the page shows now."""
    from axe_playwright_python.async_playwright import Axe

    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_part_of_a_page_is_used_and_is_accessible(exported, size, scheme):
    async def walk():
        async with opened(exported, size, color_scheme=scheme) as page:
            await accessible(page)
            await drag(page, "#canvas", [(0.4, 0.2, 1), (0.45, 0.5, 1), (0.4, 0.8, 1)], "mouse")
            await page.locator(".best", has_text="1").first.wait_for()
            await page.get_by_label("Epoch").press("Home")
            await page.get_by_text("untrained", exact=True).nth(3).wait_for()
            await page.locator(".answer").first.get_by_text("At this epoch").wait_for()
            await page.get_by_label("Epoch").press("End")
            await page.get_by_role("button", name="Undo").click()
            await page.evaluate(PAINTED)
            assert await page.locator(".best").all_text_contents() == ["", ""]
            await page.get_by_label("Digit 4 of 10").click()
            await page.locator(".best", has_text="3").nth(1).wait_for()
            await page.get_by_label("Network").select_option("softmax")
            await page.get_by_role("button", name="Flip pixels").click()
            await page.get_by_text("changed.").wait_for()
            for details in await page.locator("details").all():
                await details.locator("summary").click()
                await details.get_by_label("Layer").wait_for()
            await page.get_by_label("The weights of logits").last.hover()
            await page.get_by_text("class").last.wait_for()
            await accessible(page)
            assert not await page.evaluate(IS_WIDE)

    asyncio.run(walk())


IS_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("pointer", ["touch", "mouse"])
def test_a_drag_over_the_plane_and_its_keys_decode_as_the_program_does(tmp_path, rng, pointer):
    networks = three_networks()
    places = [*rng.random((20, 2)), (0.0, 1.0), (0.5, 0.5), (0.6, 0.5)]

    async def dragged():
        images = []
        async with opened(written(tmp_path, networks[2:]), PHONE if pointer == "touch" else DESKTOP) as page:
            plane = page.get_by_role("application")
            await plane.scroll_into_view_if_needed()
            for place in places[:-1]:
                await drag(page, ".plane > canvas", [(0.3, 0.3, 1), (*place, 1)], pointer)
                await page.evaluate(PAINTED)
                images.append(await page.evaluate(PIXELS, ".plane .image"))
            await plane.press("Shift+ArrowRight")
            await page.evaluate(PAINTED)
            return [*images, await page.evaluate(PIXELS, ".plane .image")]

    (left, right), (bottom, top) = EXTENT
    latents = np.array([(left + x * (right - left), top + y * (bottom - top)) for x, y in places], np.float32)
    expected = numpy_answer(networks[2], Decode("", None, latents))
    images = np.stack([image_of(text) for text in asyncio.run(dragged())])
    np.testing.assert_allclose(images, expected, atol=2 / 255)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_names_are_text_and_leave_the_page_its_shape(tmp_path, size):
    classifier = RunConfig.of(preset="test", layers=(8,), use_bias=True, model="classifier")
    autoencoder = RunConfig.of(preset="test", layers=(8,), latent_dim=2)
    shape = (28, 28, 1)

    async def shown(name):
        networks = [
            page_network(classifier, shape, name, (name, "b", name)),
            dataclasses.replace(page_network(autoencoder, shape, name), extent=EXTENT),
        ]
        async with opened(written(tmp_path, networks), size) as page:
            await drag(page, "#canvas", [(0.4, 0.2, 1), (0.4, 0.8, 1)], "mouse")
            await page.evaluate(PAINTED)
            for details in await page.locator("summary").all():
                await details.click()
            assert not await page.evaluate(IS_WIDE)
            texts = await page.locator("h2 .name, .bars .name").all_text_contents()
            elements = await page.evaluate(
                "[...document.querySelectorAll('*')].map(({ tagName }) => tagName)"
            )
            height = await page.evaluate("document.documentElement.scrollHeight")
            return texts, elements, height

    _, elements, height = asyncio.run(shown("x" * 40))
    for name in HOSTILE:
        texts, same, other_height = asyncio.run(shown(name))
        assert texts == [name, name, "b", name, f"The plane of {name}", *[f"The weights of {name}"] * 2]
        assert same == elements
        assert other_height <= height + 200, "names take two lines at most"
