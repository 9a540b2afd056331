"""The time zone of times that come from Java: Python 2.7 has no class for a fixed offset."""
import datetime


class FixedOffset(datetime.tzinfo):
    """So many seconds east of UTC, at all times."""

    def __init__(self, seconds=0):
        self._seconds = seconds

    def utcoffset(self, time):
        return datetime.timedelta(seconds=self._seconds)

    def dst(self, time):
        return datetime.timedelta(0)

    def tzname(self, time):
        if self._seconds == 0:
            return "UTC"
        return "UTC%s%02d:%02d" % (("-" if self._seconds < 0 else "+",) + divmod(abs(self._seconds) // 60, 60))

    def __eq__(self, other):
        return isinstance(other, FixedOffset) and self._seconds == other._seconds

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self._seconds)

    def __reduce__(self):
        return FixedOffset, (self._seconds,)

    def __repr__(self):
        return "FixedOffset(%d)" % self._seconds
