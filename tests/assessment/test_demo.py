"""The demonstration year: complete, consistent, always the same, and only where it is asked for."""

import datetime
import hashlib
import io
import json
from collections import Counter
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from stdnum.cn import uscc

from assessment import demo
from assessment.demo import inbox, year
from assessment.demo.data import World
from assessment.demo.people import PASSWORD
from assessment.reference import load_reference
from assessment.rules.standing import Status as Verdict
from assessment.standing import YearStanding
from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused
from procurement import receipts, tallies
from procurement.checks import Subject, doubts_of
from procurement.choices import LIVE, ReceiptKind, Status
from procurement.complete import missing
from procurement.extraction import read
from procurement.extraction.codec import to_plain
from procurement.models import Purchase, PurchaseLine, Receipt, Supplier
from procurement.numbers import next_number
from units.kinds import Kind
from units.links import LinkBook
from units.models import BaseStatus, Role, Unit, User, YearBase
from units.scope import Scope

AS_OF = datetime.date(2022, 3, 31)


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker):
    """The demo, loaded once for the class; its rows are taken out again at the end."""
    from django.db import transaction

    with django_db_blocker.unblock():
        before, settings.DEMO = settings.DEMO, True
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield demo.load_demo()
        finally:
            settings.DEMO = before
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.fixture(scope="module")
def world():
    return World()


class TestWithTheDemo:
    @pytest.fixture(autouse=True)
    def _loaded(self, loaded, db):
        """Every test of this class sees the demo."""

    @pytest.fixture(autouse=True)
    def media(self):
        """The receipts of the demo stay where they are for the class."""

    @pytest.fixture
    def standing(self):
        return YearStanding.read(2021, AS_OF)

    def test_it_has_the_size_of_a_real_year(self, loaded):
        assert Unit.objects.count() > 80
        assert Purchase.objects.count() == 1500
        assert Receipt.objects.filter(file__isnull=False).count() >= 60
        assert {kind for kind, _ in Kind.choices} == set(Unit.objects.values_list("kind", flat=True))
        assert set(Status.values) == set(Purchase.objects.values_list("status", flat=True))
        months = Counter(day.month for day in Purchase.objects.values_list("date", flat=True))
        assert min(months[month] for month in range(1, 13)) >= 20
        assert "采购 1500" in loaded

    def test_everything_adds_up(self):
        assert list(tallies.differences()) == []
        assert list(audit.broken_links()) == []
        assert list(receipts.damaged_files()) == []

    def test_the_year_stands_where_it_is_worth_looking_at(self, standing):
        city, parts = standing.city_total, standing.dept_town_total
        assert Decimal("0.81") < Decimal(city.value) / city.threshold < Decimal("0.83")
        assert Decimal("0.90") < Decimal(parts.value) / parts.threshold < Decimal("0.92")
        places = [row for row in standing.responsible if row.unit.kind in (Kind.TOWN, Kind.SUBDISTRICT)]
        assert sum(row.status == Verdict.MET for row in places) >= 5
        ranks = [row.rank for row in standing.responsible if row.rank]
        assert len(ranks) > len(set(ranks))
        canteens = [row for row in standing.units if row.rule == "canteen_share"]
        assert sum(row.ratio is not None and 990 <= row.ratio < 1000 for row in canteens) >= 5
        assert {row.status for row in standing.units} >= {
            Verdict.MET, Verdict.NOT_MET, Verdict.WITHIN, Verdict.EXCEEDED, Verdict.REPORTED,
            Verdict.MISSING_BASE, Verdict.NOT_APPLICABLE,
        }  # fmt: skip
        assert len(standing.unattributed_purchases()) >= 1

    def test_the_targets_of_departments_and_towns_are_the_3500_wan(self):
        targets = YearBase.objects.filter(target__isnull=False).values_list("target", flat=True)
        assert sum(targets) == Decimal("35000000.00")

    def test_bases_are_in_every_state(self):
        bases = YearBase.objects.filter(year=2021)
        assert set(bases.values_list("status", flat=True)) == set(BaseStatus.values)
        assert bases.filter(status=BaseStatus.CONFIRMED).count() > 80
        assert set(bases.values_list("canteen", flat=True)) >= {"own", "contracted", "shared", "none"}
        assert bases.filter(reserve_percent__isnull=False).exists()
        assert bases.filter(listed=True).exists()

    def test_what_is_submitted_could_have_been_submitted(self):
        waiting = list(Purchase.objects.filter(status__in=LIVE))
        for subject in Subject.many(waiting):
            assert list(missing(subject.purchase, subject.lines)) == []
            assert [doubt for doubt in doubts_of(subject) if doubt.blocks] == []

    def test_some_of_what_waits_is_doubtful(self):
        waiting = list(Purchase.objects.filter(status=Status.SUBMITTED))
        codes = {doubt.code for subject in Subject.many(waiting) for doubt in doubts_of(subject)}
        assert codes >= {"same_purchase", "unpaired_region", "other_buyer", "total_differs"}
        assert 10 < sum(purchase.doubts > 0 for purchase in waiting) < len(waiting)
        assert Purchase.objects.filter(status=Status.SUBMITTED, original__isnull=False).exists()

    def test_refunds_stay_within_what_was_bought(self):
        refunds = Purchase.objects.filter(original__isnull=False)
        assert refunds.filter(status=Status.APPROVED).exists()
        for refund in refunds:
            bought = sum(line.figure for line in refund.original.lines.all())
            back = sum(
                line.figure for line in PurchaseLine.objects.filter(purchase__original=refund.original)
            )
            assert -bought <= back < 0
            assert refund.original.unit_id == refund.unit_id

    def test_the_stored_reading_is_what_reading_the_pdf_gives(self):
        for receipt in Receipt.objects.filter(file__isnull=False).select_related("file")[:12]:
            found = read(receipts.content(receipt.file), receipt.name)
            assert to_plain(found) == receipt.data
            assert receipt.identity == receipts.identity(found.invoice_code, found.invoice_number)

    def test_a_purchase_says_what_its_invoice_says(self):
        doubtful = 0
        for receipt in Receipt.objects.filter(file__isnull=False).select_related("purchase__supplier"):
            purchase = receipt.purchase
            assert purchase.invoice_date.isoformat() == receipt.data["issue_date"]
            assert purchase.supplier.name == receipt.data["seller_name"]
            lines = list(purchase.lines.all())
            assert [line.product_name for line in lines] == [
                item["name"].rpartition("*")[2] for item in receipt.data["items"]
            ]
            doubtful += sum(line.amount for line in lines) != Decimal(receipt.data["total"])
        assert doubtful == 3

    def test_nobody_decided_on_their_own_units_purchases(self):
        users = {user.pk: Scope.of(user) for user in User.objects.all()}
        reviewable = {pk: set(scope.reviewable().values_list("pk", flat=True)) for pk, scope in users.items()}
        decided = Purchase.objects.filter(decided_by__isnull=False)
        assert decided.exists()
        for purchase in decided:
            assert purchase.unit_id in reviewable[purchase.decided_by_id]

    def test_every_answer_is_the_one_the_plan_was_made_with(self, world):
        book = LinkBook.load()
        units = {unit.code: unit for unit in Unit.objects.all()}
        names = {unit.pk: unit.code for unit in units.values()}
        listed = set(YearBase.objects.filter(listed=True).values_list("unit__code", flat=True))
        for code, unit in units.items():
            answer = book.answer(unit.pk, datetime.date(2021, 6, 1))
            found = "" if names[answer.subject] in listed else names.get(answer.responsible or 0, "")
            assert found == world.answers(code)

    def test_the_unit_codes_check(self):
        for code in [*Unit.objects.exclude(uscc="").values_list("uscc", flat=True)]:
            assert uscc.is_valid(code)
        for code in Supplier.objects.values_list("uscc", flat=True):
            assert uscc.is_valid(code)

    def test_the_plans_departments_have_their_duties(self):
        office = Unit.objects.get(name="市财政局")
        assert office.kind == Kind.DEPARTMENT
        assert "第四部分（一）第一段　牵头" in office.duties
        for kind, count in ((Kind.SUBDISTRICT, 5), (Kind.TOWN, 14), (Kind.COMMITTEE, 5)):
            places = Unit.objects.filter(kind=kind)
            assert places.count() == count
            assert all("责任：部门与镇街采购总额" in place.duties for place in places)

    def test_every_list_of_the_plans_other_work_shows_something(self, client):
        office = User.objects.get(username="oversight")
        client.force_login(office)
        kinds = [f"/initiatives/kinds/{slug}/" for slug in ("task", "activity", "outlet", "pledge", "trade")]
        for path in (
            *kinds,
            *(f"/initiatives/{name}/" for name in ("complaints", "blacklist", "inspections", "applications")),
        ):
            assert client.get(path, {"year": 2021}).context["page"].object_list, path
        board = client.get("/initiatives/tasks/board/", {"year": 2021}).context["columns"]
        assert {each.name for each in board if each.count} >= {"late", "soon", "in_time", "done"}
        for name, path in (("finance", "资金"), ("market", "投诉")):
            client.force_login(User.objects.get(username=name))
            assert path in client.get("/todo/").content.decode()

    def test_there_is_a_person_of_each_role_who_can_log_in(self):
        rows = demo.logins()
        assert {role for role, *_ in rows} == set(Role.labels)
        for _, username, password, name in rows:
            assert User.objects.get(username=username).check_password(password)
            assert "演示" in name

    def test_the_clerk_has_work_to_do(self):
        clerk = Scope.of(User.objects.get(username="clerk"))
        kinds = set(clerk.recordable().values_list("kind", flat=True))
        assert kinds == {Kind.SCHOOL, Kind.UNION}
        mine = Purchase.objects.filter(unit__in=clerk.recordable())
        assert {Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.APPROVED} <= set(
            mine.values_list("status", flat=True)
        )
        invoices = Receipt.objects.filter(purchase__in=mine, kind=ReceiptKind.INVOICE)
        assert not invoices.filter(file__isnull=True).exists()

    def test_the_next_number_of_a_unit_is_free(self):
        assert next_number(Unit.objects.get(code="S01"), 2021) not in set(
            Purchase.objects.values_list("number", flat=True)
        )

    def test_the_files_to_try_are_read_fully_and_are_the_clerks(self, world):
        files = sorted(inbox.folder().iterdir())
        assert [path.suffix for path in files] == [".pdf", ".pdf", ".pdf", ".ofd"]
        for path in files:
            found = read(path.read_bytes(), path.name)
            assert found.buyer_id == world.units["S01"].uscc
            assert found.total
            assert not found.problems
            assert not Receipt.objects.filter(
                identity=receipts.identity(found.invoice_code, found.invoice_number)
            ).exists()

    def test_loading_it_again_changes_nothing(self):
        before = Purchase.objects.count(), audit.AuditEvent.objects.count()
        assert "未作改动" in demo.load_demo()
        assert (Purchase.objects.count(), audit.AuditEvent.objects.count()) == before


def test_it_is_always_the_same_year(world):
    def digest() -> str:
        text = "\n".join(
            repr((buy.number, buy.lines, buy.status, buy.date)) for buy in year.purchases(World())
        )
        return hashlib.sha256(text.encode()).hexdigest()

    assert digest() == digest()


def test_the_fixtures_are_readable():
    for path in (settings.BASE_DIR / "fixtures").rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        json.loads(text)
        assert "\\u" not in text
        assert "\n" in text


@pytest.mark.django_db
class TestWhereItDoesNotBelong:
    def test_it_is_refused_outside_of_a_demonstration(self):
        with pytest.raises(CommandError, match="DEMO=1"):
            call_command("load", "demo")
        with pytest.raises(Refused, match="演示环境"):
            demo.logins()
        assert not User.objects.exists()

    def test_it_is_refused_beside_other_units(self, settings):
        settings.DEMO = True
        Unit.objects.create(code="X", name="真实单位", kind=Kind.TOWN)
        with pytest.raises(Refused, match="空库"):
            demo.load_demo()
        assert Unit.objects.count() == 1

    def test_the_reference_data_bring_no_password(self):
        load_reference()
        assert not User.objects.exists()

    def test_the_log_ins_are_printed(self, settings):
        settings.DEMO = True
        out = io.StringIO()
        call_command("load", "demo", "--logins", stdout=out)
        assert f"clerk\t{PASSWORD}" in out.getvalue()
        assert {line.split("\t")[0] for line in out.getvalue().splitlines()} == set(Role.labels)
