"""Pictures made for tests, and pictures that somebody could mean harm with."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

PLACE = b"Angus, Forfar, 56.644 north"


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    """A file of that kind, red on the left and blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    file = io.BytesIO()
    image.convert(mode).save(file, kind, **options)
    return file.getvalue()


def photograph(orientation: int = 6, size: tuple[int, int] = (60, 40)) -> bytes:
    """A JPEG as a telephone writes it: lying on its side, with where and when it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825)[2] = (56.0, 38.0, 39.0)
    return picture("JPEG", size, exif=exif.tobytes(), comment=PLACE)


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few bytes of PNG that say they are gigabytes of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
