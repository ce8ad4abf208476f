"""An installation with data goes from an earlier shape of its tables to today's, and no figure moves."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import AddIndex, CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from cixi_xiezuo import indexes
from cixi_xiezuo.jobs.models import Job, State
from cixi_xiezuo.outbox.models import Errand
from procurement import receipts
from procurement.choices import Reading, Status
from procurement.models import Receipt
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind

EARLIER = {"procurement": "0011", "core": "0003", "units": "0005"}
"""The tables before background work was posted as errands."""


@pytest.fixture
def today():
    """Whatever a test does to the tables, the next one finds today's."""
    yield
    call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_a_loaded_earlier_version_keeps_its_figures_and_its_work_goes_on(run, today) -> None:
    make_policy()
    town = make_unit("T01", Kind.TOWN)
    make_base(town, canteen_budget="1000.00", target="5000.00")
    for day in ("2021-02-01", "2021-03-01"):
        make_purchase(town, line("120.01"), line("7.50"), date=day)
    make_purchase(town, line("5.00"), status=Status.SUBMITTED)
    waiting = Receipt.objects.create(
        unit=town, name="票.pdf", file=receipts.store(b"%PDF-1.4", "application/pdf"), reading=Reading.WAITING
    )
    job = Job.objects.create(owner=make_user("clerk"), kind="export", title="导出", state=State.RUNNING)
    Job.objects.create(owner=job.owner, kind="export", title="旧的", state=State.DONE)
    before = run("assess", "2021", "--json").out
    for app, name in EARLIER.items():
        call_command("migrate", app, name, verbosity=0)
    assert "errand" not in connection.introspection.table_names()
    call_command("migrate", verbosity=0)
    assert run("assess", "2021", "--json").out == before
    assert run("verify").code == 0
    posted = {(errand.task, *errand.args) for errand in Errand.objects.all()}
    assert posted == {("procurement.read_receipt", waiting.pk), ("core.run_job", job.pk)}
    assert MigrationRecorder(connection).applied_migrations()


BEFORE = {"procurement.0002_initial", "procurement.0010_welfare_per_head"}
"""Made when no installation had data, or long since everywhere."""


def test_an_index_of_a_table_that_is_there_is_made_while_people_write() -> None:
    late = set()
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        new = {each.name_lower for each in migration.operations if isinstance(each, CreateModel)}
        for each in migration.operations:
            beside = isinstance(each, indexes.AddIndex) and migration.atomic == indexes.ATOMIC
            if isinstance(each, AddIndex) and each.model_name_lower not in new and not beside:
                late.add(f"{app}.{name}")
    assert late == BEFORE


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_that_was_cut_short_in_an_index_is_run_again(today) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("one transaction on SQLite; the suite's other half runs on PostgreSQL")
    call_command("migrate", "procurement", "0020", verbosity=0)
    with connection.cursor() as cursor:  # as a connection that was lost leaves it
        cursor.execute("CREATE INDEX receipt_red ON procurement_receipt (red_of)")
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'receipt_red'::regclass")
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'receipt_red'::regclass")
        assert cursor.fetchone() == (True,)
