"""The glossary: a sentence for each word that a class may not know, in the manual and where it is shown."""

import re
from functools import cache

from cadl_gui.system.resources import resource_path

_ENTRY = re.compile(r"- \*\*(?P<word>.+?)\*\*: (?P<sentence>.+)")


@cache
def glossary() -> dict[str, str]:
    """Return the sentence that explains each word, by word."""
    text = resource_path("manual/glossary.md").read_text(encoding="utf-8")
    return {entry["word"]: entry["sentence"] for entry in _ENTRY.finditer(text)}


def explained(tip: str, shown: str) -> str:
    """Return a tip with a line for each word of the glossary that is in a text that is shown."""
    words = dict.fromkeys(_by_lower()[word.lower()] for word in _any_word().findall(shown))
    lines = [f"{word[0].upper()}{word[1:]}: {glossary()[word]}" for word in words]
    return "\n".join([tip, *lines] if tip else lines)


@cache
def _by_lower() -> dict[str, str]:
    return {word.lower(): word for word in glossary()}


@cache
def _any_word() -> re.Pattern[str]:
    words = sorted(glossary(), key=len, reverse=True)  # “weight decay” before “weight”
    return re.compile(rf"\b({'|'.join(map(re.escape, words))})(?:e?s)?\b", re.IGNORECASE)
