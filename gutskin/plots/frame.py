from dataclasses import dataclass

# More points or bars would overlap; the table under each drawing has them all.
MOST_SHOWN = 8


@dataclass(frozen=True)
class Frame:
    """The edges of a drawing, in its own units. Narrow, so that its words can be read on a phone."""

    height: int
    top: int
    bottom: int
    width: int = 400
    left: int = 44
    right: int = 376

    def y(self, percent: float) -> float:
        """How far down a percentage is drawn: 0 on the bottom edge, 100 on the top one."""
        return round(self.bottom - (self.bottom - self.top) * percent / 100, 1)
