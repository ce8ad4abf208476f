"""The work on figures that people wait for in 我的任务."""

from assessment.notice import work as notice

HANDLERS = {notice.KIND: notice.run}
