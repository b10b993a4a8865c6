"""What follows every night: compliance over time."""

from airflow.sdk import Asset, PartitionedAssetTimetable, dag, task

from audit import orchestration as glue


@dag(
    schedule=PartitionedAssetTimetable(assets=Asset(glue.RESULTS)),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=True,
    default_args=glue.default_args(),
    tags=["audit"],
)
def compliance_trends() -> None:
    """Draw the trends page and write its figures as CSV, from all nights in the store.

    Runs by itself once a night's results are there, and takes over the night's name. Building
    it again by hand (*Trigger*) is safe.
    """

    @task
    def trends() -> None:
        """Build the page and the files."""
        from reports.jobs.trends import trends as job

        glue.on_night(job)

    trends()


compliance_trends()
