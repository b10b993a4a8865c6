"""Every day: delete what the policy's retention rules no longer let stand."""

from airflow.sdk import CronPartitionTimetable, Param, dag, task

from audit import orchestration as glue


@dag(
    schedule=CronPartitionTimetable(
        glue.PURGE_CRON, timezone=glue.time_zone(), key_format=glue.KEY
    ),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=True,
    params={"as_of": Param(None, type=["null", "string"], description="A date: 2026-01-31")},
    default_args=glue.default_args(),
    tags=["audit"],
)
def retention() -> None:
    """Delete texts, evidence and mails that were kept as long as the policy says.

    Findings stay where they stand. A day that was missed is made up for by the next, and any run
    may be repeated; `as_of` counts the days as of an earlier date.
    """

    @task
    def purge() -> object:
        """Delete, account by account; returns how much."""
        from reports.jobs.purge import purge as job

        return glue.at_moment(job)

    purge()


retention()
