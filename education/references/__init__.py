"""References that come in: asked of registers, read from files, compared, and checked without a network."""
