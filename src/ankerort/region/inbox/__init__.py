"""The inbox ``eingang/``: files are recognised by content, and ``region.toml`` is written from them."""
