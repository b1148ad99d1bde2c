"""Sphinx configuration: Markdown pages, a theme that Sphinx brings, nothing from the network."""

from __future__ import annotations

import ankerort

project = "Ankerort"
author = "Ankerort"
copyright = "Ankerort, EUPL-1.2"
version = release = ankerort.__version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "regions"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
# A page is written for people and forges too, which know no lexer for a terminal's output.
highlight_language = "none"

language = "en"
html_theme = "alabaster"
html_title = "Ankerort"
html_theme_options = {
    "description": "Planning software for rural services of general interest",
    "page_width": "1080px",
    "sidebar_width": "240px",
    "fixed_sidebar": True,
    "show_powered_by": False,
}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
html_show_sourcelink = False
html_copy_source = False
