"""What users read, in their language: a catalogue of GNU gettext has texts by their English.

The language is that of the environment when the program starts (`LANGUAGE`, `LC_ALL`, `LC_MESSAGES`, `LANG`).
Without a catalogue for it, texts are shown as they stand in the code. Catalogues are in `resources/words/`;
`TEXTDOMAINDIR`, as for gettext's own commands, names another folder, in which a translator tries one.

A text is marked where it stands, by `_`. Only those of tables, such as `ActionRow`, are not: what shows them
translates them, and `tests/tools/words.py`, which collects all texts, knows these tables by their names.
Names of commands, options and fields are the same in all languages, and so is what `--json` names by a key.
What is for those who mend the program is English: logs, and what `cadl selftest` reports; so are pages for
others.
"""

import gettext
import os

from cadl_gui.system.resources import resource_path

_CATALOGUE = gettext.translation(
    "cadl_gui", os.environ.get("TEXTDOMAINDIR", resource_path("words")), fallback=True
)
ngettext = _CATALOGUE.ngettext
"""Translates a text about one thing, or the one about several: `ngettext("{n} run", "{n} runs", n)`."""


def _(text: str) -> str:
    """Return the translation of a text; for "" not the catalogue's header, which has this name."""
    return _CATALOGUE.gettext(text) if text else ""
