"""Metadata of a configuration field: label, help, validation, and conversion from and to text."""

import dataclasses
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, cast

from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.system.words import _

FieldKind = Literal["int", "float", "bool", "choice", "sizes", "text"]

_WORDS = {
    "on": True,
    "true": True,
    "yes": True,
    "1": True,
    "off": False,
    "false": False,
    "no": False,
    "0": False,
}
"""Accepted spellings of a bool."""

_MAX_TEXT_LENGTH = 4096
"""Longest text, in characters; no operating system opens a longer path."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """Metadata of a field, besides its name and default.

    Attributes:
        kind: type of the value; `sizes` is a list of whole numbers such as `512, 256`.
        label: name in the interface, in sentence case.
        help: one-line description.
        minimum: smallest allowed value of a number (of every number, for `sizes`).
        maximum: largest allowed value.
        usual: smallest and largest value that make sense to try, or (); others are allowed, with a caution.
        unusual: a sentence for values beyond those, that says why and which are usual.
        unit: unit of the number, or "".
        zero: what 0 stands for, such as "all", or "" if it is a number like any other.
        choices: allowed values of a `choice`.
        advanced: whether the form shows the field under *More*.
        optional: whether a text may be empty.
        needs: condition under which the field has an effect: the name of a bool that must be on, or
            `name=value`, or `name=*end of the value`; "" if it always does. That field may have one, too.
        inherited: whether a branch takes this training field from its parent.
        offered: whether users see and set it in new runs; if not, it is for those that have it already.
    """

    kind: FieldKind
    label: str
    help: str
    minimum: float = -math.inf
    maximum: float = math.inf
    usual: tuple[float, ...] = ()
    unusual: str = ""
    unit: str = ""
    zero: str = ""
    choices: Collection[str] = ()
    advanced: bool = True
    optional: bool = False
    needs: str = ""
    inherited: bool = False
    offered: bool = True

    @property
    def caption(self) -> str:
        """The label, with what 0 stands for if that is special: “Limit (0: all)”."""
        return f"{_(self.label)} (0: {_(self.zero)})" if self.zero else _(self.label)

    def caution(self, text: str) -> str:
        """Return a caution for a number that is allowed but not usual; "" for any other text."""
        try:
            number = float(text)
        except ValueError:
            return ""
        if not self.usual or min(self.usual) <= number <= max(self.usual):
            return ""
        return f"{_('Very large.') if number > max(self.usual) else _('Very small.')} {_(self.unusual)}"

    def validate(self, name: str, value: Any) -> Any:
        """Validate a value and convert it to the field's type.

        Args:
            value: value to check; lists become tuples, and whole floats become ints where ints are required.

        Returns:
            The converted value.

        Raises:
            ConfigurationError: if the value has the wrong type or is out of range.
        """
        match self.kind:
            case "bool":
                if not isinstance(value, bool):
                    raise ConfigurationError(
                        name, _("{label} is either on or off.").format(label=_(self.label))
                    )
                return value
            case "choice":
                if value not in tuple(self.choices):
                    raise ConfigurationError(
                        name,
                        _("{label} is one of {choices}.").format(
                            label=_(self.label), choices=", ".join(self.choices)
                        ),
                    )
                return value
            case "text":
                return self._validated_text(name, value)
            case "sizes":
                if not isinstance(value, (list, tuple)) or len(value) > 32:
                    raise ConfigurationError(
                        name, _("{label} is a list of numbers, such as 512, 256.").format(label=_(self.label))
                    )
                return tuple(self._validated_number(name, number, whole=True) for number in value)
            case "int" | "float":
                return self._validated_number(name, value, whole=self.kind == "int")

    def parse(self, name: str, text: str) -> Any:
        """Parse and validate a value typed by the user.

        Raises:
            ConfigurationError: if the text cannot be parsed or the value is out of range.
        """
        text = text.strip()
        match self.kind:
            case "bool":
                return self.validate(name, _WORDS.get(text.lower(), text))
            case "sizes":
                parts = (part for part in text.split(",") if part.strip())
                return self.validate(name, [self._number(name, part, whole=True) for part in parts])
            case "int" | "float":
                return self.validate(name, self._number(name, text, whole=self.kind == "int"))
        return self.validate(name, text)

    def as_text(self, value: Any) -> str:
        """Format a value as the user would type it; the inverse of `parse`."""
        match self.kind:
            case "sizes":
                return ", ".join(str(number) for number in value)
            case "bool":
                return "on" if value else "off"
            case "float":
                return f"{value:.10g}"
        return str(value)

    def _number(self, name: str, text: str, *, whole: bool) -> float:
        try:
            return int(text) if whole else float(text)
        except ValueError:
            kind = _("a whole number") if whole else _("a number")
            fault = (
                _("“{text}” is not").format(text=text.strip()) if text.strip() else _("the field is empty")
            )
            raise ConfigurationError(
                name, _("{label} is {kind}; {fault}.").format(label=_(self.label), kind=kind, fault=fault)
            ) from None

    def _validated_text(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or not (value.strip() or self.optional):
            raise ConfigurationError(name, _("{label} must not be empty.").format(label=_(self.label)))
        if len(value) > _MAX_TEXT_LENGTH:
            raise ConfigurationError(
                name,
                _("{label} must not be longer than {max_text_length:,} characters.").format(
                    label=_(self.label), max_text_length=_MAX_TEXT_LENGTH
                ),
            )
        return value

    def _validated_number(self, name: str, value: Any, *, whole: bool) -> int | float:
        kind = _("a whole number") if whole else _("a number")
        # `math.isfinite` overflows on ints from files that are too large for a float.
        is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
        if isinstance(value, bool) or not is_number:
            raise ConfigurationError(name, _("{label} is {kind}.").format(label=_(self.label), kind=kind))
        if whole and value != int(value):
            raise ConfigurationError(
                name,
                _("{label} is a whole number; {value:g} is not.").format(label=_(self.label), value=value),
            )
        if not self.minimum <= value <= self.maximum:
            raise ConfigurationError(
                name,
                _("{label} lies between {minimum} and {maximum}.").format(
                    label=_(self.label), minimum=_plain(self.minimum), maximum=_plain(self.maximum)
                ),
            )
        return int(value) if whole else float(value)


def field(default: Any = dataclasses.MISSING, **about: Any) -> Any:
    """Declare a field of a dataclass; `about` are the attributes of `Field`."""
    return dataclasses.field(default=default, metadata={"about": Field(**about)})


def fields_of(owner: type) -> dict[str, Field]:
    """Metadata of the fields that a dataclass declares with `field`, by name, in order of declaration."""
    return {
        declared.name: cast("Field", declared.metadata["about"])
        for declared in dataclasses.fields(owner)
        if "about" in declared.metadata
    }


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) and abs(number) < 1e6 else f"{number:g}"
