"""The identity of a finding: what stays the same while everything around it changes.

Not in it: time, wording, severity, position, score, pack and code. A finding that is found
again, by a better check or in an edited text, is the same finding.
"""

from __future__ import annotations

from audit.model.finding import Subject
from audit.vault import Purpose, Vault


def fingerprint(vault: Vault, check_id: str, subject: Subject, anchor: str | None = None) -> str:
    """Return 32 hexadecimal digits; keyed, because anchors can be guessed."""
    return vault.digest(
        Purpose.FINGERPRINTS, check_id, subject.account_id, subject.subject_id, anchor or ""
    )
