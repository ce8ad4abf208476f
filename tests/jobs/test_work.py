"""我的任务: done once, after whatever crash; refused in words; files kept for their time and no longer."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.jobs import progress, work
from cixi_xiezuo.jobs.models import Job, State
from cixi_xiezuo.jobs.work import Outcome
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("clerk")


@pytest.fixture
def handle(monkeypatch):
    """handle(function): what jobs of the kind "test" do from now on."""

    def set_handler(function) -> None:
        monkeypatch.setattr(work, "handlers", lambda: {"test": function})

    return set_handler


def make_job(user, **fields) -> Job:
    return Job.objects.create(owner=user, kind="test", title="试一试", **fields)


def test_a_job_leaves_its_words_and_its_file(user, handle) -> None:
    handle(lambda job, tell: Outcome(f"好了 {job.params['n']}", io.BytesIO(b"content"), "结果.xlsx"))
    job = make_job(user, params={"n": 3})
    work.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.words, job.file_name, job.size) == (State.DONE, "好了 3", "结果.xlsx", 7)
    assert storages["work"].open(job.file).read() == b"content"
    assert job.kept_until is not None
    assert job.kept_until > timezone.now() + datetime.timedelta(days=6)


def test_a_refusal_is_said_and_a_fault_is_not_shown(user, handle) -> None:
    def refuse(job, tell):
        raise Refused("没有这样的表")

    def break_down(job, tell):
        raise ZeroDivisionError("secret detail")

    for handler, said in ((refuse, "没有这样的表"), (break_down, "系统出错，没有完成")):
        handle(handler)
        job = make_job(user)
        work.run(job.pk)
        job.refresh_from_db()
        assert job.state == State.FAILED
        assert said in job.words
        assert "secret" not in job.words


def test_a_job_is_done_once_however_often_it_is_sent(user, handle) -> None:
    done = []

    def note(job, tell):
        done.append(job.pk)
        return Outcome()

    handle(note)
    job = make_job(user)
    work.run(job.pk)
    work.run(job.pk)
    assert done == [job.pk]


def test_whoever_was_taken_over_changes_nothing_any_more(user, handle) -> None:
    def slow(job, tell):
        Job.objects.filter(pk=job.pk).update(claim="successor")
        return Outcome("迟到", io.BytesIO(b"x"), "x")

    handle(slow)
    job = make_job(user)
    work.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.words, job.file) == (State.RUNNING, "", "")
    assert storages["work"].listdir("jobs")[1] == [], (
        "the file of a job that was taken over is not left lying"
    )


def test_a_job_that_was_given_up_says_so_and_waits_again_when_it_is_retried(user, handle) -> None:
    job = make_job(user, state=State.RUNNING)
    work.given_up(job.pk)
    job.refresh_from_db()
    assert (job.state, "多次中断" in job.words) == (State.FAILED, True)
    handle(lambda job, tell: Outcome("好了"))
    work.again(job.pk)
    work.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.words) == (State.DONE, "好了")


def test_progress_is_told_while_it_runs_and_forgotten_afterwards(user, handle) -> None:
    seen = []

    def count(job, tell):
        tell("读取", 10, 40)
        seen.append(progress.shown([job.pk])[job.pk])
        return Outcome()

    handle(count)
    job = make_job(user)
    work.run(job.pk)
    assert seen == [progress.Shown("读取", 10, 40)]
    assert progress.shown([job.pk]) == {}


def test_a_file_goes_when_its_time_is_over(user, handle) -> None:
    handle(lambda job, tell: Outcome("好了", io.BytesIO(b"content"), "结果.xlsx"))
    job = make_job(user)
    work.run(job.pk)
    assert work.expire() == 0
    job.refresh_from_db()
    path = job.file
    Job.objects.update(kept_until=timezone.now() - datetime.timedelta(seconds=1))
    assert work.expire() == 1
    assert not storages["work"].exists(path)
    job.refresh_from_db()
    assert (job.file, job.file_name) == ("", "结果.xlsx")


def test_one_person_may_not_fill_the_queue(user) -> None:
    for _ in range(work.MOST):
        work.start("test", "一个", by=user)
    with pytest.raises(Refused, match="已有 20 个任务在进行"):
        work.start("test", "又一个", by=user)
    assert work.start("test", "别人的", by=make_user("other"))
