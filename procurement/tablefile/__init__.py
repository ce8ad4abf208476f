"""A table in a file (.xlsx, .xls, .csv) → its rows, read in a process of its own (`run.read_table`)."""
