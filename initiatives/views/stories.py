"""宣传与典型: the list, a new story, one story with its pictures, what is done to it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from initiatives import papers, photos, rights
from initiatives.acting import Offer, offers
from initiatives.publicity import acts, filters, pictures, scope, stories
from initiatives.publicity.forms import StoryForm
from initiatives.publicity.models import Story
from initiatives.views.case import detail_and_act
from initiatives.views.papers import attach_to
from initiatives.words import happened
from units.guards import taking_part

LIST = "/initiatives/stories/"


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    found = filters.stories(request.user, request.GET)
    context = {
        "filter": found,
        "page": page_of(request, found.qs.select_related("unit")),
        "export_query": request.GET.urlencode(),
        "public": settings.PUBLIC_PAGE,
    }
    return render(request, "initiatives/stories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    units = list(rights.recordable(request.user).order_by("code"))
    form = StoryForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_bound and form.is_valid():
        try:
            made = stories.write(form.chosen_unit(), form.content(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            files = request.FILES.getlist("files")
            for sentence in papers.attach_all("story", made, files, by=request.user):
                messages.error(request, sentence)
            messages.success(request, "已保存草稿，核对后提交审核")
            return redirect("story", made.pk)
    return _form(request, form, "撰写宣传稿件", LIST, with_files="图片（可多选，每个不超过 20 MB）")


def _form(request: HttpRequest, form: StoryForm, heading: str, url: str, **more: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "list_title": "宣传与典型", "list_url": url, **more}
    return render(request, "initiatives/case_form.html", context, status=422 if form.is_bound else 200)


def _visible(request: HttpRequest, pk: int) -> Story:
    taking_part(request)
    return get_object_or_404(scope.visible(request.user).select_related("unit"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    story = _visible(request, pk)
    if not scope.may_attach(request.user, story):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = StoryForm(data, initial=StoryForm.initial_of(story))
    if form.is_bound and form.is_valid():
        try:
            stories.change(story, form.content(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存")
            return redirect("story", pk)
    return _form(request, form, "修改宣传稿件", f"{LIST}{pk}/")


def _page(request: HttpRequest, story: Story, refused: Offer | None = None) -> HttpResponse:
    user, theirs = request.user, scope.sees_all_of(request.user, story)
    context = {
        "story": story,
        "pictures": pictures.of_each([story]).get(story.pk, []),
        "theirs": theirs,
        "papers": papers.shown("story", story, request.user) if theirs else [],
        "may_attach": scope.may_attach(user, story),
        "offers": offers(user, story, acts.STORY, refused),
        "events": happened(story.unit.code, stories.subject_of(story)) if theirs else [],
    }
    return render(request, "initiatives/story.html", context, status=422 if refused else 200)


detail, act = detail_and_act("story", found=_visible, page=_page, acts=acts.STORY)


@require_POST
@login_required
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    taking_part(request)
    return attach_to(request, "story", pk)


@require_safe
@login_required
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Drawn anew, to whoever sees its story; `pk` is the paper's."""
    taking_part(request)
    rows = pictures.pictures().filter(story__in=scope.visible(request.user).order_by().values("pk"))
    return photos.shown(get_object_or_404(rows.select_related("file"), pk=pk).file)
