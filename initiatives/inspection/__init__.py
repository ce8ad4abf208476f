"""督查 — 第五部分（一）: 市对口支援办 asks a unit, the unit answers with evidence, what was found is followed to its end."""
