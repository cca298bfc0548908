"""The lecture's argument for one-hot labels, told about one label."""

_LONGEST_NAME = 24
_SPACE, _JOINER = "\N{NO-BREAK SPACE}", "\N{WORD JOINER}"


def why_one_hot(label: int, class_names: tuple[str, ...]) -> str:
    """Say what a mistake would cost if labels were numbers, and that all cost the same if they are one-hot.

    The mistakes are the class whose number is farthest from the label's, and a neighbour.

    Args:
        label: The label of an image.
        class_names: Class names by label.
    """
    n = len(class_names)
    if n == 1:
        return "There is only one class, so there is nothing to mistake it for."
    if n == 2:
        return (
            f"As numbers, the two classes differ by {_difference(1 - label, label)}. "
            "From three classes on, some would be farther apart than others; one-hot, none are."
        )
    far, near = (n - 1, label + 1) if label < n / 2 else (0, label - 1)
    if far == near:  # the middle one of three
        return (
            "As numbers, this label is 1 away from both other classes, but those are "
            f"{_difference(2, 0)} apart. One-hot, all three are equally far apart."
        )
    name, far_name, near_name = (_quoted(number, class_names) for number in (label, far, near))
    return (
        f"As numbers, reading {name} as {far_name} would be {_difference(far, label)} wrong, "
        f"as {near_name} only {_difference(near, label)}. One-hot, either is wrong in two cells: "
        "no mistake counts more than another."
    )


def _difference(first: int, second: int) -> str:
    """Return "|9 − 4| = 5", which is not broken into lines."""
    text = f"|{first} − {second}| = {abs(first - second)}"
    return text.replace(" ", _SPACE).replace("|", f"|{_JOINER}")


def _quoted(label: int, class_names: tuple[str, ...]) -> str:
    name = class_names[label]
    if name == str(label):
        return name
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME - 1].rstrip()}…"
    return f"“{name}”"
