import pytest

from procurement.imports import load_bases, load_purchases, load_units
from tests.factories import make_policy
from tests.workbooks import BASES, PURCHASES, UNITS, records


@pytest.fixture
def city(db) -> None:
    """The 2021 policy and a few units: a department, a town, a school with its union, an enterprise."""
    make_policy()
    load_units(
        records(
            UNITS,
            {"单位编码": "D01", "单位名称": "市教育局", "单位类别": "市级部门", "隶属层级": "市直"},
            {"单位编码": "T01", "单位名称": "观海卫镇", "单位类别": "镇"},
            {
                "单位编码": "S01",
                "单位名称": "实验中学",
                "单位类别": "学校",
                "主管部门编码": "D01",
                "所在镇街编码": "T01",
                "隶属层级": "镇街",
            },
            {"单位编码": "G01", "单位名称": "实验中学工会", "单位类别": "基层工会", "所属单位编码": "S01"},
            {"单位编码": "E01", "单位名称": "山货企业", "单位类别": "企业", "所在镇街编码": "T01"},
        ),
        by=None,
    )


@pytest.fixture
def load():
    """load(kind, *rows) with rows by column name."""

    def run(kind: str, *rows: dict, by=None, **options):
        verb, header = {
            "units": (load_units, UNITS),
            "bases": (load_bases, BASES),
            "purchases": (load_purchases, PURCHASES),
        }[kind]
        return verb(records(header, *rows), by=by, **options)

    return run
