"""Recorded responses and data sets that are kept beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(*parts: str) -> Path:
    """Return a path below ``SHARED_DIR``; without the folder the test is skipped.

    In CI a missing folder is a failure, so that nothing is skipped unseen.
    """
    folder = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared"))
    if not folder.is_dir():
        reason = f"{folder} is not there; SHARED_DIR names where recorded responses are kept"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder.joinpath(*parts)
