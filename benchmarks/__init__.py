"""Speed as ratios against a named baseline in the same run, never as times to be met. `make bench`."""
