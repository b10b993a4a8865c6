"""What follows every night: compliance over time."""

from airflow.sdk import Asset, Param, PartitionedAssetTimetable, dag, task

from audit import orchestration as glue


@dag(
    schedule=PartitionedAssetTimetable(assets=Asset(glue.RESULTS)),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=True,
    params={"as_of": Param(None, type=["null", "string"], description="A date: 2026-01-31")},
    default_args=glue.default_args(),
    tags=["audit"],
)
def compliance_trends() -> None:
    """Draw the trends page and write its figures as CSV, from all nights in the store.

    Runs by itself once a night's results are there, and takes over the night's name. *Trigger*
    builds it again, up to the night named in `as_of` or else today's; that is always safe.
    """

    @task
    def trends() -> None:
        """Build the page and the files."""
        from reports.jobs.trends import trends as job

        glue.on_night(job)

    trends()


compliance_trends()
