"""What X bills: each resource that an answer brings, those beside the list included.

Prices: https://docs.x.com/x-api/getting-started/pricing (posts and media $0.005, users $0.010).
The page does not say whether what comes as an expansion is billed; it is counted as if it were.
X bills a resource once in a UTC day, as a "soft guarantee"; each answer is counted in full here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from audit.platforms.answers.loose import mapping, objects
from audit.platforms.limits import Cost, Size, Unit, pages
from audit.response import Response

POST = 5_000
"""Micro-dollars."""
USER = 10_000
OTHER = 5_000
"""Media; and polls and places, whose price is not told."""
MEDIA_AT_MOST = 4
"""Source: https://docs.x.com/x-api/posts/creation-of-a-post (pictures in a post)."""
REFERENCED_AT_MOST = 2
"""The post answered and the post quoted."""
AUTHORS = "author_id"
USERS = re.compile(r"/users/(by|me\b)")
TIMELINE = re.compile(r"/users/\d+/tweets$")
PRICES = {"users": USER, "tweets": POST, "posts": POST}
"""Of what stands in ``includes``; everything else is ``OTHER``."""

PAGE = 100
MEDIA_PER_POST, REFERENCED_PER_POST = 0.6, 0.4
"""Assumed by forecasts alone; most posts of institutions hold a picture or quote somebody."""
QUERY_POSTS = 12
"""How many conversations fit into one search of 512 characters."""


def most(url: str) -> Cost:
    """Return what a call may cost if every place in its answer is filled."""
    parts = urlsplit(url)
    params = parse_qs(parts.query)
    if "/oauth2/" in parts.path:
        return {Unit.CALLS: 1}
    if USERS.search(parts.path):
        names = params.get("usernames", [""])[0]
        return {Unit.CALLS: 1, Unit.MICRO_USD: USER * len(names.split(","))}
    ids = params.get("ids", [""])[0]
    number = len(ids.split(",")) if ids else int(params.get("max_results", [str(PAGE)])[0])
    expanded = ",".join(params.get("expansions", []))
    each = POST + MEDIA_AT_MOST * OTHER + REFERENCED_AT_MOST * POST
    authors = 1 if TIMELINE.search(parts.path) else number
    users = authors * USER if AUTHORS in expanded else 0
    return {Unit.CALLS: 1, Unit.MICRO_USD: number * each + users}


def spent(url: str, response: Response) -> Cost:
    """Return what an answer brought, at the listed prices; errors cost nothing."""
    if response.status != 200:
        return {Unit.CALLS: 1}
    try:
        body = mapping(response.json())
    except ValueError:
        return most(url)
    data = body.get("data")
    listed = [data] if isinstance(data, Mapping) else list(objects(data))
    money = sum(USER if "username" in one else POST for one in listed if "id" in one)
    for name, entries in mapping(body, "includes").items():
        money += len(list(objects(entries))) * PRICES.get(name, OTHER)
    return {Unit.CALLS: 1, Unit.MICRO_USD: money}


def expected(size: Size) -> Cost:
    """Return what a night of an account costs: its posts and all comments once more."""
    searches = -(-size.threads // QUERY_POSTS)
    calls = 1 + pages(size.posts, PAGE) + searches + size.comments // PAGE
    beside = round(size.posts * (MEDIA_PER_POST * OTHER + REFERENCED_PER_POST * POST))
    own = USER + size.posts * POST + beside + (USER if size.posts else 0)
    return {Unit.CALLS: calls, Unit.MICRO_USD: own + size.comments * (POST + USER)}
