"""The commands about tables: propose a mapping, check an import, write a template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Path as Exists


__all__ = ["Layout", "importing", "template"]


def _exists(kind: type, value: Path | None) -> None:
    """Take a file that is there, or the name of a mapping that ships."""
    from keyaccount.intake import SHIPPED  # noqa: PLC0415 - `--help` does not wait

    if value is None or (not value.exists() and str(value) in SHIPPED):
        return
    Exists(dir_okay=False, exists=True)(kind, value)


Layout = Annotated[Path, Parameter(validator=_exists)]
Folder = Annotated[Path, Parameter(validator=Exists(file_okay=False, exists=True))]
File = Annotated[Path, Parameter(validator=Exists(dir_okay=False, exists=True))]
Files = Annotated[tuple[File, ...], Parameter(negative=(), show_default=False)]
Out = Annotated[Path, Parameter(alias="-o")]

importing: App = App(
    name="import", help="Propose a mapping for tables, and check them before a review."
)


@importing.command
def suggest(
    folder: Folder,
    /,
    *,
    out: Out | None = None,
    mapping: Layout | None = None,
    lang: str = "en",
) -> int:
    """Propose which file, heading and value of yours is which of ours.

    Args:
        folder: the tables, called as you call them.
        out: the mapping file to write; left out, it is printed.
        mapping: write a shipped mapping (frappe, hubspot, odoo or salesforce) as it
            fits this folder, instead of a proposal.
        lang: language of the comments: en, zh-Hans or zh-Hant.
    """
    from ._import import show_suggestions  # noqa: PLC0415 - `--help` does not wait

    return show_suggestions(folder, out, mapping, lang)


@importing.command
def check(
    folder: Folder,
    /,
    *,
    policy: Files = (),
    mapping: Layout | None = None,
    report: Path | None = None,
    lang: str = "en",
) -> int:
    """Read the tables and account for every row and changed cell; judge nothing.

    Args:
        folder: the tables, as for `review`.
        policy: as for `review`.
        mapping: as for `review`.
        report: a file .html or .csv to write the whole account to.
        lang: language of the answer: en, zh-Hans or zh-Hant.
    """
    from ._import import show_import_check  # noqa: PLC0415 - as above

    return show_import_check(folder, policy, mapping, report, lang)


def template(*, out: Out, lang: str = "en") -> int:
    """Write tables to fill in, with what each column means.

    Args:
        out: a workbook .xlsx, or a folder for a CSV a table.
        lang: language of the explanations: en, zh-Hans or zh-Hant.
    """
    from ._template import show_template  # noqa: PLC0415 - as above

    return show_template(out, lang)
