"""What recorded answers of X would have cost, by hand and by the tariff."""

from __future__ import annotations

import pytest

from audit.platforms.answers.x_costs import most, spent
from audit.platforms.limits import Unit
from audit.recordings import read_envelope
from audit.response import Response
from tests.shared import shared

pytestmark = pytest.mark.recorded

EXPECTED = {
    # posts and users that each file holds, counted by hand
    "error_429_usage_cap.json": (0, 0),
    "docs_200_partial_errors.json": (1, 0),
    "get_me.json": (0, 1),
    "get_tweets.json": (2, 0),
    "get_user.json": (0, 1),
    "get_users_tweets.json": (2, 0),
    "search_recent_tweets.json": (10, 0),
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_recorded_answer_costs_what_it_holds_and_no_more_than_was_reserved(name: str) -> None:
    posts, users = EXPECTED[name]
    found = read_envelope(shared("payloads", "x", name))
    url = found.url or "https://api.x.com/2/tweets"
    cost = spent(url, Response(status=found.status or 200, body=found.body))
    assert cost.get(Unit.MICRO_USD, 0) == posts * 5_000 + users * 10_000
    assert cost.get(Unit.MICRO_USD, 0) <= most(url)[Unit.MICRO_USD]
