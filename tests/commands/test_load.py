"""`load`: what it prints when it works, and one Chinese sentence, exit 1 and nothing stored when it can't."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from assessment import sealing
from assessment.models import Policy
from cixi_xiezuo.audit import AuditEvent
from procurement.models import Purchase, Region
from tests.factories import make_policy, make_unit
from tests.services import ROOT
from tests.workbooks import BASES, PURCHASES, UNITS, purchase, records, workbook
from units.kinds import Kind
from units.models import Membership, RoleRequest, Unit, User, YearBase

CASE = ROOT / "tests" / "cases" / "worked"


def stored() -> dict[str, int]:
    """How many rows of each kind there are."""
    return {
        model.__name__: model.objects.count()
        for model in (Unit, YearBase, Purchase, Policy, Region, AuditEvent)
    }


@pytest.fixture
def refused(run) -> Callable[..., str]:
    """`refused("units", "x.xlsx")` → what `load` said; it ended with 1, without a traceback, and stored nothing."""

    def call(*words: str) -> str:
        before = stored()
        outcome = run("load", *words)
        assert (outcome.code, outcome.out) == (1, "")
        assert "Traceback" not in outcome.err and "Error" not in outcome.err
        assert stored() == before
        return outcome.err.strip()

    return call


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "缺少参数：WHAT"),
        ("everything", "不能是“everything”"),
        ("units {case}/单位.xlsx more", "不认识的参数：more"),
        ("units", "请给出文件的路径，如：python manage.py load units 单位.xlsx"),
        ("bases", "load bases 年度基数.xlsx"),
        ("purchases", "load purchases 采购.xlsx"),
        ("people", "load people 用户.xlsx"),
        ("people {case}/单位.xlsx", "不是“用户”模板：缺少列"),
        ("policy", "load policy 政策.json"),
        ("units {tmp}/none.xlsx", "读不到文件"),
        ("bases {tmp}/none.xlsx", "读不到文件"),
        ("purchases {tmp}/none.xlsx", "读不到文件"),
        ("policy {tmp}/none.json", "读不到文件"),
        ("units {tmp}", "读不到文件"),
        ("policy {tmp}/junk/inside.json", "读不到文件"),
        ("units {case}/采购.xlsx", "不是“单位”模板：缺少列 单位名称、单位类别"),
        ("bases {case}/单位.xlsx", "不是“年度基数”模板：缺少列 年度"),
        ("purchases {case}/单位.xlsx", "不是“采购”模板：缺少列"),
        ("units {tmp}/junk", "不是 .xlsx 工作簿"),
        ("bases {tmp}/junk", "不是 .xlsx 工作簿"),
        ("purchases {tmp}/junk", "不是 .xlsx 工作簿"),
        ("policy {tmp}/junk", "JSON"),
        ("policy {case}/单位.xlsx", "JSON"),
        ("bases {case}/年度基数.xlsx --since 2021-01-01", "--since 只用于 load units"),
        ("units {case}/单位.xlsx --since 昨天", "“昨天”不是日期，应如 2021-06-30"),
        ("units {case}/单位.xlsx --since 2021.6.30", "不是日期"),
        ("units {case}/单位.xlsx --since", "后面要有一个值"),
        ("demo", "只用于演示环境"),
        ("demo --logins", "只用于演示环境"),
    ],
)
def test_it_says_in_one_chinese_sentence_what_is_wrong(line: str, said: str, refused, tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(b"\xff\xfe not a table, not JSON")
    words = refused(*(word.format(case=CASE, tmp=tmp_path) for word in line.split()))
    assert said in words
    assert len(words.splitlines()) == 1


@pytest.fixture
def city(db: None) -> None:
    make_policy()
    make_unit("D01")
    make_unit("S01", Kind.SCHOOL)


UNIT = {"单位编码": "S01", "单位名称": "实验中学", "单位类别": "学校"}
BASE = {"年度": 2021, "单位编码": "S01"}
BAD_ROWS = [
    ("units", UNIT | {"主管部门编码": "X9"}, "第 2 行“主管部门编码”（值：X9）：没有这个编码的单位"),
    ("units", UNIT | {"单位类别": "中学"}, "第 2 行“单位类别”（值：中学）：应为 市级部门、镇"),
    ("bases", BASE | {"单位编码": "X9"}, "第 2 行“单位编码”（值：X9）：没有这个编码的单位"),
    (
        "bases",
        BASE | {"食堂采购预算": "1000.001"},
        "第 2 行“食堂采购预算”（值：1000.001）：金额“1000.001”超过两位小数",
    ),
    ("bases", BASE | {"年度": "去年"}, "第 2 行“年度”（值：去年）"),
    ("purchases", purchase(单位编码="X9"), "第 2 行“单位编码”（值：X9）：没有这个编码的单位"),
    ("purchases", purchase(采购日期="2021-13-01"), "没有“2021-13-01”这一天"),
    ("purchases", purchase(采购日期="2021.6.30"), "不是日期，应如 2021-06-30、2021/6/30 或 2021年6月30日"),
    ("purchases", purchase(金额="1.234"), "第 2 行“金额”（值：1.234）：金额“1.234”超过两位小数"),
    ("purchases", purchase(金额=0), "金额不能为 0"),
    ("purchases", purchase(产地="布施县"), "第 2 行“产地”（值：布施县）：没有这个产地，是否为"),
]
HEADERS = {"units": UNITS, "bases": BASES, "purchases": PURCHASES}
GOOD = {"units": UNIT | {"单位编码": "N1"}, "bases": BASE | {"单位编码": "D01"}, "purchases": purchase("P2")}


@pytest.mark.parametrize(("what", "row", "said"), BAD_ROWS)
def test_a_bad_row_is_named_and_the_good_ones_are_not_stored_either(
    what: str, row: dict, said: str, city: None, refused, tmp_path: Path
) -> None:
    file = tmp_path / "一份.xlsx"
    file.write_bytes(records(HEADERS[what], row, GOOD[what]))
    assert said in refused(what, str(file))


def test_every_bad_row_gets_a_line_of_its_own(city: None, refused, tmp_path: Path) -> None:
    file = tmp_path / "采购.xlsx"
    rows = [purchase(金额="x"), purchase("P2"), purchase("P3", 单位编码="X9"), purchase("P4", 产地="月球")]
    file.write_bytes(records(PURCHASES, *rows))
    lines = refused("purchases", str(file)).splitlines()
    assert [line.partition("（")[0] for line in lines] == [
        "第 2 行“金额”",
        "第 4 行“单位编码”",
        "第 5 行“产地”",
    ]


def test_a_purchase_number_with_two_heads_is_refused(city: None, refused, run, tmp_path: Path) -> None:
    file = tmp_path / "采购.xlsx"
    file.write_bytes(records(PURCHASES, purchase(), purchase(供应商="另一家")))
    assert "供应商" in refused("purchases", str(file))
    file.write_bytes(records(PURCHASES, purchase()))
    assert run("load", "purchases", str(file)).code == 0
    file.write_bytes(records(PURCHASES, purchase(供应商="另一家")))
    assert "不能覆盖" in refused("purchases", str(file)), "what is approved stays as it is"
    file.write_bytes(records(PURCHASES, purchase(unit="S01", 状态=None)))
    assert "已用于另一单位的采购" in refused("purchases", str(file))


def test_a_policy_is_loaded_once_and_a_wrong_one_not_at_all(city: None, refused, run, tmp_path: Path) -> None:
    policy = json.loads((ROOT / "fixtures" / "policies" / "2021.json").read_text())
    file = tmp_path / "政策.json"
    file.write_text(json.dumps(policy | {"year": 2022}))
    assert run("load", "policy", str(file)).out.strip() == "2022 年度政策: 新增 1, 更新 0, 未变 0"
    assert run("load", "policy", str(file)).out.strip() == "2022 年度政策: 新增 0, 更新 0, 未变 1"
    pairing = {"region": "布施县", "kind": "east_west"}
    for wrong, said in (
        ({"year": "明年"}, "“明年”应为四位年度"),
        ({"title": ""}, "title：应为不超过 200 个字的文字"),
        ({"pairings": [pairing]}, "pairings 中的产地 布施县 不在产地表内"),
        ({"rules": policy["rules"][1:]}, "缺少规则 city_total"),
    ):
        file.write_text(json.dumps(policy | {"year": 2023} | wrong))
        words = refused("policy", str(file))
        assert said in words
        assert len(words.splitlines()) == 1


def test_a_locked_year_refuses_what_would_change_it(city: None, refused, tmp_path: Path) -> None:
    sealing.lock(2021, by=None)
    file = tmp_path / "采购.xlsx"
    file.write_bytes(records(PURCHASES, purchase()))
    assert "2021 年度已于" in refused("purchases", str(file))


def test_notices_leave_standard_output_to_the_counts(city: None, run, tmp_path: Path) -> None:
    row = purchase()
    file = tmp_path / "采购.xlsx"
    file.write_bytes(workbook([*row, "备注"], [[*row.values(), "随便"]]))
    outcome = run("load", "purchases", str(file))
    assert (outcome.code, outcome.out.strip()) == (0, "采购: 新增 1, 更新 0, 未变 0")
    assert outcome.err.strip() == "提示：未识别的列已忽略：备注"


@pytest.mark.django_db
def test_links_may_change_from_a_day_on(run, tmp_path: Path) -> None:
    make_policy()
    make_unit("T01", "town")
    make_unit("E01", "enterprise", name="山货企业")
    row = {"单位编码": "E01", "单位名称": "山货企业", "单位类别": "企业", "所在镇街编码": "T01"}
    file = tmp_path / "单位.xlsx"
    file.write_bytes(records(UNITS, row))
    outcome = run("load", "units", str(file), "--since", "2021年7月1日")
    assert (outcome.code, outcome.out.strip()) == (0, "单位: 新增 0, 更新 1, 未变 0")
    assert Unit.objects.get(code="E01").link_history.count() == 2


@pytest.mark.django_db
def test_people_are_asked_for_and_can_do_nothing_until_another_says_so(run: Callable, tmp_path: Path) -> None:
    make_unit("E01")
    file = tmp_path / "用户.xlsx"
    rows = [
        ["wang", "王一", "E01", "经办人"],
        ["wang", "王一", "E01", "单位负责人"],
        ["li", "李二", "E01", "经办人"],
    ]
    file.write_bytes(workbook(["用户名", "姓名", "单位编码", "角色"], rows))
    outcome = run("load", "people", str(file))
    assert (outcome.code, outcome.out.strip()) == (0, "用户: 新增 2, 更新 0, 未变 0")
    assert RoleRequest.objects.count() == 3 and not Membership.objects.exists()
    assert not any(user.has_usable_password() for user in User.objects.all())
    rows[2][3] = "局长"
    file.write_bytes(workbook(["用户名", "姓名", "单位编码", "角色"], rows))
    outcome = run("load", "people", str(file))
    assert outcome.code == 1 and "第 4 行" in outcome.err and "局长" in outcome.err


@pytest.mark.nodb  # makes databases of both kinds for itself
@pytest.mark.parametrize("migrated_database_url", ["sqlite", "postgresql"], indirect=True)
def test_as_programs_on_empty_tables_the_commands_give_the_expected_year(
    migrated_database_url: str, tmp_path: Path
) -> None:
    keep = {
        key: value for key, value in os.environ.items() if key not in ("VAR_DIR", "DJANGO_SETTINGS_MODULE")
    }
    environment = keep | {"DATABASE_URL": migrated_database_url, "MEDIA_ROOT": str(tmp_path / "receipts")}

    def manage(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
        )

    for words in (
        ["load", "reference"],
        ["load", "units", str(CASE / "单位.xlsx")],
        ["load", "bases", str(CASE / "年度基数.xlsx")],
        ["load", "purchases", str(CASE / "采购.xlsx")],
        ["verify"],
    ):
        done = manage(*words)
        assert done.returncode == 0, done.stderr
    for expected in json.loads((CASE / "expected.json").read_text()):
        done = manage("assess", str(expected["year"]), "--as-of", expected["as_of"], "--json")
        assert json.loads(done.stdout) == expected
    explained = json.loads(
        manage("explain", "2021", "canteen_share", "D02", "--as-of", "2021-12-31", "--json").stdout
    )
    assert total(explained["counted"]) == Decimal(explained["figure"])
    bad = manage("load", "purchases", str(CASE / "单位.xlsx"))
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr.startswith("不是“采购”模板")


def total(parts: list[dict]) -> Decimal:
    return sum((Decimal(part["amount"]) for part in parts), Decimal("0.00"))


@pytest.mark.nodb  # explanations add up on both in tests/assessment
@pytest.mark.django_db
@pytest.mark.parametrize("case", ["worked", "random-1", "random-2"])
def test_each_figure_of_a_year_is_what_its_explanation_counts(case: str, run) -> None:
    """On the last of each year's days: every unit on every rule, everyone who answers, and the two totals."""
    folder = CASE.parent / case
    for words in (
        ["reference"],
        ["units", str(folder / "单位.xlsx")],
        ["bases", str(folder / "年度基数.xlsx")],
        ["purchases", str(folder / "采购.xlsx")],
    ):
        assert run("load", *words).code == 0
    last = {each["year"]: each for each in json.loads((folder / "expected.json").read_text())}
    for expected in last.values():
        figures = [(each["rule"], [each["unit"]], each["numerator"]) for each in expected["units"]]
        figures += [("dept_town_total", [row["unit"]], row["attributed"]) for row in expected["responsible"]]
        figures += [(rule, [], row["value"]) for rule, row in expected["city"].items()]
        year, as_of = str(expected["year"]), expected["as_of"]
        for rule, unit, figure in figures:
            outcome = run("explain", year, rule, *unit, "--as-of", as_of, "--json")
            assert outcome.code == 0, outcome.err
            explained = json.loads(outcome.out)
            assert explained["figure"] == figure, (rule, unit)
            assert total(explained["counted"]) == Decimal(figure), (rule, unit)
