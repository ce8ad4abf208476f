"""Whatever is wrong with what a command is given, it says so in one Chinese sentence and ends with 1."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import make_policy, make_unit
from tests.services import ROOT
from units.kinds import Kind

BAD = [
    ("assess", "缺少参数：YEAR"),
    ("assess abc", "“abc”不是年度"),
    ("assess 20211", "不是年度"),
    ("assess -5", "“-5”不是年度"),
    ("assess 1999", "年份应在 2000 到 2100 之间"),
    ("assess 2020", "没有 2020 年度及以前的政策"),
    ("assess 2021 --as-of", "参数 --as-of 后面要有一个值"),
    ("assess 2021 --as-of yesterday", "“yesterday”不是日期"),
    ("assess 2021 --as-of 2021-02-30", "没有“2021-02-30”这一天"),
    ("assess 2021 --as-of 2021-2-3-4", "不是日期"),
    ("assess 2021 --as-of 20210203", "不是日期"),
    ("assess 2021 2022", "不认识的参数：2022"),
    ("assess 2021 --xml", "不认识的参数：--xml"),
    ("explain", "缺少参数：YEAR, RULE"),
    ("explain 2021 nonsense", "没有规则“nonsense”"),
    ("explain 2021 canteen_share", "请给出单位编码"),
    ("explain 2021 canteen_share NOBODY", "没有编码为“NOBODY”的单位"),
    ("explain 2021 canteen_share E01", "不适用于单位 E01"),
    ("explain 2021 dept_town_total E01", "不是部门、镇、街道或管委会"),
    ("explain 2021 city_total E01", "不适用于单位 E01"),
    ("workbook 2021", "缺少参数：-o/--output"),
    ("workbook 2021 -o book.pdf", "应以 .xlsx 结尾"),
    ("workbook 2021 -o {tmp}", "应以 .xlsx 结尾"),
    ("workbook 2021 -o {tmp}/none/book.xlsx", "文件夹不存在"),
    ("workbook 2021 -o {tmp}/folder.xlsx", "是文件夹"),
    ("workbook 2021 -o {tmp}/file/book.xlsx", "不是文件夹"),
    ("workbook 2020 -o {tmp}/book.xlsx", "没有 2020 年度及以前的政策"),
    ("extract", "缺少参数：FILE"),
    ("extract {tmp}/none.pdf", "没有文件"),
    ("extract {tmp}/none.pdf --json", "没有文件"),
    ("extract {tmp}", "是文件夹"),
    ("verify everything", "不认识的参数：everything"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("line", "sentence"), BAD, ids=[line for line, _ in BAD])
def test_it_says_what_is_wrong(line: str, sentence: str, run, tmp_path: Path) -> None:
    make_policy()
    make_unit("E01", Kind.ENTERPRISE)
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "file").touch()
    before = sorted(path.name for path in tmp_path.iterdir())
    outcome = run(*line.format(tmp=tmp_path).split())
    assert outcome.code == 1
    assert sentence in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1
    assert "Traceback" not in outcome.err + outcome.out
    assert "Error" not in outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("command", ["assess 2021 --json", "explain 2021 city_total --json", "verify"])
def test_a_database_without_tables_is_a_sentence_too(
    command: str, empty_database_url: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "cixi_xiezuo.settings",
            "DATABASE_URL": empty_database_url,
            "VAR_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "请先运行 python manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr
