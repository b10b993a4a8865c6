"""Draws the trends page from all nights."""

from __future__ import annotations

from audit.installation import Installation
from audit.store import outbox
from audit.store.outbox import MailState
from audit.store.runs import Run
from reports import history, site
from reports.mail import FOLDER
from reports.model.parts import Link
from reports.overview import overview


def trends(installation: Installation, run: Run) -> dict[str, object]:
    """Write the pages and their CSV files for all nights up to and with one.

    Built again from the same nights, every file has the same bytes.

    Returns:
        How many ``nights`` are shown, and the path of the first ``page``.
    """
    known = history.read(installation, run)
    page = overview(known, installation.policy, _mails(installation, run))
    path = site.write(installation.settings.home / site.FOLDER, page)
    return {"nights": len(page.frame), "page": str(path)}


def _mails(installation: Installation, run: Run) -> tuple[Link, ...]:
    """Link the mails that are files beside the page, which only an embedded installation has."""
    if not installation.settings.embedded:
        return ()
    with installation.store.read() as session:
        found = outbox.read(session, [MailState.WRITTEN], run.night)
    return tuple(
        Link(
            label=mail.content["subject"],
            url=f"../{FOLDER}/{mail.night}-{mail.kind}-{mail.content['label']}.html",
        )
        for mail in found
        if mail.content
    )
