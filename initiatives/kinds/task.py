"""任务: what a sentence of the plan asks, by when, of whom."""

from initiatives.kinds.base import Field, Kind

KIND = Kind(
    slug="task",
    title="任务分解",
    clause="第四部分、第五部分",
    about="把方案的每项任务分解到单位，写明完成时限和进展。",
    icon="list-details",
    due=True,
    broken_down=True,
    words={"ends": "完成时限"},
    fields=(
        Field("clause", "条款", hint="如 第四部分（三）第二段"),
        Field("measure", "完成标准"),
        Field("progress", "最新进展", today=True),
    ),
)
