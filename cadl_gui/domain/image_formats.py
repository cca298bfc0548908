"""Supported image formats, recognised by the first bytes of a file."""

from cadl_gui.system.file_limits import MOST_SCANS
from cadl_gui.system.words import _

_SIGNATURES = {
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPEG": (b"\xff\xd8\xff",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "BMP": (b"BM",),
    "WEBP": (b"RIFF",),
    "TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "PPM": (b"P4", b"P5", b"P6"),
}
"""Signatures by the name by which `imaging.opened_image` opens the format. PPM, PGM and PBM in binary only:
text variants take seconds to read.
"""

_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"), "HEIC"),
}
"""Formats of files that consist of boxes, by the brand at offset 8."""

FORMAT_NAMES = _("PNG, JPEG, HEIC, GIF, BMP, WebP, AVIF, TIFF and binary PPM")
"""Supported formats, as listed in messages."""

_SCAN = b"\xff\xda"
"""Begins a scan of a JPEG; stands nowhere else in one but in the small image of a camera."""

IMAGE_SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".jfif", ".heic", ".heif", ".hif", ".gif", ".bmp", ".webp", ".avif", ".tif",
    ".tiff", ".ppm", ".pgm", ".pbm",
)  # fmt: skip
"""Usual file name suffixes; the format itself is determined by the file's contents."""


def format_of(head: bytes) -> str | None:
    """Recognise the format of an image by its first 16 bytes; None if it is not supported."""
    for name, beginnings in _SIGNATURES.items():
        if head.startswith(beginnings):
            return name if name != "WEBP" or head[8:12] == b"WEBP" else None
    return _BRANDS.get(head[8:12]) if head[4:8] == b"ftyp" else None


def has_too_many_scans(jpeg: bytes) -> bool:
    """Whether a JPEG goes over its pixels again and again, which takes minutes even if it is small."""
    return jpeg.count(_SCAN) > MOST_SCANS
