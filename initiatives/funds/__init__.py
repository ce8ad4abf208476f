"""扶持资金 — 第五部分（二）: schemes with a budget a year, applications with what was bought as evidence, decided by two offices."""
