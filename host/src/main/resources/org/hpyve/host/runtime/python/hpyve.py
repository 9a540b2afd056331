"""Tells a Python program where it runs."""
import collections
import sys
import types

import _hpyve

# Python 3's exceptions that Python 2.7 has not, as C code raises them here: `except exceptions.FileNotFoundError`.
exceptions = types.ModuleType("hpyve.exceptions", "Exceptions of Python 3 that extensions may raise.")
exceptions.__dict__.update(_hpyve.exceptions())
# More open handles, or more native memory of extensions, than the interpreter may have; a MemoryError.
LimitExceeded = exceptions.__dict__.pop("LimitExceeded")
sys.modules[exceptions.__name__] = exceptions

# Raised in a task whose time is over.
TaskTimeout = _hpyve.taskTimeout()

Stats = collections.namedtuple(
    "Stats", "handles_open handles_opened handles_closed handles_peak crossings native_bytes")


class Interpreter(object):
    """The interpreter that this code runs in."""

    @property
    def name(self):
        return _hpyve.name()

    @property
    def isolation(self):
        return _hpyve.isolation()

    @property
    def hpy_mode(self):
        return "universal"

    @property
    def bridge(self):
        return _hpyve.bridge()

    def stats(self):
        """Counts of HPy handles, of crossings into Java, and of native bytes, now."""
        stats = _hpyve.stats()
        return Stats(
            stats.handlesOpen(),
            stats.handlesOpened(),
            stats.handlesClosed(),
            stats.handlesPeak(),
            stats.crossings(),
            stats.nativeBytes())

    def __repr__(self):
        return "<hpyve.Interpreter %s>" % repr(self.name).lstrip("u")


_CURRENT = Interpreter()


def current():
    """The interpreter that this code runs in."""
    return _CURRENT
