"""Every platform against a server that goes wrong, at every one of its calls.

For each fault: which gaps are told, that nothing is lost that came well, that nothing is asked
for ever, that nothing tells the token, and that the next reading brings everything. Shown with
``pytest -rP``: a table of platform and fault.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
from collections.abc import Iterator, Mapping

import pytest

from audit import waiting
from tests.audit.platforms.script import END
from tests.faults import wrongs
from tests.faults.scene import TOKEN, Scene
from tests.faults.scenes import SCENES
from tests.faults.stage import ATTEMPTS, EVERY_CALL, Fault, Reading, Stage
from tests.serving import Server, serving

FACETS = {"p": "profile", "o": "posts", "c": "comments"}
EVERYWHERE = {"401", "404", "429", "500", "cut off in the middle", "HTML with 200", "object"}
"""Faults that are tried at every call; the others at the first, a middle one and the last."""
SPARE = 6
"""Further calls that one fault may cause: retries, redirects, and other ways to ask."""
LISTS = {"mastodon", "wordpress"}
"""Where an empty list is an answer like any other."""
EXPECTED: dict[tuple[str, str, str], str] = {
    # One of its two addresses is unknown to each kind of token; the other one answered.
    ("instagram", "identity", "404"): "pocD",
    ("instagram", "identity", "410"): "pocD",
    # What came before the break is read.
    ("feed", "feed", "truncated JSON"): "ocB",
    # A refused token is refused for all that would still be asked.
    **{("tiktok", "profile", code): "poD" for code in ("401", "403")},
    **{("x", f"posts {n}", "401"): "ocD" for n in "12"},
    **{("x", f"comments {n}", "401"): "ocD" for n in "12"},
}
"""What is told where it is not the usual: initials of the facets, and of the kind."""
INITIALS = {"D": "denied", "B": "broken", "N": "not_found", "R": "rate_limited"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@functools.cache
def read_well(name: str) -> Reading:
    """Read an account about which all is answered well; the same each time."""
    with serving() as running:
        return Stage(server=running, scene=SCENES[name]).read()


def some(scene: Scene) -> dict[str, None]:
    """Return the first call, one in the middle and the last."""
    names = list(scene.calls)
    return dict.fromkeys((names[0], names[len(names) // 2], names[-1]))


@pytest.fixture(params=SCENES)
def stage(request: pytest.FixtureRequest, server: Server) -> Stage:
    return Stage(server=server, scene=SCENES[request.param])


def expected(scene: Scene, place: str, fault: str, kind: str) -> set[tuple[str, str]]:
    """Return the facets and kinds of the gaps that a fault has to leave."""
    name = scene.name
    special = EXPECTED.get((name, place, fault))
    if special is not None:
        return {(FACETS[one], INITIALS[special[-1]]) for one in special[:-1]}
    if fault == "list" and name in LISTS and place != "profile":
        return set() if name == "wordpress" or "comments" not in place else {("comments", "broken")}
    lost = set(scene.calls[place])
    if kind == "rate_limited":
        # Nothing is asked after a limit, so that all the rest is missing too.
        names = [one for one in scene.calls if one != "again" or name != "instagram"]
        names += [place]
        lost |= {one for later in names[names.index(place) :] for one in scene.calls[later]}
    if kind == "not_found" and place == "profile" and name != "instagram":
        lost = {"p", "o", "c"}
    provided = {str(one) for one in scene.platform.provides}
    return {(FACETS[one], kind) for one in lost if FACETS[one] in provided}


def check(reading: Reading, well: Reading, scene: Scene, server: Server) -> list[str]:
    """Return what is wrong with a reading, whatever the fault was."""
    problems = []
    if reading.held(scene) - reading.ids:
        problems.append(f"lost {reading.held(scene) - reading.ids}")
    if reading.ids - well.ids:
        problems.append(f"made up {reading.ids - well.ids}")
    if len(reading.asked) > len(well.asked) + SPARE:
        problems.append(f"{len(reading.asked)} calls")
    if TOKEN in repr(reading.records) or any(TOKEN in path for path, _ in server.requests):
        problems.append("the token is told")
    waits = [one.retry_after for one in reading.gaps if one.retry_after is not None]
    if not all(0 <= one <= waiting.LONGEST for one in waits):
        problems.append(f"waits {waits}")
    return problems


def told(gaps: set[tuple[str, str]]) -> str:
    return ", ".join(f"{facet} {kind}" for facet, kind in sorted(gaps)) or "-"


FAULTS: Mapping[str, Fault] = {
    **wrongs.STATUSES,
    "429": wrongs.status(429, retry_after="272"),
    **wrongs.CONNECTIONS,
    **wrongs.UNREADABLE,
}


def test_every_fault_at_every_call(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    scene, well, problems = stage.scene, read_well(stage.scene.name), []
    standing = {gap for gap in well.told if gap[1] == "unsupported"}
    for fault, wrong in FAULTS.items():
        kind = wrongs.KINDS.get(int(fault) if fault.isdigit() else 0, "broken")
        row = []
        for place in scene.calls if fault in EVERYWHERE else some(scene):
            reading = stage.at(place, wrong).read()
            wanted = expected(scene, place, fault, kind)
            wanted |= {gap for gap in standing if gap[0] not in dict(wanted)}
            if (scene.name, kind) == ("x", "rate_limited"):
                # Its limits are those of single calls, which the header says when they end.
                wanted = expected(scene, place, "", "broken")
                wanted = {(facet, kind) for facet, _ in wanted}
            found = check(reading, well, scene, stage.server)
            if reading.told != wanted:
                found.append(f"told {told(reading.told)}; expected {told(wanted)}")
            problems += [f"{fault} at {place}: {one}" for one in found]
            row.append(f"{place}: {told(reading.told - standing)}")
        print(f"{stage.scene.name} | {fault} | {'; '.join(row)}")
        mended = stage.read(reading.validators)
        if mended.records != well.records:
            problems.append(f"{fault}: not mended by the next reading")
    assert problems == []
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("fault", wrongs.WAITS)
def test_time_outs(stage: Stage, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    scene, well = stage.scene, read_well(stage.scene.name)
    standing = {gap for gap in well.told if gap[1] == "unsupported"}
    for place in {next(iter(scene.calls)), list(scene.calls)[len(scene.calls) // 2]}:
        reading = stage.at(place, wrongs.WAITS[fault]).read(http_timeout_s=0.15)
        wanted = expected(scene, place, fault, "broken")
        wanted |= {gap for gap in standing if gap[0] not in dict(wanted)}
        assert check(reading, well, scene, stage.server) == []
        assert reading.told == wanted, place
        assert reading.asked.count(place) <= ATTEMPTS + 1
        print(f"{scene.name} | {fault} | {place}: {told(reading.told)}")
    assert TOKEN not in caplog.text


def test_body_of_50_megabytes(stage: Stage) -> None:
    scene, well = stage.scene, read_well(stage.scene.name)
    place = list(scene.calls)[len(scene.calls) // 2]
    reading = stage.at(place, wrongs.endless).read()
    assert check(reading, well, scene, stage.server) == []
    assert reading.asked.count(place) == 1
    assert reading.told >= expected(scene, place, "", "broken")
    assert any("AUDIT_MAX_BODY_MB" in one.reason for one in reading.gaps)
    print(f"{scene.name} | 50 MB | {place}: {told(reading.told)}")


@pytest.mark.parametrize("form", wrongs.LIMITS)
def test_limits(stage: Stage, form: str) -> None:
    headers, seconds = wrongs.LIMITS[form]
    scene, well = stage.scene, read_well(stage.scene.name)
    last = [name for name in scene.calls if name != "again"][-1]
    for place in (next(iter(scene.calls)), last):
        reading = stage.at(place, wrongs.status(429, **headers)).read()
        assert check(reading, well, scene, stage.server) == []
        wanted = expected(scene, place, "429", "rate_limited")
        lookup = scene.name == "x" and seconds is not None and place != "profile"
        if lookup:  # only the search has met its limit
            wanted -= {("posts", "rate_limited")}
        assert reading.told >= wanted
        assert {one.retry_after for one in reading.gaps if one.status == 429} == {seconds}
        # Asked again at once only where the platform does not say to wait.
        tries = 1 if seconds else ATTEMPTS
        after = reading.asked[reading.asked.index(place) :]
        assert after == (place,) * tries or lookup, after


@pytest.mark.parametrize("fault", wrongs.PASSING)
def test_passing_trouble_loses_nothing(stage: Stage, fault: str) -> None:
    well = read_well(stage.scene.name)
    for place in stage.scene.calls if fault == "500" else some(stage.scene):
        reading = stage.at(place, wrongs.PASSING[fault], times=1).read()
        assert reading.records == well.records, place
        assert len(reading.asked) == len(well.asked) + 1


@pytest.mark.parametrize("fault", wrongs.CURSORS)
def test_lists_that_lead_in_a_circle(stage: Stage, fault: str) -> None:
    if stage.scene.further is None:
        assert stage.scene.platform.name == "feed"  # it has no pages
        return
    well = read_well(stage.scene.name)
    reading = stage.at("posts ", wrongs.CURSORS[fault]).read()
    assert {("posts", "broken")} <= reading.told <= {("posts", "broken"), ("comments", "broken")}
    assert reading.asked.count("posts 1") + reading.asked.count("posts 2") <= 6
    assert len(reading.asked) <= len(well.asked) + SPARE
    assert reading.ids - {"profile", *stage.scene.holds.get("again", ())}
    print(f"{stage.scene.name} | {fault} | {told(reading.told)}")


def test_empty_pages_without_end(stage: Stage) -> None:
    if stage.scene.further is None:
        assert stage.scene.platform.name == "feed"
        return
    reading = stage.at("posts ", wrongs.empty_with_next).read()
    assert ("posts", "broken") in reading.told
    assert len(reading.asked) <= 250
    print(f"{stage.scene.name} | empty pages | {told(reading.told)}")


def test_one_empty_page_with_more_behind_it(stage: Stage) -> None:
    if stage.scene.further is None:
        assert stage.scene.platform.name == "feed"
        return
    well = read_well(stage.scene.name)
    reading = stage.at("posts 1", wrongs.empty_with_next, times=1).read()
    assert reading.told == set()
    assert set(stage.scene.holds["posts 2"]) <= reading.ids
    assert len(reading.asked) <= len(well.asked) + SPARE


@pytest.mark.parametrize("date", ["Sat, 10 Oct 2026 02:00:00 GMT", "Wed, 14 Oct 2026 09:00:00 GMT"])
def test_clock_of_a_server_that_is_wrong(stage: Stage, date: str) -> None:
    well = read_well(stage.scene.name)
    assert stage.at(EVERY_CALL, wrongs.skewed(date)).read().records == well.records


def test_what_is_dated_after_the_night_is_of_the_next(stage: Stage) -> None:
    """As where a platform's clock is ahead of ours, or a post was dated by hand."""
    well = read_well(stage.scene.name)
    before = stage.read(end=dt.datetime(2026, 10, 9, tzinfo=dt.UTC))
    assert before.told <= {gap for gap in well.told if gap[1] == "unsupported"}
    assert before.ids <= {"profile"}
    assert stage.read(end=END).ids == well.ids
