"""Measures a web page in Chromium: its size, how soon it answers, and the latencies of strokes and drags.

    python tests/benchmarks/web_page.py [RUN …] [--rates 1 4] [--seconds 5]

The page is exported, and opened from its file in the size of a phone, at each rate by which Chromium slows
down the page's thread. Measured five times: from opening it to the painted answer to a digit that is chosen
at once. Then a mouse draws, and drags over the plane, at 60 events a second: for each event, the time from
its arrival to the end of the frame with the bars or the image of its place. Last, the network that *Fool it*
offers first is fooled about three digits. Chromium paints without a GPU. Needs the extra `browser`.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Cell, Figures, within
from in_chromium import PHONE, opened

from cadl_gui.cli import main as cadl

MOST_MB, MOST_FIRST_MS, MOST_MS = 6, 2000, 50
"""The largest size, the latest first answer, and the largest 95th percentile, where nothing slows it down."""

FIRST_ANSWER = """async () => {
  document.querySelector("#digits button").click();
  while (!document.querySelector(".best").textContent) await new Promise(requestAnimationFrame);
  await new Promise((resolve) => setTimeout(resolve)); // after the frame
  return performance.now();
}"""

WATCH = """(selector) => {
  window.waited = [];
  document.querySelector(selector).addEventListener("pointermove", (event) => {
    const began = event.getCoalescedEvents().map(({ timeStamp }) => timeStamp);
    const ended = () => waited.push(...began.map((each) => performance.now() - each));
    requestAnimationFrame(() => setTimeout(ended));
  });
}"""
"""Notes the time from each event to the end of the frame that it has asked for."""


async def latencies_ms(page: Any, selector: str, seconds: float) -> np.ndarray:
    """Waiting times of the events of a drag in circles."""
    await page.evaluate(WATCH, selector)
    await page.locator(selector).scroll_into_view_if_needed()
    box = await page.locator(selector).bounding_box()
    session = await page.context.new_cdp_session(page)

    def send(kind: str, i: int) -> asyncio.Task[Any]:
        angle, radius = 0.11 * i, 0.3 + 0.1 * np.sin(0.013 * i)
        x = box["x"] + box["width"] * (0.5 + radius * np.cos(angle))
        y = box["y"] + box["height"] * (0.5 + radius * np.sin(angle))
        about = {"type": f"mouse{kind}", "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
        return asyncio.ensure_future(session.send("Input.dispatchMouseEvent", about))

    tasks = [send("Pressed", 0)]
    began = time.perf_counter()
    for i in range(1, int(60 * seconds)):
        await asyncio.sleep(max(0.0, began + i / 60 - time.perf_counter()))
        tasks.append(send("Moved", i))
    tasks.append(send("Released", i))
    await asyncio.gather(*tasks)
    await page.evaluate(
        "async () => { for (let i = 0; i < 9; i++) await new Promise(requestAnimationFrame); }"
    )
    return np.array(await page.evaluate("waited"))


async def fooled_s(page: Any) -> list[float]:
    """How long it takes to fool the network that is offered first, about three digits."""
    seconds = []
    for digit in (2, 4, 9):
        await page.get_by_label(f"Digit {digit} of 10").click()
        began = time.perf_counter()
        await page.get_by_role("button", name="Flip pixels").click()
        await page.get_by_text("changed.").wait_for(timeout=600_000)
        seconds.append(time.perf_counter() - began)
    return seconds


async def slowed(page: Any, rate: float) -> None:
    """Slow the page's thread down."""
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": rate})


async def measured(path: Path, rate: float, seconds: float) -> list[Cell]:
    """All figures of a page at a rate."""
    first = []
    for _ in range(5):
        async with opened(path, PHONE, before=lambda page: slowed(page, rate)) as page:
            first.append(await page.evaluate(FIRST_ANSWER))
    async with opened(path, PHONE, before=lambda page: slowed(page, rate)) as page:
        strokes = await latencies_ms(page, "#canvas", seconds)
        drags = await latencies_ms(page, ".plane > canvas", seconds)
        fooled = await fooled_s(page)
    limits = (MOST_FIRST_MS, MOST_MS) if rate == 1 else (None, None)
    cells: list[Cell] = [within(round(float(np.median(first))), limits[0])]
    for waited in (strokes, drags):
        half, most = np.percentile(waited, [50, 95])
        cells += [round(float(half), 1), within(round(float(most), 1), limits[1])]
    return [*cells, round(float(np.median(fooled)), 1)]


def main() -> None:
    """Export the page, and measure it at each rate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="*", default=["conv-classifier", "vae", "softmax"])
    parser.add_argument("--rates", type=float, nargs="+", default=[1.0, 4.0], help="how many times slower")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of one measurement")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    heads = "strokes: 50 %, ms", "95 %, ms", "drags: 50 %, ms", "95 %, ms", "fooled, s"
    with tempfile.TemporaryDirectory() as folder, Figures(arguments.json) as figures:
        path = Path(folder) / "page.html"
        if cadl(["export", *arguments.runs, "--format", "html", "-o", str(path)]):
            sys.exit("The page was not exported.")
        size = within(round(path.stat().st_size / 1e6, 2), MOST_MB)
        figures.begin("page", "slowed down", "size, MB", "first answer, ms", *heads)
        for rate in arguments.rates:
            row = asyncio.run(measured(path, rate, arguments.seconds))
            figures.row(f"{rate:g} times" if rate != 1 else "no", size, *row)


if __name__ == "__main__":
    main()
