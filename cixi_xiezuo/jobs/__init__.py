"""我的任务: a person's own long work, done in the background, with its progress and its file.

An app brings its kinds of work in a module `jobs` with `HANDLERS`: name → function(job, progress) → Outcome.
"""
