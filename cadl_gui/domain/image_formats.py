"""The image formats that are opened, told apart by how their files begin."""

_SIGNATURES = {
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPEG": (b"\xff\xd8\xff",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "BMP": (b"BM",),
    "WEBP": (b"RIFF",),
    "TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "PPM": (b"P4", b"P5", b"P6"),
}
"""By Pillow's names. Of PPM, PGM and PBM the binary kinds: as text an image takes seconds to read."""

FORMAT_NAMES = "PNG, JPEG, GIF, BMP, WebP, TIFF and binary PPM"
"""As a sentence lists them."""

IMAGE_SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm",
)  # fmt: skip
"""How the names of such files end. What a file is, its contents decide."""


def format_of(head: bytes) -> str | None:
    """The format of an image by its first 16 bytes; None if it is none that is opened."""
    for name, beginnings in _SIGNATURES.items():
        if head.startswith(beginnings):
            return name if name != "WEBP" or head[8:12] == b"WEBP" else None
    return None
