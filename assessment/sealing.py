"""封账 and 启封: closing a year as an immutable, numbered snapshot, and opening it again on record."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessment import jsonform, policies
from assessment.facts import BaseFacts, UnitFacts
from assessment.models import Opening, Policy, PolicyStatus, Snapshot
from assessment.standing import YearStanding
from cixi_xiezuo import audit
from cixi_xiezuo.appendonly import unprotected
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.money import from_fen, yuan_text
from cixi_xiezuo.parts import modules
from procurement.choices import Status
from procurement.models import Purchase, PurchaseLine
from procurement.models.purchase import PurchaseQuerySet
from units.models import Role
from units.scope import Scope
from units.years import YearLock, hold, require_open

MAY_LOCK = (Role.BUREAU,)
MAY_OPEN = (Role.OVERSIGHT,)
"""The one who locks asks; another office decides on opening."""
CLOSED = "封账"
"""How the trail calls the closing of a year."""


def require(by: Any, roles: tuple[str, ...], doing: str) -> None:
    if by is not None and not Scope.of(by).has(*roles):
        raise NotAllowed(f"您没有{doing}的权限")


def waiting_purchases(year: int) -> PurchaseQuerySet:
    """Purchases of a year that still wait for review, by 采购编号."""
    return Purchase.objects.filter(status=Status.SUBMITTED, date__year=year).order_by("number")


def waiting(year: int) -> list[str]:
    """采购编号 of purchases of a year that still wait for review."""
    return list(waiting_purchases(year).values_list("number", flat=True))


def ended(year: int) -> bool:
    """Only a year that is over can be closed."""
    return timezone.localdate() > datetime.date(year, 12, 31)


@transaction.atomic
def lock(year: int, *, by: Any, leaving: list[str] | None = None, reason: str = "") -> Snapshot:
    """Close a year. `leaving`: the waiting purchases that are knowingly left out, exactly those there are.

    Another app keeps what is its own within the same transaction: `closing.keep(year, version)` gives what the trail
    says of it.
    Raises Refused when others wait or one named does not, or the year has not ended or is closed already.
    """
    require(by, MAY_LOCK, "封账")
    hold([year], alone=True)
    require_open([year])
    if not ended(year):
        raise Refused(f"{year} 年度尚未结束，不能封账")
    left, named = waiting(year), set(leaving or [])
    unnamed, gone = sorted(set(left) - named), sorted(named - set(left))
    if unnamed:
        raise Refused(
            f"{year} 年度还有 {len(unnamed)} 笔采购待审核（{'、'.join(unnamed[:10])}"
            f"{'…' if len(unnamed) > 10 else ''}），请先审核，或逐笔列明不再计入"
        )
    if gone:
        raise Refused(
            f"{'、'.join(gone[:10])}{'…' if len(gone) > 10 else ''} 已不在 {year} 年度的待审核采购中，"
            "请刷新页面核对后再封账"
        )
    content = canonical(content_of(year))
    now, who = timezone.now(), audit.actor_name(by)
    snapshot = Snapshot.objects.create(
        year=year,
        version=Snapshot.objects.filter(year=year).count() + 1,
        content=content,
        digest=digest(content),
        reason=reason,
        taken_by=who,
        taken_at=now,
    )
    YearLock.objects.update_or_create(
        year=year, defaults={"locked": True, "locked_by": who, "locked_at": now}
    )
    kept: dict[str, str] = {}
    for app in modules("closing"):
        kept |= app.keep(year, snapshot.version)
    # a draft of the year's own governs nothing, and stays a draft
    Policy.objects.filter(year=year, status=PolicyStatus.IN_FORCE).update(status=PolicyStatus.SEALED)
    audit.record(
        CLOSED,
        by=by,
        subject=f"{year} 年度",
        version=snapshot.version,
        digest=snapshot.digest,
        left_out=left,
        **kept,
    )
    return snapshot


def content_of(year: int) -> dict[str, Any]:
    """What a snapshot holds: everything the year's figures follow from, and the figures.

    `lines`: [采购编号/行号, 单位编码, 计入日期, 核定金额, 其中已登记金额, 责任单位编码] of each line in play.
    """
    last = datetime.date(year, 12, 31)
    closing = YearStanding.read(year, last + datetime.timedelta(days=1))
    units, bases = closing.facts.units, closing.facts.bases
    lines = PurchaseLine.objects.filter(posted=True, purchase__date__year=year)
    return {
        "year": year,
        "policy": policies.shown(closing.policy) | {"status": None},
        "bases": {unit.code: base_content(bases[pk], units) for pk, unit in units.items() if pk in bases},
        "standing": jsonform.year(closing),
        "lines": [
            [
                f"{number}/{position}",
                unit,
                str(day),
                yuan_text(amount),
                yuan_text(overlap),
                responsible,
            ]
            for number, position, unit, day, amount, overlap, responsible in lines.order_by(
                "purchase__number", "position"
            ).values_list(
                "purchase__number",
                "position",
                "purchase__unit__code",
                "purchase__date",
                "recognised",
                "overlap",
                "responsible__code",
            )
        ],
    }


def base_content(base: BaseFacts, units: Mapping[int, UnitFacts]) -> dict[str, Any]:
    """A confirmed declaration as a snapshot keeps it: amounts in 元, the representative by its code."""
    representative = None if base.canteen_representative is None else units[base.canteen_representative]

    def yuan(amount: int | None) -> str | None:
        return None if amount is None else yuan_text(from_fen(amount))

    return {
        "headcount": base.headcount,
        "canteen_budget": yuan(base.canteen_budget),
        "holiday_gifts": yuan(base.holiday_gifts),
        "target": yuan(base.target),
        "assistance_base": yuan(base.assistance_base),
        "listed": base.listed,
        "canteen": base.canteen,
        "canteen_representative": representative.code if representative else None,
        "reserve_percent": None
        if base.reserve is None
        else f"{base.reserve // 100}.{base.reserve % 100:02d}",
    }


def canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


@transaction.atomic
def ask_to_open(year: int, *, by: Any, reason: str) -> Opening:
    """申请启封: by the bureau, with a reason."""
    require(by, MAY_LOCK, "申请启封")
    if not reason.strip():
        raise Refused("请填写申请启封的原因")
    lock = YearLock.objects.filter(year=year, locked=True).first()
    if lock is None:
        raise Refused(f"{year} 年度没有封账，无须启封")
    if Opening.objects.filter(year=year, granted=None).exists():
        raise Refused(f"{year} 年度已有启封申请待决定")
    opening = Opening.objects.create(
        year=year,
        version=Snapshot.objects.filter(year=year).count(),
        reason=reason.strip(),
        asked_by=audit.actor_name(by),
        asked_at=timezone.now(),
    )
    audit.record("申请启封", by=by, subject=f"{year} 年度", reason=opening.reason)
    return opening


@transaction.atomic
def decide_opening(opening: Opening, *, by: Any, granted: bool, answer: str = "") -> Opening:
    """同意 or 拒绝, by another than who asked. Granted, the year can change until it is closed again."""
    opening = Opening.objects.select_for_update().get(pk=opening.pk)
    require(by, MAY_OPEN, "决定启封")
    if opening.granted is not None:
        raise Refused("该启封申请已有决定")
    if by is not None and opening.asked_by == audit.actor_name(by):
        raise NotAllowed("不能决定自己提出的启封申请")
    hold([opening.year], alone=True)
    opening.granted, opening.answer = granted, answer.strip()
    opening.decided_by, opening.decided_at = audit.actor_name(by), timezone.now()
    opening.save()
    if granted:
        YearLock.objects.filter(year=opening.year).update(locked=False)
        sealed = Policy.objects.filter(year=opening.year, status=PolicyStatus.SEALED)
        sealed.update(status=PolicyStatus.IN_FORCE)
    audit.record(
        "同意启封" if granted else "拒绝启封",
        by=by,
        subject=f"{opening.year} 年度",
        reason=opening.reason,
        answer=opening.answer,
        version=opening.version,
    )
    return opening


Path = tuple[str, ...]
"""Where a value stands: ("standing", "units", "S01", "canteen_share", "ratio")."""


def differences(old: Snapshot, new: Snapshot) -> Iterator[tuple[str, Any, Any]]:
    """(where, before, after) for every value that two versions of a year do not share."""
    for path, before, after in between(json.loads(old.content), json.loads(new.content)):
        yield "/".join(path), before, after


def between(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """The same of two contents."""
    if isinstance(old, list) and isinstance(new, list):
        old, new = _keyed(old), _keyed(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys(), key=str):
            here = (*path, *key) if isinstance(key, tuple) else (*path, str(key))
            yield from between(old.get(key), new.get(key), here)
    elif old != new:
        yield path, old, new


def _keyed(rows: list[Any]) -> dict[Any, Any]:
    """A list by what names its rows, so that one more row does not make all that follow differ."""
    if rows and isinstance(rows[0], dict) and "unit" in rows[0]:
        return {(row["unit"], row["rule"]) if "rule" in row else (row["unit"],): row for row in rows}
    if rows and isinstance(rows[0], dict) and "kind" in rows[0]:
        return {row["kind"]: row for row in rows}
    if rows and isinstance(rows[0], list):
        return {row[0]: tuple(row[1:]) for row in rows}
    return {row if isinstance(row, str) else index: row for index, row in enumerate(rows)}


def kept_snapshots(year: int | None = None) -> list[Snapshot]:
    """Every version of a year, or of all; `closed` says whether its year is closed today."""
    closed = Exists(YearLock.objects.filter(locked=True, year=OuterRef("year")))
    snapshots = Snapshot.objects.annotate(closed=closed).order_by("year", "version")
    return list(snapshots if year is None else snapshots.filter(year=year))


def broken_snapshots(year: int | None = None, snapshots: list[Snapshot] | None = None) -> Iterator[str]:
    """One Chinese sentence for each snapshot that is not its digest, or no longer what its year adds up to.

    Of one year, or of all; `snapshots`: what `kept_snapshots` gave, where it was asked already.
    """
    yield from unprotected(Snapshot._meta.db_table)
    locks = YearLock.objects.filter(locked=True)
    if year is not None:
        locks = locks.filter(year=year)
    latest: dict[int, Snapshot] = {}
    for snapshot in kept_snapshots(year) if snapshots is None else snapshots:
        latest[snapshot.year] = snapshot
        if digest(snapshot.content) != snapshot.digest:
            yield f"{snapshot}：内容与校验值不符"
    if year not in latest:
        for (locked,) in locks.exclude(year__in=latest).values_list("year"):
            yield f"{locked} 年度标为已封账，但没有封账快照"
    for locked in [each for each, kept in latest.items() if kept.closed]:  # type: ignore[attr-defined]
        kept, now = json.loads(latest[locked].content), json.loads(canonical(content_of(locked)))
        for path, before, after in between(kept, now):
            if path[0] != "standing" or not (before is None or _says_nothing(before, after)):
                yield f"{latest[locked]}：{'/'.join(path)} 封账时为 {before}，现为 {after}"


def _says_nothing(before: Any, after: Any) -> bool:
    """A unit's row without purchases or a base, which is gone because the unit's kind is another."""
    if after is not None or not isinstance(before, dict):
        return False
    bought = before.get("numerator", before.get("attributed"))
    return bought == "0.00" and before.get("denominator", before.get("target")) is None


def sealed_words(year: int) -> list[tuple[str, str]]:
    """For what is printed: whether the year is closed, in which version, and the digest that proves it."""
    version = Snapshot.objects.filter(year=year).defer("content").order_by("-version").first()
    if version is None or not YearLock.objects.filter(year=year, locked=True).exists():
        return [("封账", "尚未封账，数字还会变动")]
    taken = f"{version.taken_at:%Y-%m-%d}"
    return [
        ("封账", f"第 {version.version} 版，{version.taken_by} 于 {taken} 封账"),
        ("校验值", version.digest),
    ]
