"""Copies of everything that must not be lost, made while the system runs, and put back into an empty place.

A place of backups looks like this; a file of receipts is kept once, whatever the number of backups that name it:

    20211231-235900/manifest.json     what there is, with its hashes; manifest.sha256 beside it
    20211231-235900/tables/*.rows          a line of JSON a row, compressed, in values any database reads
    files/01/23/0123…                 receipts, by the path they have in the store

With a key every file but the manifest is encrypted by age (`.age`).
"""
