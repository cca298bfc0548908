"""Web pages in Chromium, from a file and without a network: they say and show what the program does."""

import asyncio

import numpy as np
import pytest
from in_chromium import DESKTOP, PHONE, drag, opened
from web_pages import (
    CHOSEN,
    HOSTILE,
    IS_WIDE,
    NAMES,
    PAINTED,
    PIXELS,
    SHOWN,
    are_answered,
    are_decoded,
    drawing_of,
    drawings_of,
    image_of,
    mnist_digits,
    named,
    texts_of,
    three_networks,
    written,
)

from cadl_gui.cli import main
from cadl_gui.imaging.drawing.normalisation import normalise_drawing

pytestmark = [pytest.mark.browser, pytest.mark.tf]


def test_a_thousand_digits_are_answered_as_in_the_program(tmp_path):
    """They are all on the page, to be chosen one after the other."""
    networks = three_networks()
    digits = mnist_digits(1000)

    async def chosen():
        async with opened(written(tmp_path, networks, digits)) as page:
            return await page.evaluate(CHOSEN)

    are_answered(networks, digits, asyncio.run(chosen()))


@pytest.mark.parametrize(
    ("size", "pointer", "first", "n"),
    [(PHONE, "touch", 0, 70), (DESKTOP, "mouse", 70, 70), (DESKTOP, "pen", 140, 60)],
)
def test_drawings_are_seen_and_answered_as_in_the_program(tmp_path, rng, size, pointer, first, n):
    networks = three_networks()
    digits = mnist_digits(n, first)
    drawings = list(drawings_of(digits, rng))

    async def drawn():
        answers = []
        async with opened(written(tmp_path, networks), size) as page:
            for strokes in drawings:
                for stroke in strokes:
                    await drag(page, "#canvas", stroke, pointer)
                await page.evaluate(PAINTED)
                answers.append(await page.evaluate(f"() => ({{ strokes, ...({SHOWN})() }})"))
                await page.locator("#clear").click()
        return answers

    shown, images = asyncio.run(drawn()), []
    for strokes, answer in zip(drawings, shown, strict=True):
        for sent, got in zip(strokes, answer["strokes"], strict=True):
            pressures = sent[:, 2:] if pointer == "pen" else np.ones((len(sent), 1))
            points = [list(point.values()) for point in got]
            np.testing.assert_allclose(points, np.hstack([sent[:, :2], pressures]), atol=1e-6)
        drawing = drawing_of([[point.values() for point in stroke] for stroke in answer["strokes"]])
        images.append(normalise_drawing(drawing).centred[..., np.newaxis])
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

    are_decoded(networks[2], places, asyncio.run(dragged()))


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_names_are_text_and_leave_the_page_its_shape(tmp_path, size):
    async def shown(name):
        async with opened(written(tmp_path, named(name)), size) as page:
            await drag(page, "#canvas", [(0.4, 0.2, 1), (0.4, 0.8, 1)], "mouse")
            await page.evaluate(PAINTED)
            for details in await page.locator("summary").all():
                await details.click()
            assert not await page.evaluate(IS_WIDE)
            texts, elements = await page.evaluate(NAMES)
            height = await page.evaluate("document.documentElement.scrollHeight")
            return texts, elements, height

    _, elements, height = asyncio.run(shown("x" * 40))
    for name in HOSTILE:
        texts, same, other_height = asyncio.run(shown(name))
        assert texts == texts_of(name)
        assert same == elements
        assert other_height <= height + 200, "names take two lines at most"


@pytest.mark.parametrize("size", [PHONE, (1280, 800)], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_lesson_is_played_forwards_and_back(tmp_path, size, scheme):
    path, name = tmp_path / "page.html", "6-why-a-4-for-a-9"
    networks = ["conv-classifier", "vae", "softmax"]
    assert main(["export", *networks, "--format", "html", "--lesson", name, "-o", str(path)]) == 0
    assert "Teacher:" not in path.read_text(encoding="utf-8")
    answers = ["4", "9", "4", "9", "9", "", "4", "4"]

    async def walk():
        async with opened(path, size, color_scheme=scheme) as page:

            def button(name):
                return page.get_by_role("button", name=name, exact=True)

            for i, way in [*((i, "Next") for i in range(7)), *((i, "Back") for i in range(7, -1, -1))]:
                await page.get_by_text(f"Step {i + 1} of 8").wait_for()
                await page.evaluate(PAINTED)
                shown = await page.locator(".best").all_text_contents()
                assert shown[0] == answers[i]
                assert await page.locator(".answer:visible").count() == 1, "of the step's network alone"
                assert await page.locator(".step:visible").count() == 1
                assert (await page.locator("#at").text_content() == "epoch 1") == (i == 1)
                if i == 7:
                    assert await page.locator("#fool select").last.evaluate("({value}) => value") == "9"
                    assert await page.locator("#fool").evaluate("(e) => e.getBoundingClientRect().top") < 400
                await button(way).press("Enter")
            await button("a 4").click()
            await page.get_by_text("Not quite: a 9.").wait_for()
            await button("a 9").click()
            await page.get_by_text("Right: a 9.").wait_for()
            await button("Hint").click()
            await page.get_by_text("the difference between a 4 and a 9").wait_for()
            await accessible(page)
            assert not await page.evaluate(IS_WIDE)
            for _ in range(6):
                await button("Next").click()
            await page.get_by_role("textbox", name="Your answer").fill("many")
            await button("Answer").click()
            await page.get_by_text("A number, please.").wait_for()
            await page.get_by_role("textbox", name="Your answer").fill("about 4")
            await button("Answer").click()
            await page.get_by_text("Kept until you close this page.").wait_for()
            for said, has_tried, verdict in (
                ("9", False, "Not quite. Try once more."),
                ("9", True, "Not quite: about 4."),
                ("4,5", True, "Right: about 4."),
                ("about 5 pixels", False, "Right: about 4."),
                ("5 or 6", False, "A number, please."),
            ):
                asked = {"is_number": True, "number": 4, "tolerance": 2, "choices": [], "solution": "about 4"}
                assert (
                    await page.evaluate("(given) => verdictOn(...given)", [asked, said, has_tried]) == verdict
                )
            await accessible(page)

    asyncio.run(walk())
