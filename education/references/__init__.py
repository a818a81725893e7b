"""References from outside: looked up in registers, read from files, compared, and checked without a network.

Citing them, and exporting them again, is in education/citation/.
"""
