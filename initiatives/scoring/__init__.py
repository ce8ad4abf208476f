"""考核评分 — 第五部分（一）: a year's criteria with their weights, and each department's and town's sheet.

Points are integers of hundredths of a point; nothing is ever rounded up. No official table of points is known: what is
here is an example (示例) until 市商务局 says otherwise.
"""
