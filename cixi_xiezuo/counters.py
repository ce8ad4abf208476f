"""What is counted where it happens, for a monitor (see measures).

With PROMETHEUS_MULTIPROC_DIR each process has files of its own there, named by machine and process: web and worker
share the folder, also where each is a container with processes of the same numbers.
"""

import os
import socket

from prometheus_client import Counter, Histogram, values

if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    _MACHINE = socket.gethostname().replace("_", "-")  # the library cuts a file's name at each _
    values.ValueClass = values.MultiProcessValue(lambda: f"{_MACHINE}-{os.getpid()}")  # type: ignore[no-untyped-call]

SECONDS = (0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter("cixi_requests", "Requests answered", ["page", "method", "status"])
REQUEST_SECONDS = Histogram("cixi_request_seconds", "Time to answer", ["page"], buckets=SECONDS)
TASKS = Counter("cixi_tasks", "Background work ended", ["task", "outcome"])
TASK_SECONDS = Histogram(
    "cixi_task_seconds", "Time of background work", ["task"], buckets=(*SECONDS, 60, 240)
)
READINGS = Counter("cixi_readings", "Receipts read", ["format", "outcome"])
