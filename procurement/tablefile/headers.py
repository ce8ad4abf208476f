"""How column names are recognised: blanks, marks and remarks in brackets do not matter, and what else a column is called.

FORMATS names each column once; `SYNONYMS` lists, in this one place, what offices write instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

TEMPLATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "单位": (
        ("单位编码", "单位名称", "单位类别"),
        ("统一社会信用代码", "主管部门编码", "所在镇街编码", "所属单位编码", "隶属层级"),
    ),
    "年度基数": (
        ("年度", "单位编码"),
        (
            "人数",
            "食堂采购预算",
            "节日慰问品总额",
            "采购目标",
            "帮扶资金基数",
            "宁波名单企业",
            "食堂情况",
            "共用代表单位编码",
            "预留比例",
        ),
    ),
    "采购": (
        (
            "采购编号",
            "单位编码",
            "采购日期",
            "供应商",
            "采购渠道",
            "用途",
            "产地",
            "产品名称",
            "金额",
        ),
        (
            "法定节日",
            "数量",
            "计量单位",
            "其中已登记金额",
            "原采购编号",
            "发票代码",
            "发票号码",
            "状态",
        ),
    ),
    "宁波名单企业": (("年度", "单位编码", "宁波名单企业"), ("单位名称",)),
    "采购目标": (("年度", "单位编码", "采购目标"), ("单位名称",)),
    "产品": (("产品名称",), ("认定编号", "认定有效期至")),
    "用户": (("用户名", "姓名", "单位编码", "角色"), ()),
    "供应商": (("供应商",), ("统一社会信用代码", "认定编号", "认定有效期至")),
}
"""Each workbook's columns: those a row must fill, and the others."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "单位编码": ("单位编号", "单位代码", "机构编码", "采购单位编码"),
    "单位名称": ("单位全称", "机构名称"),
    "单位类别": ("单位类型", "单位性质", "类别"),
    "统一社会信用代码": ("信用代码", "社会信用代码", "纳税人识别号", "税号", "统一信用代码"),
    "主管部门编码": ("主管部门编号", "主管部门代码", "主管部门"),
    "所在镇街编码": ("所在镇街编号", "所在镇街", "镇街编码", "所属镇街编码"),
    "所属单位编码": ("所属单位编号", "所属单位", "工会所属单位编码"),
    "隶属层级": ("隶属", "隶属关系"),
    "年度": ("年份", "年", "考核年度"),
    "人数": ("职工人数", "会员人数", "工会会员人数", "在职人数"),
    "食堂采购预算": ("食堂预算", "食堂年度采购预算", "食堂食材采购预算"),
    "节日慰问品总额": ("节日慰问总额", "慰问品总额", "节日慰问品金额"),
    "采购目标": ("年度目标", "目标任务", "目标金额", "采购任务", "目标"),
    "帮扶资金基数": ("帮扶基数", "资金基数"),
    "宁波名单企业": ("是否宁波名单企业", "名单企业", "宁波市消费帮扶企业名单"),
    "食堂情况": ("食堂类型", "食堂"),
    "共用代表单位编码": ("共用代表单位", "代表单位编码", "共用食堂代表单位编码"),
    "预留比例": ("预留份额", "批准预留比例"),
    "采购编号": ("采购单号", "采购编码", "单号"),
    "采购日期": ("日期", "采购时间", "购买日期"),
    "供应商": ("供应商名称", "供货商", "供货单位", "销售方", "销售单位"),
    "采购渠道": ("渠道", "购买渠道"),
    "用途": ("采购用途", "资金用途"),
    "法定节日": ("节日", "节日名称"),
    "产地": ("原产地", "产品产地", "产地县"),
    "产品名称": ("产品", "品名", "商品名称", "货物名称", "农产品名称"),
    "数量": ("采购数量",),
    "计量单位": ("数量单位", "单位(计量)"),
    "金额": ("采购金额", "价税合计", "含税金额", "总金额"),
    "其中已登记金额": ("已登记金额", "其中已登记"),
    "原采购编号": ("原采购单号", "退货原采购编号", "原编号"),
    "发票代码": ("发票编码",),
    "发票号码": ("发票号", "票号", "发票编号"),
    "状态": ("审核状态",),
    "用户名": ("登录名", "账号", "账户名", "用户账号"),
    "姓名": ("人员姓名", "用户姓名", "真实姓名"),
    "角色": ("用户角色", "岗位角色"),
    "认定编号": ("认定号", "扶贫产品认定编号"),
    "认定有效期至": ("有效期至", "有效期", "认定有效期"),
}

PROBLEMS = "问题"
"""The column that a returned workbook says its problems in; a corrected one may still have it."""


def normal(value: object) -> str:
    """A head as compared: without blanks, marks (•, *, ：) and a trailing remark in brackets."""
    text = unicodedata.normalize("NFKC", "" if value is None else str(value))
    text = re.sub(r"[\s•*·:\u200b\ufeff]", "", text)
    return re.sub(r"\(.*\)$", "", text) or text


_MEANT = {normal(synonym): name for name, synonyms in SYNONYMS.items() for synonym in synonyms}
NAMES = frozenset(SYNONYMS)


def canonical(heads: Sequence[object], wanted: Collection[str] = NAMES) -> list[str]:
    """Each column's agreed name. A synonym gives way to a column that bears the name itself."""
    plain = [normal(head) for head in heads]
    taken = set(plain)
    result = []
    for text in plain:
        name = _MEANT.get(text, "")
        result.append(name if text not in wanted and name in wanted and name not in taken else text)
    return result


def head_row(rows: Sequence[Sequence[object]]) -> tuple[int, int]:
    """Where in the first rows the column names stand (from 0), and how many of them are known there."""
    best, place = 0, 0
    for index, row in enumerate(rows):
        known = len(set(canonical(row)) & NAMES)
        if known > best:
            best, place = known, index
    if not best:
        place = next((index for index, row in enumerate(rows) if any(map(normal, row))), 0)
    return place, best


def recognised(names: Collection[str]) -> str:
    """The workbook whose columns these are, where all that it requires are there; "" otherwise."""
    label = max(TEMPLATES, key=lambda label: _likeness(label, names))
    return label if set(TEMPLATES[label][0]) <= set(names) else ""


def _likeness(label: str, names: Collection[str]) -> tuple[int, int]:
    """How many of a workbook's columns are there, then how few of them are missing."""
    columns = {*TEMPLATES[label][0], *TEMPLATES[label][1]}
    there = len(columns & set(names))
    return there, there - len(columns)
