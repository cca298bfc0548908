"""Opens web pages in Chromium, which has to be installed, by the libraries of the extra `browser`."""

import asyncio
import shutil
from contextlib import asynccontextmanager

PHONE, DESKTOP = (390, 844), (1440, 900)

TOUCHES = {"Pressed": "touchStart", "Moved": "touchMove", "Released": "touchEnd"}
"""What Chromium calls of a finger what happens to the button of a mouse."""


@asynccontextmanager
async def opened(path, size=DESKTOP, before=None, **about):
    """A page in Chromium, which may request nothing but itself, and complain about nothing.

    Args:
        before: is awaited with the page before it is opened.
        about: what else its context is made with.
    """
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        width, height = size
        context = await browser.new_context(
            viewport={"width": width, "height": height}, offline=True, has_touch=size == PHONE, **about
        )
        page = await context.new_page()
        requests, complaints = [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        if before is not None:
            await before(page)
        await page.goto(path.as_uri())
        await page.locator("main").wait_for()
        yield page
        assert requests == [path.as_uri()]
        assert complaints == []
        await browser.close()


async def drag(page, canvas, places, pointer):
    """Press a pointer at the first of places (x, y, pressure), move it to the others at once, and lift it.

    Args:
        canvas: selector of the canvas; places are in units of its side.
        pointer: “mouse”, “pen” or “touch”.
    """
    box = await page.locator(canvas).bounding_box()
    touch, kinds = pointer == "touch", ("Pressed", *["Moved"] * (len(places) - 1), "Released")
    messages = []
    for kind, (x, y, pressure) in zip(kinds, [*places, places[-1]], strict=True):
        place = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        points = {"touchPoints": [] if kind == "Released" else [place]}
        about = {"pointerType": pointer, "force": pressure, "button": "left", "buttons": 1, "clickCount": 1}
        messages.append(
            {"type": TOUCHES[kind], **points} if touch else {"type": f"mouse{kind}", **about, **place}
        )
    session = await page.context.new_cdp_session(page)
    method = "Input.dispatchTouchEvent" if touch else "Input.dispatchMouseEvent"
    await asyncio.gather(*(session.send(method, message) for message in messages))
    await session.detach()
