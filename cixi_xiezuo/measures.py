"""What a monitor follows (Prometheus): counted where it happens, or asked of the database when the monitor asks.

PROMETHEUS_MULTIPROC_DIR names the folder that all processes of a machine, web and worker, count in together; who ended
stays counted. A monitor asks each machine, adds up what was counted, and takes what is asked of the database from one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from cixi_xiezuo import counters  # noqa: F401  registers them
from cixi_xiezuo.backup import history
from cixi_xiezuo.outbox import work
from cixi_xiezuo.parts import modules


class Gauge(NamedTuple):
    name: str
    words: str
    value: float


class _Asked(Collector):
    """The outbox's queue, the last backup, and what each app's module `gauges` gives."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        queue = work.queue()
        yield _family(Gauge("cixi_queue_waiting", "Background work that waits", queue.waiting))
        yield _family(Gauge("cixi_queue_running", "Background work under way", queue.running))
        yield _family(Gauge("cixi_queue_dead", "Background work given up", queue.dead))
        yield _family(Gauge("cixi_queue_age_seconds", "How long the oldest due work has waited", queue.age))
        if backup := history.last():
            age = (timezone.now() - backup).total_seconds()
            yield _family(Gauge("cixi_backup_age_seconds", "How long ago the last backup was made", age))
        for module in modules("gauges"):
            for gauge in module.gauges():
                yield _family(gauge)


def _family(gauge: Gauge) -> GaugeMetricFamily:
    return GaugeMetricFamily(gauge.name, gauge.words, value=gauge.value)


def text() -> bytes:
    """Everything in Prometheus's text format."""
    asked = CollectorRegistry()
    asked.register(_Asked())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # the library leaves its types out
    else:
        counted = REGISTRY
    return generate_latest(counted) + generate_latest(asked)
