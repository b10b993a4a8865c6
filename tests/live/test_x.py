"""Every call of X against its own specification, as Prism reads it.

Prism answers 401, 404 or 422 where credential, path or a parameter are not of the
specification. What it answers otherwise is made up, so the calls are those of a night that was
answered here: profile, both pages of posts, both pages of answers, and looking again. Unknown
parameters it takes no notice of; ``tests/recorded/test_calls.py`` does.
"""

from __future__ import annotations

import pytest
import requests

from tests.faults.nights import asked_on
from tests.live.reading import address

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("prism")]


@pytest.fixture
def prism() -> str:
    return address("AUDIT_TEST_X_PRISM")


def status(prism: str, path: str, **headers: str) -> int:
    session = requests.Session()
    session.trust_env = False
    with session.get(prism + path, headers=headers, timeout=30) as answer:
        return answer.status_code


def test_every_call_is_of_the_specification(prism: str) -> None:
    night = asked_on("x")
    assert len(night) == 7
    told = {
        path: status(prism, path, authorization=headers["authorization"]) for path, headers in night
    }
    assert {path: code for path, code in told.items() if code != 200} == {}


def test_prism_would_tell(prism: str) -> None:
    path, headers = next(one for one in asked_on("x") if "/tweets?" in one[0])
    sent = {"authorization": headers["authorization"]}
    assert status(prism, path) == 401
    assert status(prism, path.replace("/2/users/", "/2/people/"), **sent) == 404
    assert status(prism, path.replace("max_results=100", "max_results=3"), **sent) == 422
    assert status(prism, path.replace("created_at", "made_at"), **sent) == 422
