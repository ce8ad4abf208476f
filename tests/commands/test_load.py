"""`load`: what it prints when it works, and one Chinese sentence, exit 1 and nothing stored when it can't."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from procurement.models import Purchase
from tests.factories import make_policy, make_unit
from tests.workbooks import PURCHASES, UNITS, purchase, records
from units.models import Unit

ROOT = Path(__file__).parent.parent.parent
CASE = ROOT / "tests" / "cases" / "worked"


def load(*words: str) -> str:
    out = io.StringIO()
    call_command("load", *words, stdout=out, stderr=io.StringIO())
    return out.getvalue().strip()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["units"], "请给出文件的路径"),
        (["units", "没有这个.xlsx"], "读不到文件"),
        (["units", str(CASE / "采购.xlsx")], "不是“单位”模板：缺少列 单位名称、单位类别"),
        (["purchases", __file__], r"不是 \.xlsx 工作簿"),
        (["bases", str(CASE / "单位.xlsx"), "--since", "2021-01-01"], "--since 只用于 load units"),
        (["units", "x.xlsx", "--since", "昨天"], "不是日期，应如 2021-06-30"),
        (["everything"], "不能是“everything”"),
        ([], "缺少参数"),
    ],
)
def test_it_says_in_chinese_what_is_wrong(words: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        load(*words)
    assert not Unit.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"单位编码": "X9"}, "第 2 行“单位编码”（值：X9）"),
        ({"采购日期": "2021-13-01"}, "第 2 行“采购日期”"),
        ({"金额": "1.234"}, "超过两位小数"),
        ({"产地": "布施县"}, "没有这个产地"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(tmp_path: Path, cells: dict, said: str) -> None:
    make_policy()
    make_unit("D01")
    file = tmp_path / "采购.xlsx"
    file.write_bytes(records(PURCHASES, purchase(**cells), purchase("P2")))
    with pytest.raises(CommandError) as caught:
        load("purchases", str(file))
    assert said in str(caught.value)
    assert not Purchase.objects.exists()


@pytest.mark.django_db
def test_links_may_change_from_a_day_on(tmp_path: Path) -> None:
    make_policy()
    make_unit("T01", "town")
    make_unit("E01", "enterprise", name="山货企业")
    row = {"单位编码": "E01", "单位名称": "山货企业", "单位类别": "企业", "所在镇街编码": "T01"}
    file = tmp_path / "单位.xlsx"
    file.write_bytes(records(UNITS, row))
    assert load("units", str(file), "--since", "2021年7月1日") == "单位: 新增 0, 更新 1, 未变 0"
    assert Unit.objects.get(code="E01").link_history.count() == 2


@pytest.mark.parametrize("empty_database_url", ["sqlite", "postgresql"], indirect=True)
def test_as_programs_on_an_empty_database_the_commands_give_the_expected_year(
    empty_database_url: str, tmp_path: Path
) -> None:
    keep = {
        key: value for key, value in os.environ.items() if key not in ("VAR_DIR", "DJANGO_SETTINGS_MODULE")
    }
    environment = keep | {"DATABASE_URL": empty_database_url, "MEDIA_ROOT": str(tmp_path / "receipts")}

    def manage(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
        )

    for words in (
        ["migrate", "-v0"],
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
    assert sum(round(float(part["amount"]) * 100) for part in explained["counted"]) == round(
        float(explained["figure"]) * 100
    )
    bad = manage("load", "purchases", str(CASE / "单位.xlsx"))
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr.startswith("不是“采购”模板")
