"""Addresses of 我的任务."""

from django.urls import URLPattern, path

from cixi_xiezuo.jobs.views import task_file, task_list, task_remove, tasks

urlpatterns: list[URLPattern] = [
    path("tasks/", tasks, name="tasks"),
    path("tasks/list/", task_list, name="task_list"),
    path("tasks/<int:pk>/file/", task_file, name="task_file"),
    path("tasks/<int:pk>/remove/", task_remove, name="task_remove"),
]
