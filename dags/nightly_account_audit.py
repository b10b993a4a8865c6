"""The night: read, judge, report, mail, verify."""

from airflow.sdk import Asset, CronPartitionTimetable, Param, dag, task

from audit import orchestration as glue


@dag(
    schedule=CronPartitionTimetable(glue.CRON, timezone=glue.time_zone(), key_format=glue.KEY),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=True,
    params={"as_of": Param(None, type=["null", "string"], description="A date: 2026-01-31")},
    default_args=glue.default_args(),
    tags=["audit"],
)
def nightly_account_audit() -> None:
    """Read every registered account, judge it, and tell owners and University Relations.

    A night is called by its date. *Trigger* with `as_of` (a date) adds or repeats a night; without
    it the night is the one in which the run was due. A back-fill judges again what was read by
    then, and mails nothing. The last task is red when the night saw too little or a step failed,
    and its log says where. Any task may be cleared: nothing is counted or mailed twice.
    """

    @task
    def plan() -> object:
        """Open the night and divide the accounts into shards."""
        from audit.jobs.plan import plan as job

        return glue.opening(job)

    @task(doc_md="Read and judge.", map_index_template=glue.LABEL, max_active_tis_per_dagrun=4)
    def audit_shard(shard: object) -> object:
        from audit.jobs.shard import audit_shard as job

        return glue.on_shard(job, shard)

    @task(trigger_rule="all_done", outlets=[Asset(glue.RESULTS)])
    def reconcile() -> object:
        """Judge what concerns all accounts; returns the owners' keys, in groups."""
        from audit.jobs.reconcile import reconcile as job

        return glue.on_night(job)

    @task(doc_md="Write the mails of some owners.")
    def owner_reports(keys: list[str]) -> object:
        from reports.jobs.owner import owner_report as job

        return glue.on_judged_night(job, keys)

    @task(trigger_rule="all_done")
    def digest() -> object:
        """Write University Relations' digest."""
        from reports.jobs.digest import digest as job

        return glue.on_judged_night(job)

    @task(trigger_rule="all_done")
    def send() -> object:
        """Send what is due; while sending is off, write it to files."""
        from reports.jobs.send import send as job

        return glue.on_night(job)

    @task(trigger_rule="all_done")
    def verify() -> None:
        """Fail the run when the night saw too little."""
        from audit.jobs.verify import verify as job

        glue.on_night(job, failed=glue.failed_steps())

    shards, groups = audit_shard.expand(shard=plan()), reconcile()
    shards >> groups
    owner_reports.expand(keys=groups) >> digest() >> send() >> verify()


nightly_account_audit()
