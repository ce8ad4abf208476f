"""帮扶工作: the kinds, the records of one, one record, its form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessment import years
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from cixi_xiezuo.waits import keep, riding
from initiatives import records, rights, sections, tasking
from initiatives.amounts import Came, added, came, counted_by_year
from initiatives.filters import found
from initiatives.forms import RecordForm
from initiatives.forms_lasting import DatedForm, offered
from initiatives.forms_sales import SalesForm
from initiatives.kinds import KINDS, Kind
from initiatives.lasting import dated
from initiatives.lights import today, with_day
from initiatives.linkable import counting, linkable
from initiatives.models import Record, RecordPurchase
from initiatives.outlet_sales import may_report
from initiatives.plan import text_of
from initiatives.progress import acts as progress
from initiatives.progress.forms import MilestoneForm
from initiatives.progress.owing import owed_of
from initiatives.progress.pages import quarters
from initiatives.progress.reminding import may_remind
from initiatives.progress.subtasks import may_break_down
from initiatives.views.helped import help_of
from initiatives.words import Row, events_of, parts_and_places, shown
from initiatives.workbooks import SLUGS, may_import
from procurement.media import IMAGES
from procurement.models import Purchase
from units.guards import taking_part
from units.scope import Scope


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """How many records there are of each kind, and what came of them."""
    taking_part(request)
    year = years.current(request)
    rows = Record.objects.visible_to(request.user).living_in(year)
    kind_of = dict(rows.order_by().values_list("pk", "kind"))
    sums: dict[str, int] = {}
    for pk, each in came(kind_of, year).items():
        sums[kind_of[pk]] = sums.get(kind_of[pk], 0) + each.amount
    counts = [list(kind_of.values()).count(slug) for slug in KINDS]
    cards = [
        (kind, count, sums.get(kind.slug, 0)) for kind, count in zip(KINDS.values(), counts, strict=True)
    ]
    context = {"cards": cards, "sections": sections.counted(request.user)}
    return render(request, "initiatives/index.html", context)


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


@require_safe
@login_required
def listing(request: HttpRequest, kind: str) -> HttpResponse:
    taking_part(request)
    found_kind, year = _kind(kind), years.current(request)
    filtered = found(request.user, found_kind, year, request.GET)
    page = page_of(request, filtered.qs.select_related("unit", "region", "parent"))
    sums = came({record.pk: kind for record in page}, year)
    owed = owed_of(page, today())
    asked = request.GET.copy()
    asked["kind"], asked["year"] = kind, str(year)
    context = {
        "kind": found_kind,
        "filter": filtered,
        "page": page,
        "rows": [
            Row.of(record, found_kind, sums.get(record.pk, Came()), owed.get(record.pk)) for record in page
        ],
        "by_sort": _by_sort(filtered.qs, found_kind),
        "may_remind": kind == "task" and may_remind(request.user),
        "may_create_tasks": kind == "task" and tasking.may_create(request.user),
        "export_query": asked.urlencode(),
        "may_import": kind in SLUGS and may_import(Scope.of(request.user)),
    }
    return render(request, "initiatives/records.html", context)


def _by_sort(rows: Any, kind: Kind) -> list[tuple[str, int]]:
    """How many of each sort, where the kind has sorts."""
    if not any(field.name == "sort" for field in kind.fields):
        return []
    counted = rows.order_by().values_list("data__sort").annotate(n=Count("pk")).order_by("-n", "data__sort")
    return [(sort, n) for sort, n in counted if sort]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest, kind: str) -> HttpResponse:
    taking_part(request)
    found_kind = _kind(kind)
    units = list(rights.recordable(request.user).order_by("code"))
    form = RecordForm(request.POST if request.method == "POST" else None, found_kind, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            made = records.create_record(kind, form.chosen_unit(), form.content(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已登记，可以上传佐证、关联采购")
            return redirect("record", made.pk)
    context = {"kind": found_kind, "form": form, "heading": f"登记{found_kind.title}"}
    return render(request, "initiatives/form.html", context, status=422 if form.is_bound else 200)


@require_safe
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    taking_part(request)
    rows = with_day(Record.objects.visible_to(request.user).select_related("unit", "region", "parent"))
    theirs = Exists(Record.objects.editable_by(request.user).filter(pk=OuterRef("pk")))
    record: Any = get_object_or_404(riding(request, rows.annotate(may_change=theirs)), pk=pk)
    keep(request, record)
    kind, may_change = KINDS[record.kind], record.may_change
    help_of(request, kind)
    mine = Purchase.objects.visible_to(request.user).filter(pk=OuterRef("purchase"))
    linked: Any = record.links.select_related("purchase__unit").annotate(seen=Exists(mine))
    links = list(linked.order_by("purchase__date", "pk"))
    evidence = list(record.evidence.select_related("file"))
    taken = RecordPurchase.objects.filter(kind=record.kind).values("purchase")
    free = linkable(record.unit, taken) if may_change and not kind.broken_down else []
    came_of = counted_by_year({*(each.purchase_id for each in links), *(each.pk for each in free)})
    of_years = added(came_of[each.purchase_id] for each in links)
    total = sum(of_years.values())
    changing = [name for name, _ in dated(kind)] if may_change else []
    parts, places = parts_and_places(record, places=bool(changing))
    context = {
        "record": record,
        "row": Row.of(record, kind, Came(total, total)),
        "of_years": sorted(of_years.items()) if kind.lasting else [],
        "kind": kind,
        "facts": shown(record, kind),
        "parts": parts,
        "links": [(each, sum(came_of[each.purchase_id].values())) for each in links],
        "offered": counting(free, {pk: sum(years.values()) for pk, years in came_of.items()}),
        "evidence": evidence,
        "photos": [each for each in evidence if each.file.media_type in IMAGES],
        "verbs": offered(record, kind) if may_change else [],
        "dated": [DatedForm(record, kind, name, places=places) for name in changing],
        "may_change": may_change,
        "sales": SalesForm() if may_report(request.user, record) else None,
        "events": events_of(record),
        **(_broken_down(request, record, kind, may_change) if kind.broken_down else {}),
    }
    return render(request, "initiatives/record.html", context)


def _broken_down(request: HttpRequest, record: Record, kind: Kind, may_change: bool) -> dict[str, Any]:
    """The sub-tasks, milestones and reports of a task, with what may be done to them. Three queries; of a sub-task two."""
    user = request.user
    seen, changing = Record.objects.visible_to(user), may_change and record.state == kind.first
    above: dict[str, Any]
    if record.parent_id:
        above = {"parent": seen.filter(pk=record.parent_id).first()}
    else:
        children = with_day(seen.filter(parent=record)).select_related("unit").order_by("ends", "pk")
        above = {
            "children": [Row.of(each, kind, Came()) for each in children],
            "quarters": quarters(record, user, today(), may_change=may_change, closed=years.sealed(request)),
        }
    return above | {
        "milestones": progress.shown(record.milestones.select_related("done_by"), user, changing=changing),
        "paragraph": text_of(record.year, record.data.get("clause") or ""),
        "milestone_form": MilestoneForm(act="milestone") if changing else None,
        "may_break_down": changing and may_break_down(record),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    taking_part(request)
    rows = Record.objects.visible_to(request.user).editable_by(request.user)
    record = get_object_or_404(rows.select_related("unit", "region"), pk=pk)
    kind = KINDS[record.kind]
    help_of(request, kind)
    form = RecordForm(request.POST if request.method == "POST" else None, kind, record=record)
    if request.method == "POST" and form.is_valid():
        asked = request.POST.get("version", "")
        seen = int(asked) if asked.isdecimal() else None
        try:
            records.change_record(record, form.content(), by=request.user, version=seen)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存")
            return redirect("record", pk)
    context = {"kind": kind, "form": form, "record": record, "heading": f"修改{kind.title}"}
    return render(request, "initiatives/form.html", context, status=422 if form.is_bound else 200)
