"""What the site costs, beside other programs that do the same on the same machine: `make bench`.

No test and no limit: each table has ratios, taken in one run, and says which budget of docs/performance.md holds.
"""
