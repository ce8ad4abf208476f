"""Another city, with its own counties, offices, thresholds and readings, runs on its files alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from procurement.models import Region
from tests.factories import make_user
from tests.services import ROOT
from tests.workbooks import BASES, PURCHASES, UNITS, purchase, records
from units.models import Role, Unit

POLICY = ROOT / "tests" / "cities" / "donggang-2023.json"

UNIT_ROWS = [
    ("A1", "市教育体育局", "市级部门", {}),
    ("A2", "市发展改革局", "市级部门", {}),
    ("B1", "海角镇", "镇", {}),
    ("C1", "海角中心学校", "学校", {"主管部门编码": "A1", "所在镇街编码": "B1", "隶属层级": "镇街"}),
    ("C2", "海角中心学校工会", "基层工会", {"所属单位编码": "C1"}),
    ("E1", "东港渔业公司", "企业", {"主管部门编码": "A2", "所在镇街编码": "B1"}),
    ("F1", "东港农商行", "金融机构", {"所在镇街编码": "B1"}),
]
BASE_ROWS: list[dict[str, Any]] = [
    {"单位编码": "A2", "采购目标": 1000},
    {"单位编码": "B1", "采购目标": 400},
    {"单位编码": "C1", "食堂采购预算": 1000, "食堂情况": "自营"},
    {"单位编码": "C2", "人数": 1},
    {"单位编码": "E1", "宁波名单企业": "是"},
    {"单位编码": "F1", "帮扶资金基数": 4000},
]
CANTEEN = {"用途": "食堂采购", "采购渠道": "832平台"}
PURCHASE_ROWS = [
    purchase("P1", "C1", 产地="云岭县", 金额=290, **CANTEEN),
    purchase("P2", "C1", 产地="白水县", 金额=200, **CANTEEN),
    purchase("P3", "C2", 产地="石门区", 金额=310.5, 用途="工会福利"),
    purchase("P4", "E1", 产地="云岭县", 金额=900, 用途="商务帮扶", 其中已登记金额=100),
    purchase("P5", "F1", 产地="石门区", 金额=300),
    purchase("P6", "F1", 产地="别处", 金额=50),
]


@pytest.fixture
def city(db: None, run: Callable[..., Any], tmp_path: Path) -> None:
    """An empty installation that was given four files; nothing of any other city is in it."""
    units = [
        {"单位编码": code, "单位名称": name, "单位类别": kind} | more for code, name, kind, more in UNIT_ROWS
    ]
    bases = [{"年度": 2023} | row for row in BASE_ROWS]
    bought = [row | {"采购日期": "2023-05-01"} for row in PURCHASE_ROWS]
    files = {"policy": POLICY}
    for what, header, rows in (
        ("units", UNITS, units),
        ("bases", BASES, bases),
        ("purchases", PURCHASES, bought),
    ):
        files[what] = tmp_path / f"{what}.xlsx"
        files[what].write_bytes(records(header, *rows))
    for what, path in files.items():
        outcome = run("load", what, str(path))
        assert (outcome.code, outcome.err) == (0, ""), outcome.err


def test_its_figures_follow_its_own_policy(city: None, run: Callable[..., Any]) -> None:
    assert set(Region.objects.values_list("name", flat=True)) == {"云岭县", "白水县", "石门区", "别处"}
    outcome = run("assess", "2023", "--as-of", "2023-12-31", "--json")
    found = json.loads(outcome.out)
    total = found["city"]["city_total"]
    assert (total["value"], total["threshold"], total["gap"]) == ("1700.50", "5000.00", "3299.50")
    assert (total["direct"], total["commerce"]) == ("900.50", "800.00")
    assert (total["east_west"], total["mountain_sea"]) == ("1090.00", "610.50")
    towns = found["city"]["dept_town_total"]
    assert (towns["value"], towns["threshold"], towns["status"]) == ("1700.50", "1200.00", "met")
    assert [
        (
            row["unit"],
            row["rule"],
            row["numerator"],
            row["denominator"],
            row["ratio"],
            row["status"],
            row["gap"],
        )
        for row in found["units"]
    ] == [
        ("C1", "canteen_share", "290.00", "1000.00", "0.2900", "in_progress", "10.00"),
        ("C2", "union_welfare_cap", "310.50", "300.00", "1.0350", "exceeded", "10.50"),
        ("F1", "financial_share", "300.00", "4000.00", "0.0750", "met", "0.00"),
    ]
    assert [(row["unit"], row["attributed"], row["rank"]) for row in found["responsible"]] == [
        ("A1", "0.00", None),
        ("A2", "800.00", 2),
        ("B1", "900.50", 1),
    ]


def test_every_figure_is_explained_and_the_workbook_made(
    city: None, run: Callable[..., Any], tmp_path: Path
) -> None:
    outcome = run("explain", "2023", "canteen_share", "C1", "--as-of", "2023-12-31", "--json")
    explained = json.loads(outcome.out)
    assert explained["counted"] == [{"purchase": "P1", "line": 1, "amount": "290.00"}]
    assert explained["excluded"] == [
        {"purchase": "P2", "line": 1, "amount": "200.00", "reason": "region_not_paired"}
    ]
    book = tmp_path / "考核.xlsx"
    assert run("workbook", "2023", "-o", str(book)).code == 0 and book.stat().st_size > 5000
    assert run("verify").code == 0


def test_its_pages_speak_of_its_own_policy(city: None, client: Any) -> None:
    client.force_login(make_user("bureau", Role.BUREAU, Unit.objects.get(code="A1")))
    page = client.get("/policy/2023/").content.decode()
    assert "东港市2023年消费帮扶工作方案" in page and "每人每年不超过 300.00 元" in page
    assert "春节" in page and "1月21日" in page and "元旦" not in page
    for address in ("/city/", "/standings/canteen_share/", "/units/C1/", "/explain/2023/city_total/"):
        response = client.get(address, {"year": 2023})
        assert response.status_code == 200, address
    assert "云岭县" in client.get("/city/", {"year": 2023}).content.decode()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"重阳节": "2023-10-23"}, "holiday_days.重阳节：应为 元旦"),
        ({"春节": "正月初一"}, "holiday_days.春节：“正月初一”不是日期"),
        ({"春节": "2022-02-01"}, "holiday_days.春节：2022-02-01 不在 2023 年度内"),
        (["春节"], "holiday_days：应为一个对象"),
    ],
)
def test_a_holidays_day_that_is_none_is_refused(
    days: Any, said: str, db: None, run: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "政策.json"
    content = json.loads(POLICY.read_text(encoding="utf-8")) | {"holiday_days": days}
    path.write_text(json.dumps(content), encoding="utf-8")
    outcome = run("load", "policy", str(path))
    assert outcome.code == 1 and said in outcome.err
