"""An import from the upload to the end: previewed, confirmed, all or nothing; come back marked where it is wrong."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job, State
from procurement import receipts
from procurement.choices import Status
from procurement.imports import load_purchases, runs
from procurement.imports.kinds import KINDS
from procurement.models import Import, Purchase
from procurement.models.imported import ImportState
from procurement.tablefile.headers import PROBLEMS
from tests.factories import make_unit, make_user
from tests.workbooks import BASES, PURCHASES, UNITS, purchase, records, workbook
from units.models import Role, Unit, YearBase

pytestmark = pytest.mark.usefixtures("city")
ROWS = (purchase("P1", "S01"), purchase("P2", "S01", 金额="1,200.50"), purchase("P2", "S01", 产地="常山县"))


@pytest.fixture
def bureau():
    return make_user("bureau", Role.BUREAU, make_unit("D09", name="市商务局"))


def start(user, data: bytes, kind: str = "purchases", name: str = "采购.xlsx", **options) -> Import:
    found = runs.upload(SimpleUploadedFile(name, data), KINDS[kind], by=user, **options)
    return worked(found)


def worked(found: Import) -> Import:
    """After the background has done what waits."""
    for job in Job.objects.filter(state=State.WAITING):
        work.run(job.pk)
    found.refresh_from_db()
    return found


def confirmed(found: Import) -> Import:
    return worked(runs.confirm(found, by=found.owner, digest=found.digest))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("purchases", records(PURCHASES, *ROWS)),
        (
            "units",
            records(
                UNITS, {"单位编码": "X01", "单位名称": "新的部门", "单位类别": "市级部门", "隶属层级": "市直"}
            ),
        ),
        ("bases", records(BASES, {"年度": 2021, "单位编码": "S01", "人数": 12, "食堂情况": "无食堂"})),
        ("targets", workbook(("年度", "单位编码", "采购目标"), [(2021, "D01", 100)])),
        ("suppliers", workbook(("供应商名称",), [("凉山合作社",)])),
    ],
)
def test_a_dry_run_reads_as_of_one_moment_and_the_import_follows(kind: str, data: bytes) -> None:
    """Outside of any transaction of the test's: the dry run may not write, on PostgreSQL not even lock."""
    role = Role.SYSTEM_ADMIN if kind == "units" else Role.BUREAU
    found = start(make_user("who", role, make_unit("D09", name="市商务局")), data, kind)
    assert found.state == ImportState.READY, found.preview["problems"]
    assert confirmed(found).state == ImportState.DONE


def test_nothing_is_changed_until_the_person_confirms(bureau) -> None:
    found = start(bureau, records(PURCHASES, *ROWS))
    assert found.state == ImportState.READY
    assert not Purchase.objects.exists()
    seen = found.preview
    assert (seen["created"], seen["updated"], seen["unchanged"], seen["bad_rows"]) == (2, 0, 0, 0)
    assert seen["totals"] == [["金额合计", "1,400.50"]]
    assert seen["new"][1]["text"] == "实验中学，2021-05-01，凉山合作社，1,300.50 元，已核准"
    found = confirmed(found)
    assert found.state == ImportState.DONE
    assert found.preview["report"] == "采购: 新增 2, 更新 0, 未变 0"
    assert Purchase.objects.filter(status=Status.APPROVED, decided_by=bureau).count() == 2


def test_the_trail_has_one_entry_of_the_import_and_the_file_is_kept(bureau) -> None:
    data = records(PURCHASES, *ROWS)
    found = confirmed(start(bureau, data))
    entry = AuditEvent.objects.get(action="导入采购")
    assert (entry.detail["file"], entry.detail["sha256"]) == ("采购.xlsx", found.file_id)
    assert receipts.content(found.file) == data


def test_the_same_workbook_again_changes_nothing(bureau) -> None:
    confirmed(start(bureau, records(PURCHASES, *ROWS)))
    found = start(bureau, records(PURCHASES, *ROWS))
    assert (found.preview["created"], found.preview["unchanged"]) == (0, 2)
    events = AuditEvent.objects.filter(action="导入采购").count()
    assert confirmed(found).preview["report"] == "采购: 新增 0, 更新 0, 未变 2"
    assert AuditEvent.objects.filter(action="导入采购").count() == events


def test_a_change_is_shown_field_by_field(bureau) -> None:
    load_purchases(records(PURCHASES, purchase(unit="S01", 状态="待审核")), by=None)
    row = purchase(unit="S01", 状态="待审核", 供应商="新供应商", 金额=250, 数量=3)
    found = start(bureau, records(PURCHASES, row))
    (change,) = found.preview["changed"]
    assert (change["row"], change["key"]) == (2, "P1")
    assert change["fields"] == [
        ["供应商", "凉山合作社", "新供应商"],
        ["第 1 行数量", "", "3"],
        ["第 1 行金额", "100.00", "250.00"],
    ]


def test_a_wrong_workbook_comes_back_marked_and_is_taken_when_it_is_corrected(bureau) -> None:
    rows = [purchase("P1", "S01"), purchase("P2", "X9", 金额="很多"), purchase("P3", "S01", 产地="布施县")]
    names = [*PURCHASES, "备注"]
    data = workbook(names, [[(row | {"备注": "保留"}).get(name) for name in names] for row in rows])
    found = start(bureau, data)
    assert found.state == ImportState.WRONG
    assert (found.preview["bad_rows"], found.preview["problem_count"]) == (2, 3)
    assert found.preview["created"] == 1, "the good ones are counted too"
    back = load_workbook(io.BytesIO(_file(found.job)))
    sheet = back["采购"]
    heads = [cell.value for cell in sheet[1]]
    assert heads == [*PURCHASES, PROBLEMS, "备注"]
    third = {head: sheet.cell(3, place) for place, head in enumerate(heads, start=1)}
    assert third["问题"].value == (
        "单位编码：没有这个编码的单位，请先导入单位或核对编码；金额：金额“很多”不是数字，应如 1234.50"
    )
    assert third["金额"].fill.fgColor.rgb == third["单位编码"].fill.fgColor.rgb == "FFF8CBAD"
    assert third["供应商"].fill.fgColor.rgb != "FFF8CBAD"
    assert (third["备注"].value, third["采购编号"].value) == ("保留", "P2")
    assert sheet.cell(2, heads.index("问题") + 1).value is None
    third["金额"].value, third["单位编码"].value = 7, "S01"
    sheet.cell(4, heads.index("产地") + 1).value = "布拖县"
    stream = io.BytesIO()
    back.save(stream)
    corrected = start(bureau, stream.getvalue(), follows=found)
    assert corrected.state == ImportState.READY, corrected.preview
    assert confirmed(corrected).preview["report"] == "采购: 新增 3, 更新 0, 未变 0"
    found.refresh_from_db()
    assert found.state == ImportState.DROPPED


def _file(job: Job) -> bytes:
    from django.core.files.storage import storages

    return storages["work"].open(job.file).read()


def test_another_workbook_is_named_and_nothing_is_marked(bureau) -> None:
    found = start(bureau, records(BASES, {"年度": 2021, "单位编码": "S01"}))
    assert found.state == ImportState.WRONG
    assert "看起来是“年度基数”模板" in found.preview["refused"]
    assert found.job.file == ""


def test_what_changed_since_the_preview_is_shown_again_instead_of_carried_out(bureau) -> None:
    found = start(bureau, records(PURCHASES, purchase(unit="S01", 状态="待审核"), purchase("P2", "S01")))
    load_purchases(records(PURCHASES, purchase(unit="S01", 状态="待审核", 金额=5)), by=None)
    found = confirmed(found)
    assert found.state == ImportState.READY
    assert "有变化" in found.preview["again"]
    assert (found.preview["created"], found.preview["updated"]) == (1, 1)
    assert not Purchase.objects.filter(number="P2").exists()
    assert confirmed(found).state == ImportState.DONE


def test_the_preview_that_was_seen_is_the_one_that_is_confirmed(bureau) -> None:
    found = start(bureau, records(PURCHASES, *ROWS))
    with pytest.raises(Stale):
        runs.confirm(found, by=bureau, digest="another")
    runs.confirm(found, by=bureau, digest=found.digest)
    with pytest.raises(Stale, match="目前为“导入中”"):
        runs.confirm(found, by=bureau, digest=found.digest)


def test_rights_hold_for_the_upload_the_rows_and_the_confirmation(bureau) -> None:
    clerk = make_user("clerk", Role.CLERK, Unit.objects.get(code="S01"))
    with pytest.raises(NotAllowed, match="没有导入单位的权限"):
        start(clerk, records(UNITS), "units")
    found = start(clerk, records(PURCHASES, purchase("P1", "S01")))
    assert "只有市商务局可以在导入时填写状态" in found.preview["problems"][0]["message"]
    mine = start(bureau, records(PURCHASES, *ROWS))
    with pytest.raises(NotAllowed):
        runs.confirm(mine, by=clerk, digest=mine.digest)
    with pytest.raises(NotAllowed):
        runs.drop(mine, by=clerk)


def test_somebody_who_has_lost_the_right_meanwhile_imports_nothing(bureau) -> None:
    found = start(bureau, records(PURCHASES, *ROWS))
    bureau.memberships.all().delete()
    found = confirmed(Import.objects.get(pk=found.pk))
    assert found.state == ImportState.WRONG
    assert not Purchase.objects.exists()


def test_a_clerk_may_bring_drafts(bureau) -> None:
    clerk = make_user("clerk", Role.CLERK, Unit.objects.get(code="S01"))
    row = purchase("P1", "S01", 状态=None)
    assert start(clerk, records(PURCHASES, row)).state == ImportState.WRONG
    found = start(clerk, records(PURCHASES, row), options={"as_drafts": True})
    confirmed(found)
    assert Purchase.objects.get().status == Status.DRAFT


def test_a_closed_year_is_said_at_its_rows(bureau) -> None:
    from assessment import sealing

    sealing.lock(2021, by=None)
    found = start(
        bureau, records(PURCHASES, purchase("P1", "S01"), purchase("P2", "S01", 采购日期="2022-01-05"))
    )
    (problem,) = found.preview["problems"]
    assert (problem["row"], problem["column"]) == (2, "采购日期")
    assert "2021 年度已于" in problem["message"]
    found = start(bureau, records(BASES, {"年度": 2021, "单位编码": "S01", "人数": 3}), "bases")
    assert "2021 年度已于" in found.preview["problems"][0]["message"]


def test_pasted_cells_are_a_workbook_too(bureau) -> None:
    text = "年度\t单位编码\t采购目标\n2021\tS01\t350,000.00\n2021\tT01\t12.5\n"
    found = worked(runs.upload(None, KINDS["targets"], by=bureau, text=text))
    assert found.preview["totals"] == [["采购目标", "350,012.50"]]
    confirmed(found)
    assert YearBase.objects.get(unit__code="S01").target == 350000
    with pytest.raises(Refused, match="请选择文件"):
        runs.upload(None, KINDS["targets"], by=bureau, text=" \n")


def test_a_dropped_import_is_over(bureau) -> None:
    found = start(bureau, records(PURCHASES, *ROWS))
    runs.drop(found, by=bureau)
    found.refresh_from_db()
    with pytest.raises(Stale, match="已放弃"):
        runs.confirm(found, by=bureau, digest=found.digest)
    assert not Purchase.objects.exists()


def test_after_a_crash_of_the_dry_run_it_is_begun_again(bureau, monkeypatch) -> None:
    monkeypatch.setattr(runs, "read", lambda *args: 1 / 0)
    found = start(bureau, records(PURCHASES, *ROWS))
    assert (found.state, found.job.state) == (ImportState.CHECKING, State.FAILED)
    monkeypatch.undo()
    found = worked(runs.again(found, by=bureau))
    assert found.state == ImportState.READY


def test_a_fault_in_the_middle_of_writing_leaves_nothing(bureau, monkeypatch) -> None:
    found = start(bureau, records(PURCHASES, *ROWS))
    monkeypatch.setattr("procurement.imports.purchases.writing._record", lambda *args: 1 / 0)
    found = confirmed(found)
    assert (found.state, found.job.state) == (ImportState.APPLYING, State.FAILED)
    assert not Purchase.objects.exists()
    monkeypatch.undo()
    found = worked(runs.again(found, by=bureau))
    assert confirmed(found).state == ImportState.DONE
