"""Hostile files, one family a module: made when a test asks for them, never kept.

A new one is a function in its family's module; `CORPUS` finds it.
"""

from tests.security.hostile.bait import Bait, Hostile
from tests.security.hostile.families import CORPUS

__all__ = ["CORPUS", "Bait", "Hostile"]
