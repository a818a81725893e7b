"""How much of patients' photos we take, and in what size they are kept."""

LARGEST_FILE = 10_000_000  # bytes, as sent
MOST_PIXELS = 40_000_000
MOST_PHOTOS = 5  # with one request
UPLOADS_PER_HOUR = 30  # from one address, good or not

# In pixels. Skin is judged on a screen, at 200 % a third of this fills it; more only makes pages and backups slow.
LONG_SIDE = 2048
SHORT_SIDE = 32
QUALITY = 85  # of JPEG: its traces are not visible at 200 %

# A photo that loads step by step has about ten scans. Thousands in a small file keep a processor busy for hours.
MOST_SCANS = 100
LARGEST_PROFILE = 100_000  # bytes of a colour profile; those of cameras have a few thousand
# Seconds that an upload waits for its turn.
LONGEST_WAIT = 15
