"""Lists out, as filtered and sorted on screen: .xlsx and .csv; a long one in the background, fetched in 我的任务.

An app brings its lists in a module `lists` with `LISTS`: a sequence of `listing.Listing`.
"""
