"""Class names: which labels they belong to, and which names are valid in files."""

import pytest

from cadl_gui.domain.class_names import are_digits, are_other_classes, numbered, validated_class_name


def test_ten_numbers_are_the_digits_and_nothing_else_is():
    assert are_digits(numbered(10))
    assert not are_digits(numbered(9))
    assert not are_digits(("zero", *numbered(10)[1:]))


@pytest.mark.parametrize("name", ["cat", "Käse", "گربه‌ها", "👨‍👩‍👧", "traffic light"])
def test_names_of_any_script_are_taken(name):
    assert validated_class_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[31m", "x" * 101, "a\u2028b", "\ud800"])
def test_names_that_are_none_are_refused(name):
    with pytest.raises(ValueError, match="Expected a name of 1 to 100 characters"):
        validated_class_name(name)


def test_classes_are_others_where_the_same_label_has_two_names():
    assert are_other_classes(("cat", "dog"), ("dog", "cat"))
    assert not are_other_classes(("cat", "dog"), ("cat", "dog", "ship"))
    assert not are_other_classes(("cat", "dog"), numbered(2))
