"""Makes the roles that the compliance page asks for, and the first user.

Airflow's command line cannot grant a permission on a resource that no page of Airflow declares
(``airflow roles add-perms`` refuses it), so this goes through FAB's security manager, in one
process, with Airflow's environment set. Running it again changes nothing.

The first user comes from ``ADMIN_USERNAME``, ``ADMIN_EMAIL`` and ``ADMIN_PASSWORD``; when a user
of that name exists, it is left as it is, its password too. Others are added with::

    airflow users create --username U --role Viewer --email E --firstname F --lastname L
    airflow users add-role --username U --role Compliance
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.providers.fab.auth_manager.security_manager.override import (
        FabAirflowSecurityManagerOverride,
    )

ROLES = {"Compliance": (("can_read", "Compliance Trends"),)}
"""Per role its permissions. A member needs Viewer besides, for Airflow's own pages."""


def grant_roles(security: FabAirflowSecurityManagerOverride) -> None:
    """Make each role and see that it has its permissions; Admin has them all."""
    for name, permissions in ROLES.items():
        role = security.find_role(name) or security.add_role(name)
        for action, resource in permissions:
            permission = security.create_permission(action, resource)
            for owner in (role, security.find_role("Admin")):
                if owner and permission not in owner.permissions:
                    security.add_permission_to_role(owner, permission)


def add_first_user(security: FabAirflowSecurityManagerOverride) -> None:
    """Make the administrator, unless there is one of that name."""
    username = os.environ["ADMIN_USERNAME"]
    if security.find_user(username=username):
        return
    security.add_user(
        username=username,
        first_name=username,
        last_name="",
        email=os.environ["ADMIN_EMAIL"],
        role=security.find_role("Admin"),
        password=os.environ["ADMIN_PASSWORD"],
    )


def main() -> None:
    """Open FAB on Airflow's database and prepare it."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        builder.sm.sync_roles()
        grant_roles(builder.sm)
        add_first_user(builder.sm)


if __name__ == "__main__":
    main()
