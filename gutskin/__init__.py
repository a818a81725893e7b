import gc

# Django and what it imports are as many objects as a process ever keeps. Python would look for garbage among them after
# every 700 new ones: a sixth of the time of a start.
gc.set_threshold(10_000)
