"""An installation with data goes from an earlier shape of its tables to today's, and no figure moves."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

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
