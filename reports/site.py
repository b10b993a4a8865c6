"""Writes the pages and their CSV files; a page needs nothing but itself."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from reports.page import Page
from reports.render import environment

FOLDER = "site"
DATA = "data"


def write(folder: Path, page: Page) -> Path:
    """Write ``index.html``, ``trends.html`` and ``data/*.csv``; returns the first.

    The same page gives the same bytes.
    """
    (folder / DATA).mkdir(parents=True, exist_ok=True)
    for figure in page.figures:
        _replace(folder / DATA / f"{figure.name}.csv", _csv(figure.frame))
    _replace(folder / DATA / "trends.csv", _csv(page.frame))
    for name in ("trends.html", "index.html"):
        shown = dataclasses.replace(page, file=name)
        template = environment().get_template(f"site/{name}")
        _replace(folder / name, template.render(page=shown))
    return folder / "index.html"


def _csv(frame: object) -> str:
    """Return a frame as CSV: ISO dates, empty where nothing is known."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"not a frame: {type(frame).__name__}")
    return frame.to_csv(float_format="%.6g", date_format="%Y-%m-%d", lineterminator="\n")


def _replace(path: Path, text: str) -> None:
    """Write in one step: whoever reads meanwhile sees the old file or the new one."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.chmod(part, 0o640)
    part.replace(path)
