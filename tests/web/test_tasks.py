"""我的任务 on its pages: one's own and nobody else's."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import File
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.jobs.models import Job, State
from cixi_xiezuo.jobs.progress import Progress
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    user = make_user("owner")
    client.force_login(user)
    return user


def finished(user, content: bytes = b"content") -> Job:
    path = storages["work"].save("jobs/one", File(io.BytesIO(content)))
    return Job.objects.create(
        owner=user,
        kind="test",
        title="导出采购台账",
        state=State.DONE,
        words="共 3 行",
        file=path,
        file_name="采购台账.xlsx",
        size=len(content),
        kept_until=timezone.now(),
    )


def test_the_list_shows_progress_and_asks_again_only_while_something_runs(client, owner) -> None:
    job = Job.objects.create(owner=owner, kind="test", title="导入采购", state=State.RUNNING)
    Progress(job.pk)("写入采购", 200, 1000)
    page = client.get(reverse("tasks")).content.decode()
    assert "写入采购 200 / 1000" in page
    assert 'hx-trigger="every 2s"' in page
    Job.objects.update(state=State.DONE, words="新增 3")
    page = client.get(reverse("task_list")).content.decode()
    assert "新增 3" in page
    assert "hx-trigger" not in page


def test_a_file_is_handed_to_its_owner_alone_and_never_shown_by_the_browser(client, owner) -> None:
    job = finished(owner)
    response = client.get(reverse("task_file", args=[job.pk]))
    assert b"".join(response.streaming_content) == b"content"
    assert response["Content-Disposition"].startswith("attachment")
    assert "%E9%87%87%E8%B4%AD%E5%8F%B0%E8%B4%A6.xlsx" in response["Content-Disposition"]
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    client.force_login(make_user("other"))
    assert client.get(reverse("task_file", args=[job.pk])).status_code == 404
    assert client.post(reverse("task_remove", args=[job.pk])).status_code == 404
    assert "采购台账" not in client.get(reverse("tasks")).content.decode()


def test_a_finished_task_is_removed_with_its_file_and_a_running_one_is_not(
    client, owner, django_capture_on_commit_callbacks
) -> None:
    job = finished(owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("task_remove", args=[job.pk]))
    assert not Job.objects.exists()
    assert not storages["work"].exists(job.file)
    assert AuditEvent.objects.filter(action="删除任务").exists()
    running = Job.objects.create(owner=owner, kind="test", title="导入", state=State.RUNNING)
    page = client.post(reverse("task_remove", args=[running.pk]), follow=True).content.decode()
    assert "任务还在进行" in page
    assert Job.objects.exists()
