"""The recogniser: rapidocr with the models its wheel carries, one thread, pictures no larger than it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import mean
from typing import Any

SIDE = 2000  # pixels of the longer side that lines are cut from
_FIND = 1120  # pixels of the longer side that lines are looked for in; memory grows with its square
_GLANCE = 640  # pixels of the longer side that show which way lines run
_LINES = 400  # on a page; an invoice has about eighty
_LEAST = 0.5  # of certainty, below it a line is dropped
_SURE = 0.85  # mean certainty of a page that stands upright
_LONG = 2.0  # sides of a box that shows which way its text runs
_ASKED = 12  # boxes asked whether they stand on their head
Corners = list[tuple[float, float]]


@dataclass(frozen=True)
class Seen:
    """One line of text: its corners from the upper left clockwise in pixels, the engine's certainty 0…1."""

    text: str
    corners: Corners
    score: float

    @property
    def width(self) -> float:
        return max(x for x, _ in self.corners) - min(x for x, _ in self.corners)

    @property
    def height(self) -> float:
        return max(y for _, y in self.corners) - min(y for _, y in self.corners)


def _frugal(options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same session options without a plan of memory for each shape of line met, which is kept for good."""

    def without_plans(config: Any) -> Any:
        made = options(config)
        made.enable_mem_pattern = False
        return made

    return without_plans


@cache
def engine() -> Any:
    """Loaded once a process. Raises ImportError without rapidocr or onnxruntime."""
    import cv2
    import onnxruntime  # noqa: F401 - rapidocr would only say so at the first picture
    from rapidocr import RapidOCR
    from rapidocr.inference_engine.onnxruntime import OrtInferSession

    cv2.setNumThreads(1)
    setattr(OrtInferSession, "_init_sess_opts", staticmethod(_frugal(OrtInferSession._init_sess_opts)))  # noqa: B010
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            "Global.use_cls": False,  # it would turn single boxes; the page is turned instead
            "Global.max_side_len": SIDE,
            "Det.limit_type": "max",  # "min" would blow a narrow strip up without bound
            "Det.limit_side_len": _FIND,
            "Det.max_candidates": _LINES,
            "Rec.rec_batch_num": 1,  # several lines at once cost memory and save nothing on one thread
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def recognise(image: Any) -> list[Seen]:
    """The lines of a PIL picture, turned upright by quarters first. Raises ImportError without the packages."""
    image = _fitted(image)
    found = _boxes(image)
    wide, tall = _lying(found)
    if len(tall) > len(wide):
        image = image.rotate(90 * _quarters(image, found), expand=True)
    seen = _run(image)
    if seen and not _stands(seen) and (quarters := _quarters(image, seen)):
        seen = _run(image.rotate(90 * quarters, expand=True))
    return [line for line in seen if line.score >= _LEAST]


def _boxes(image: Any) -> list[Seen]:
    """Where lines stand, found in a small picture and not read: enough to see which way they run."""
    import numpy

    small = image.copy()
    small.thumbnail((_GLANCE, _GLANCE))
    scale = image.width / small.width
    found = engine()(numpy.asarray(small), use_det=True, use_cls=False, use_rec=False)
    engine().update_params(use_det=True, use_cls=False, use_rec=True)
    boxes = [] if found.boxes is None else found.boxes
    return [Seen("", [(float(x) * scale, float(y) * scale) for x, y in box], 0.0) for box in boxes]


def _fitted(image: Any) -> Any:
    """At most SIDE pixels long, and without a strip narrower than the engine takes."""
    from PIL import Image

    image = image.convert("RGB")
    image.thumbnail((SIDE, SIDE))
    if min(image.size) < 32:
        wider = Image.new("RGB", (max(image.width, 32), max(image.height, 32)), "white")
        wider.paste(image)
        return wider
    return image


def _run(image: Any) -> list[Seen]:
    import numpy

    found = engine()(numpy.asarray(image))
    if found.boxes is None or not found.txts:
        return []
    rows = zip(found.txts, found.boxes, found.scores, strict=True)
    return [Seen(text, [(float(x), float(y)) for x, y in box], float(score)) for text, box, score in rows]


def _lying(seen: Sequence[Seen]) -> tuple[list[Seen], list[Seen]]:
    """Clearly wide boxes, clearly tall ones."""
    wide = [line for line in seen if line.width > _LONG * line.height]
    return wide, [line for line in seen if line.height > _LONG * line.width]


def _stands(seen: Sequence[Seen]) -> bool:
    wide, tall = _lying(seen)
    return len(wide) >= len(tall) and mean(line.score for line in seen) >= _SURE


def _quarters(image: Any, seen: Sequence[Seen]) -> int:
    """How many quarters counter-clockwise the picture must be turned: by the boxes' shape, then by their script."""
    import numpy

    wide, tall = _lying(seen)
    turned = len(tall) > len(wide)
    boxes = sorted(tall if turned else wide, key=lambda line: -max(line.width, line.height))[:_ASKED]
    votes = 0
    for box in boxes:
        left, top = min(x for x, _ in box.corners), min(y for _, y in box.corners)
        piece = image.crop((int(left), int(top), int(left + box.width) + 1, int(top + box.height) + 1))
        piece = piece.rotate(90, expand=True) if turned else piece
        answer = engine()(numpy.asarray(piece), use_det=False, use_cls=True, use_rec=False)
        votes += 1 if answer.cls_res[0][0] == "180" else -1
    engine().update_params(use_det=True, use_cls=False, use_rec=True)
    return (1 if turned else 0) + (2 if votes > 0 else 0)
