"""The interface described by OpenAPI 3.0: by hand, so that it is read before it is changed. Tests hold it to the truth."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from assessment.api.asking import LIMIT, MOST
from assessment.models import RuleKind
from assessment.rules.reasons import Reason
from cixi_xiezuo import VERSION
from procurement.choices import Status
from units.kinds import Kind

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
YES: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "integer"}
MONEY: Schema = {"type": "string", "pattern": r"^-?\d+\.\d{2}$", "description": "元，两位小数"}
RATIO: Schema = {"type": "string", "pattern": r"^-?\d+\.\d{4}$", "nullable": True}
DAY: Schema = {"type": "string", "format": "date"}
VISIBLE: Schema = {"type": "string", "minLength": 1, "maxLength": 32, "pattern": "^[A-Za-z0-9._-]+$"}


def maybe(schema: Schema) -> Schema:
    return schema | {"nullable": True}


def record(**fields: Schema) -> Schema:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def rows(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def page(schema: Schema, **more: Schema) -> Schema:
    return record(data=rows(schema), next=maybe(TEXT), **more)


UNIT = record(
    code=TEXT, name=TEXT, kind={"type": "string", "enum": list(Kind.values)}, affiliation=TEXT,
    supervisor=maybe(TEXT), town=maybe(TEXT), host=maybe(TEXT), active=YES,
)  # fmt: skip
LINE = record(
    position=NUMBER, use=TEXT, holiday=TEXT, region=maybe(TEXT), product=TEXT,
    claimed=MONEY, recognised=maybe(MONEY), overlap=MONEY,
)  # fmt: skip
PURCHASE = record(
    number=TEXT, version=NUMBER, unit=TEXT, status={"type": "string", "enum": list(Status.values)},
    date=maybe(DAY), supplier=maybe(TEXT), channel=TEXT, refund_of=maybe(TEXT), amount=MONEY, lines=rows(LINE),
)  # fmt: skip
CHANGE = record(purchase=TEXT, action=TEXT, at={"type": "string", "format": "date-time"})
TOTAL: dict[str, Schema] = {"value": MONEY, "threshold": MONEY, "status": TEXT, "gap": MONEY}
PARTS = dict.fromkeys(("direct", "commerce", "east_west", "mountain_sea"), MONEY)
STANDINGS = record(
    year=NUMBER,
    as_of=DAY,
    city=maybe(record(city_total=record(**TOTAL, **PARTS), dept_town_total=record(**TOTAL))),
    units=rows(
        record(
            unit=TEXT, rule=TEXT, numerator=MONEY, denominator=maybe(MONEY), ratio=RATIO, status=TEXT,
            gap=maybe(MONEY),
        )
    ),
    responsible=rows(
        record(
            unit=TEXT, attributed=MONEY, target=maybe(MONEY), completion=RATIO, status=TEXT, rank=maybe(NUMBER)
        )
    ),
    unattributed=rows(TEXT),
)  # fmt: skip
PART = record(
    purchase=TEXT, line=NUMBER, unit=TEXT, amount=MONEY, counted=YES,
    reason={"type": "string", "enum": [*[each.value for each in Reason], None], "nullable": True},
)  # fmt: skip

YEAR: Schema = {"type": "integer", "minimum": 2000, "maximum": 2100}
KEY: Schema = {"type": "integer", "format": "int64", "minimum": 0, "maximum": 2**63 - 1}
LIMITED: Schema = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}


def schema() -> Schema:
    paths = {
        "/api/v1/units": _get("单位", page(UNIT), after=VISIBLE, limit=LIMITED),
        "/api/v1/purchases": _get(
            "采购及明细，按登记先后", page(PURCHASE), year=YEAR,
            status={"type": "string", "enum": list(Status.values)}, unit=VISIBLE, number=VISIBLE, after=KEY,
            limit=LIMITED,
        ),
        "/api/v1/changes": _get(
            "某游标之后采购发生的事；以返回的 next 作为下次的 after 轮询", page(CHANGE), after=KEY, limit=LIMITED
        ),
        "/api/v1/standings/{year}": _get("年度完成情况", STANDINGS, as_of=DAY, paths={"year": YEAR}),
        "/api/v1/explain/{year}/{rule}": _get(
            "一个数字由哪些明细构成", page(PART, figure=MONEY), unit=VISIBLE, as_of=DAY, after=VISIBLE,
            limit=LIMITED, paths={"year": YEAR, "rule": {"type": "string", "enum": list(RuleKind.values)}},
        ),
    }  # fmt: skip
    return {
        "openapi": "3.0.3",
        "info": {"title": f"{settings.SITE_NAME} 数据接口", "version": VERSION},
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


def _get(summary: str, shape: Schema, paths: dict[str, Schema] | None = None, **query: Schema) -> Schema:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": each} for name, each in (paths or {}).items()
    ]
    parameters += [{"name": name, "in": "query", "schema": each} for name, each in query.items()]
    refused = {
        "400": "参数有误",
        "401": "没有有效的令牌",
        "403": "不是 HTTPS 请求",
        "404": "没有",
        "405": "只能读取",
        "429": "过于频繁",
    }
    answers: Schema = {
        status: {"description": words, "content": {"application/json": {"schema": record(error=TEXT)}}}
        for status, words in refused.items()
    }
    answers["200"] = {"description": "数据", "content": {"application/json": {"schema": shape}}}
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}
