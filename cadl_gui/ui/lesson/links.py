"""The names of controls in the text of a lesson, as links with the words and keys that controls have now."""

import re
from collections.abc import Callable

from cadl_gui.domain.lesson import LINK

_MARKDOWN_LINK = re.compile(rf"\]\({LINK.pattern}\)")


def first_link(*texts: str) -> str:
    """Return the first name of a control in texts, as in “action:eraser”; "" if none has one."""
    found = (LINK.search(text) for text in texts)
    return next((match[0] for match in found if match), "")


def with_links(text: str, words: Callable[[str], str]) -> str:
    """Return Markdown in which “action:eraser” is a link with the words of the action.

    Args:
        text: Markdown.
        words: returns the words for a name.
    """
    linked = [match.span() for match in _MARKDOWN_LINK.finditer(text)]  # they have words of their own

    def link(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in linked):
            return match[0]
        return f"[{words(match['name'])}]({match[0]})"

    return LINK.sub(link, text)
