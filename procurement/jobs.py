"""The work on purchases that people wait for in 我的任务."""

from procurement.imports import runs

HANDLERS = {runs.CHECK: runs.check, runs.APPLY: runs.apply}
