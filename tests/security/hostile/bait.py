"""What a hostile file tries to reach, and how a family names its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bait:
    """`secret` stands in the file `path`; whoever fetches `url` is seen; `marker` is in every name to be written."""

    path: str
    secret: str
    url: str
    marker: str


Maker = Callable[[Bait], bytes]


@dataclass(frozen=True, slots=True)
class Hostile:
    """`upload` is the name a browser sends; `make` gives the bytes."""

    case: str
    upload: str
    make: Maker

    def __str__(self) -> str:
        return self.case


class Family(list[Hostile]):
    """Collects the files of one module: `@family.file("cut off", "发票.pdf")` over a function of the bait."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def add(self, case: str, upload: str, make: Maker) -> None:
        self.append(Hostile(f"{self.name}: {case}", upload, make))

    def file(self, case: str, upload: str) -> Callable[[Maker], Maker]:
        def keep(make: Maker) -> Maker:
            self.add(case, upload, make)
            return make

        return keep
