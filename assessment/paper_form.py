"""What a paper that is printed and sealed looks like: A4 with the margins and sizes of GB/T 9704-2012. Millimetres, points."""

from __future__ import annotations

TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
WIDTH = 210 - LEFT - RIGHT
"""Of the text, mm."""
TITLE, BODY, TABLE, FOOT = 22, 16, 10.5, 14
"""二号, 三号, 五号, 四号; points."""
LEADING = 28.95
"""Points from line to line: 22 lines on a page's 225 mm."""
