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
    "Stats",
    "handles_open handles_opened handles_closed handles_peak crossings native_bytes handle_limit native_limit"
    " native_answered deferred bulk upcalls fields globals calls")
Calls = collections.namedtuple("Calls", "returned raised")


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
        """Counts of HPy handles, of native memory, and of calls from C into Java and back, now."""
        stats = _hpyve.stats()
        return Stats(
            stats.handlesOpen(),
            stats.handlesOpened(),
            stats.handlesClosed(),
            stats.handlesPeak(),
            stats.crossings(),
            stats.nativeBytes(),
            stats.handleLimit(),
            stats.nativeLimit(),
            stats.nativeAnswered(),
            stats.deferred(),
            stats.bulk(),
            stats.upcalls(),
            stats.fields(),
            stats.globals(),
            dict((module, Calls(*counts)) for module, counts in _hpyve.calls().items()))

    def __repr__(self):
        return "<hpyve.Interpreter %s>" % repr(self.name).lstrip("u")


_CURRENT = Interpreter()


def current():
    """The interpreter that this code runs in."""
    return _CURRENT
