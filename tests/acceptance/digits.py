"""The ten digits as strokes through points of the unit square; (0, 0) is the upper left corner."""

import math

from PIL import Image, ImageDraw

from acceptance.accessibility import Node
from acceptance.pointer import Hand

Stroke = tuple[tuple[float, float], ...]


def _arc(middle: tuple[float, float], radii: tuple[float, float], start_deg: float, end_deg: float) -> Stroke:
    """Points of an arc; angles increase clockwise from the right."""
    angles = [math.radians(start_deg + i / 12 * (end_deg - start_deg)) for i in range(13)]
    return tuple((middle[0] + radii[0] * math.cos(a), middle[1] + radii[1] * math.sin(a)) for a in angles)


DIGITS: dict[int, tuple[Stroke, ...]] = {
    0: (_arc((0.5, 0.5), (0.17, 0.28), -90, 270),),
    1: (((0.52, 0.2), (0.48, 0.8)),),
    2: ((*_arc((0.5, 0.36), (0.17, 0.16), -170, 40), (0.34, 0.78), (0.7, 0.78)),),
    3: ((*_arc((0.47, 0.35), (0.17, 0.14), -150, 90), *_arc((0.47, 0.64), (0.2, 0.15), -90, 150)),),
    4: (((0.36, 0.22), (0.32, 0.54), (0.68, 0.54)), ((0.64, 0.2), (0.6, 0.82))),
    5: (((0.68, 0.22), (0.4, 0.22), (0.37, 0.46), *_arc((0.48, 0.62), (0.19, 0.17), -100, 140)),),
    6: (((0.6, 0.18), (0.42, 0.42), *_arc((0.5, 0.64), (0.16, 0.15), -180, 180)),),
    7: (((0.3, 0.24), (0.7, 0.24), (0.46, 0.8)),),
    8: ((*_arc((0.5, 0.34), (0.14, 0.14), 90, -270), *_arc((0.5, 0.65), (0.17, 0.17), -90, 270)),),
    9: ((*_arc((0.5, 0.36), (0.16, 0.16), 0, -360), (0.66, 0.36), (0.6, 0.82)),),
}


def draw(hand: Hand, canvas: Node, digit: int) -> None:
    """Draw a digit on the square canvas at the upper left corner of its widget."""
    x, y, width, height = canvas.box
    side = min(width, height)
    for stroke in DIGITS[digit]:
        hand.stroke([(x + side * across, y + side * down) for across, down in stroke])


def on_paper(digit: int, side_px: int = 300) -> Image.Image:
    """A digit as it might be scanned: dark ink on bright paper, (side_px, side_px, 3) uint8."""
    image = Image.new("RGB", (side_px, side_px), (250, 245, 230))
    pen = ImageDraw.Draw(image)
    for stroke in DIGITS[digit]:
        points = [(side_px * across, side_px * down) for across, down in stroke]
        pen.line(points, fill=(20, 30, 90), width=side_px // 14, joint="curve")
    return image
