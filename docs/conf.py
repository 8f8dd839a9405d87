"""How the documentation is built: `sphinx-build -W docs docs/_build`, offline."""

from __future__ import annotations

import tomllib
from pathlib import Path


HERE = Path(__file__).parent
PROJECT = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]

project = PROJECT["name"]
author = "keyaccount contributors"
copyright = f"2026, {author}"
release = version = PROJECT["version"]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
nitpicky = True
# No intersphinx: a build needs no network. Names of other projects stay plain text.
nitpick_ignore_regex = [
    ("py:.*", r"(?!keyaccount\b).*"),  # the standard library, attrs, type variables
    ("py:.*", r"keyaccount\..*\b_.*"),  # private homes of public names
]

nb_execution_mode = "off"  # the outputs are stored; a test holds them equal to a run

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_class_signature = "separated"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
default_role = "code"  # docstrings mark names with single backticks, as Markdown does

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_sphinx = False
