"""Text of a lesson as HTML that needs no other file, and in which nothing is executed."""

import base64
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from cadl_gui.domain.formula import formula_svg
from cadl_gui.ui.lesson.formulas import RISE, TO_TEXT, as_images, formula_of, on_line
from cadl_gui.ui.lesson.links import with_links

_TYPE_PX, _FINE = 15, 4
"""Size of the type, and how many dots each pixel of a formula has, so that it is sharp on paper."""
_IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_MOST_IMAGE_BYTES = 4 * 2**20


class HtmlProse(RendererHTML):
    """Renders Markdown without HTML of its own; links to controls become their words.

    Args:
        words: returns the words for the name of a control.
        folder: where the lesson lies.
        files: names of the images that may be put in, all in that folder.
        formula: attributes of the images of formulas, which a page places in their line; "" places them.
    """

    def __init__(
        self,
        words: Callable[[str], str],
        folder: Path,
        files: Iterable[str],
        formula: str = "",
    ) -> None:
        super().__init__()
        self._words, self._folder, self._files, self._formula = words, folder, frozenset(files), formula
        self._markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=lambda _: self)

    def html(self, text: str) -> str:
        """Return the HTML of a text."""
        return str(self._markdown.render(as_images(with_links(text, self._words))))

    def line(self, text: str) -> str:
        """Return the HTML of a text that is no paragraph."""
        return str(self._markdown.renderInline(as_images(with_links(text, self._words))))

    def link_open(self, *_: object) -> str:
        """Return what begins a link: nothing can be clicked here, so what it says is bold."""
        return "<b>"

    def link_close(self, *_: object) -> str:
        """Return what ends a link."""
        return "</b>"

    def image(self, tokens: Sequence[Token], idx: int, *_: object) -> str:
        """Return an image with its file inside; only its words where it is none of the files."""
        name, text = str(tokens[idx].attrGet("src")), tokens[idx].content
        if latex := formula_of(name):
            place = self._formula
            if place:
                svg, size = formula_svg(latex, TO_TEXT * _TYPE_PX * _FINE)
            else:
                svg, size, below = on_line(latex, _TYPE_PX * _FINE)
                # Browsers centre it where the middle of an “x” is, and Qt in the line, but knows no “top”.
                top = RISE * _TYPE_PX + (below - size[1] / 2) / _FINE
                place = f'style="vertical-align: middle; position: relative; top: {top:.1f}px"'
            width, height = (round(side / _FINE) for side in size)
            shown = f'width="{width}" height="{height}" {place}'
            return html_image("image/svg+xml", svg.encode(), latex, shown)
        kind = _IMAGES.get(Path(name).suffix.lower())
        path = self._folder / name
        if kind is None or name not in self._files or path.stat().st_size > _MOST_IMAGE_BYTES:
            return escape(text)
        return html_image(kind, path.read_bytes(), text)


def html_image(kind: str, data: bytes, text: str, *attributes: str) -> str:
    """Return the element of an image that is inside.

    Args:
        kind: its MIME type.
        text: what can be seen on it.
        attributes: others of the element.
    """
    encoded = base64.b64encode(data).decode("ascii")
    return " ".join([f'<img src="data:{kind};base64,{encoded}" alt="{escape(text)}"', *attributes]) + ">"
