"""Pictures inside a page that loads nothing from the network."""

from __future__ import annotations

import base64
import struct


def data_uri(png: bytes) -> str:
    """A PNG as the address of itself."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def png_of(uri: str) -> bytes:
    """The PNG that such an address holds."""
    return base64.b64decode(uri.partition(",")[2])


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG in dots, as its head tells."""
    wide, high = struct.unpack(">II", png[16:24])
    return int(wide), int(high)
