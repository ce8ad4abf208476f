"""市场监管 — 第五部分（三）: complaints about quality and price, and what the offices find of them; the blacklist."""
