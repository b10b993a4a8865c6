"""What is really sent in a night that is answered well, as a server receives it."""

from __future__ import annotations

from dataclasses import replace

from audit.platforms.base import Known
from tests.audit.platforms.script import known
from tests.faults import wrongs
from tests.faults.scenes import SCENES
from tests.faults.stage import Stage
from tests.serving import serving

UNMET: dict[str, tuple[Known, ...]] = {
    "x": (known("7"), known("95", comment=True)),
    "mastodon": (known("7"), known("95", comment=True)),
    "youtube": (known("v0000000007"), known("Ug95", comment=True)),
}
"""Posts and comments that an earlier night saw and this one does not meet."""


def asked_on(name: str, *, lookup_fails: bool = False) -> list[tuple[str, dict[str, str]]]:
    """Return path with query, and headers, of every call of a night.

    Args:
        name: the platform.
        lookup_fails: the server has no call for several items at once.
    """
    scene = SCENES[name]
    scene = replace(scene, known=UNMET.get(name, scene.known))
    with serving() as server:
        stage = Stage(server=server, scene=scene)
        if lookup_fails:
            stage = stage.at("again", wrongs.status(404), times=1)
        stage.read()
        return list(server.requests)
