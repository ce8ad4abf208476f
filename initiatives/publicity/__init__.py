"""宣传与典型 — 第五部分（四）: good practice written down by units, published by 市商务局, on a page for everybody where wanted."""
