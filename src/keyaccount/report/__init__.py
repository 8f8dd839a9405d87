"""What a sales director opens on Monday: one page, a Markdown text, a workbook.

`page` writes a review as one HTML file without a script or a request, `markdown` the
same as text, `workbook` the tables of it as a spreadsheet. All three are functions of
the review alone: they read no clock and no environment, and the same review gives the
same bytes.
"""

from __future__ import annotations

from keyaccount.exceptions import MissingExtraError


try:
    import babel as _babel
except ImportError as _error:
    raise MissingExtraError("report", "babel") from _error
try:
    import jinja2 as _jinja2
except ImportError as _error:
    raise MissingExtraError("report", "jinja2") from _error

from ._case import Beside
from ._html import page
from ._markdown import markdown
from ._workbook import workbook


__all__ = ["Beside", "markdown", "page", "workbook"]


del _babel, _jinja2
