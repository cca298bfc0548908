"""Image formats are recognised by what stands at the right place, whatever follows."""

import pytest

from cadl_gui.domain.image_formats import format_of, has_too_many_scans
from cadl_gui.system.file_limits import MOST_SCANS

SIZE = b"\x00\x01\x02\x03"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\x89PNG\n", None),
        (b"\xff\xd8\xff\xe1", "JPEG"),
        (b"GIF87a", "GIF"),
        (b"GIF88a", None),
        (b"BM", "BMP"),
        (b"RIFF" + SIZE + b"WEBP", "WEBP"),
        (b"RIFF" + SIZE + b"WAVE", None),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"MM*\0", None),
        (b"P6", "PPM"),
        (b"P3", None),
        (SIZE + b"ftypavif", "AVIF"),
        (SIZE + b"ftypheic", "HEIC"),
        (SIZE + b"ftypmp42", None),
        (SIZE + b"moovheic", None),
        (b"ftypheic", None),
    ],
)
def test_formats_are_told_apart_by_their_first_bytes(head, name):
    assert format_of(head + b"end of the head"[: 16 - len(head)]) == name


def test_scans_of_a_jpeg_are_counted():
    scan = b"\xff\xda123"
    assert not has_too_many_scans(b"\xff\xd8" + MOST_SCANS * scan)
    assert has_too_many_scans(b"\xff\xd8" + (MOST_SCANS + 1) * scan)
