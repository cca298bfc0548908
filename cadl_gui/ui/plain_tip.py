"""Texts of tooltips that are shown as they are."""

import html


def plain_tip(text: str) -> str:
    """Return a tooltip that shows a text as it is: of names from files, Qt would take some as rich text.

    That could even name an image on another computer, which Qt would fetch.
    """
    if "<" not in text and "&lt;" not in text:  # Qt takes either for rich text
        return text
    return f"<span>{html.escape(text)}</span>".replace("\n", "<br>")
