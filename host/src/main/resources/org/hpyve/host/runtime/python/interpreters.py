"""The interpreters of a host, in the shape of Python 3.14's concurrent.interpreters.

create() makes an interpreter, its methods run code in it, and queues bring values from one to another. What can be sent
and what is shared: see is_shareable() and docs/reference/python-modules.md.
"""
from __future__ import absolute_import

import exceptions as _exceptions
import Queue as _queue_module
import threading as _threading
import weakref as _weakref

import _hpyve

__all__ = [
    "get_current", "get_main", "create", "list_all", "is_shareable", "Interpreter", "InterpreterError",
    "InterpreterNotFoundError", "ExecutionFailed", "NotShareableError", "create_queue", "Queue", "QueueError",
    "QueueNotFoundError", "QueueEmpty", "QueueFull", "ItemInterpreterDestroyed", "UNBOUND", "UNBOUND_ERROR",
    "UNBOUND_REMOVE"]

_link = _hpyve.interpreters()
_lock = _threading.Lock()


class InterpreterError(Exception):
    """Something could not be done with an interpreter."""


class InterpreterNotFoundError(InterpreterError):
    """The interpreter is closed, or there never was one."""


class NotShareableError(TypeError):
    """An object cannot be sent to another interpreter."""


class _ExceptionType(object):
    """What is told of the class of an exception that was raised in another interpreter."""

    def __init__(self, name):
        module, _, self.__name__ = name.rpartition(".")
        self.__module__ = module or ("exceptions" if hasattr(_exceptions, name) else "__main__")
        self.__qualname__ = self.__name__

    def __repr__(self):
        return "<type '%s.%s'>" % (self.__module__, self.__name__)


class _ExceptionInfo(object):
    """What is told of an exception that was raised in another interpreter: type, msg, formatted, errdisplay."""

    def __init__(self, type, msg, formatted, errdisplay):
        self.type = type
        self.msg = msg
        self.formatted = formatted
        self.errdisplay = errdisplay

    def __repr__(self):
        return "<excinfo %s>" % (self.formatted,)


class ExecutionFailed(InterpreterError):
    """Code in another interpreter has raised an exception.

    excinfo tells of it: type.__name__, msg, formatted (one line) and errdisplay (with the traceback).
    """

    def __init__(self, excinfo):
        InterpreterError.__init__(self, excinfo)
        self.excinfo = excinfo

    def __str__(self):
        return "%s\n\nUncaught in the interpreter:\n\n%s" % (self.excinfo.formatted, self.excinfo.errdisplay)


def _failed(name, msg, formatted, errdisplay):
    def native(text):
        try:
            return str(text)
        except UnicodeError:
            return text.encode("utf-8")
    return ExecutionFailed(_ExceptionInfo(
        _ExceptionType(native(name)), native(msg), native(formatted), native(errdisplay).rstrip("\n")))


class QueueError(RuntimeError):
    """Something could not be done with a queue."""


class QueueNotFoundError(QueueError):
    """The queue is closed, nobody has it any more, or there never was one."""


class QueueEmpty(QueueError, _queue_module.Empty):
    """There was nothing in the queue."""


class QueueFull(QueueError, _queue_module.Full):
    """There was no room in the queue."""


class ItemInterpreterDestroyed(QueueError):
    """The interpreter that has put the item was closed before somebody took it."""


class _Unbound(object):
    """What becomes of an item whose interpreter is closed."""

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return "interpreters." + self._name

    def __reduce__(self):
        return self._name


UNBOUND_REMOVE = _Unbound("UNBOUND_REMOVE")
UNBOUND_ERROR = _Unbound("UNBOUND_ERROR")
UNBOUND = _Unbound("UNBOUND")
_ORPHANS = (None, UNBOUND_REMOVE, UNBOUND_ERROR, UNBOUND)


def _orphans(unbound):
    for number, each in enumerate(_ORPHANS):
        if number and each is unbound:
            return number
    raise NotImplementedError("unsupported unbound replacement op %r" % (unbound,))


def _checked_id(id):
    if isinstance(id, bool) or not isinstance(id, (int, long)):
        raise TypeError("id must be an int, got %r" % (id,))
    if not -1 << 63 <= id < 1 << 63:
        raise OverflowError("id out of range: %d" % id)
    return int(id)


class Interpreter(object):
    """An interpreter of this host; one object for each.

    The methods that do something with it are for interpreters that were made by create().
    """

    _known = _weakref.WeakValueDictionary()

    def __new__(cls, id):
        id = _checked_id(id)
        with _lock:
            known = cls._known.get(id)
            if known is None:
                whence = "interpreters module" if _link.madeByPython(id) else "host"
                known = object.__new__(cls)
                known._id = id
                known._whence = whence
                cls._known[id] = known
            return known

    @property
    def id(self):
        """Its number in the host."""
        return self._id

    @property
    def whence(self):
        """Who made it: "host" or "interpreters module"."""
        return self._whence

    def is_running(self):
        """Does it run code that somebody waits for?"""
        return _link.isRunning(self._id)

    def close(self):
        """Ends it. InterpreterError if it runs something, or is the current one."""
        _link.close(self._id)

    def prepare_main(*args, **kwargs):
        """prepare_main(ns=None, **kwargs): sets variables of its __main__."""
        if not 1 <= len(args) <= 2:
            raise TypeError("prepare_main() takes at most 1 positional argument (%d given)" % (len(args) - 1))
        _link.prepare(args[0]._id, dict(*(args[1:] if args[1:] != (None,) else ()), **kwargs))

    def exec_(self, code):
        """Runs statements in its __main__ and waits for that; ExecutionFailed if they raise something.

        The method has the name exec, too.
        """
        getattr(_link, "exec")(self._id, code)

    def call(*args, **kwargs):
        """call(callable, *args, **kwargs): calls something in it and waits for the result."""
        self, callable, args = _callable_first("call", args)
        return _link.call(self._id, callable, args, kwargs)

    def call_in_thread(*args, **kwargs):
        """call_in_thread(callable, *args, **kwargs): a started thread that calls something in it."""
        self, callable, args = _callable_first("call_in_thread", args)
        thread = _threading.Thread(target=_link.call, args=(self._id, callable, args, kwargs))
        thread.start()
        return thread

    def __reduce__(self):
        return Interpreter, (self._id,)

    def __eq__(self, other):
        return isinstance(other, Interpreter) and other._id == self._id

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self._id)

    def __repr__(self):
        return "Interpreter(%d)" % self._id


setattr(Interpreter, "exec", Interpreter.__dict__["exec_"])


def _callable_first(name, args):
    if len(args) < 2:
        raise TypeError("%s() missing 1 required positional argument: 'callable'" % name)
    return args[0], args[1], args[2:]


def create():
    """A new interpreter, with the settings of this host. It lives until it is closed, or its host is."""
    return Interpreter(_link.create())


def get_current():
    """The interpreter that this code runs in."""
    return Interpreter(_link.current())


def get_main():
    """The interpreter from which all began that made this one: itself, if it was made by the host."""
    return Interpreter(_link.main())


def list_all():
    """The open interpreters of this host, by id."""
    all = []
    for id in _link.all():
        try:
            all.append(Interpreter(id))
        except InterpreterNotFoundError:
            # Closed a moment ago.
            pass
    return all


def is_shareable(obj):
    """Does an object cross without being copied? What does not may still be sent as a copy."""
    return _link.isShareable(obj)


class Queue(object):
    """A queue of this host, first in, first out; one object for each in an interpreter. create_queue() makes one."""

    def __new__(cls, id):
        id = _checked_id(id)
        link = _link.queue(id)
        if link is None:
            raise QueueNotFoundError("queue %d not found" % id)
        return _queue(link, cls)

    @property
    def id(self):
        """Its number in the host."""
        return self._id

    @property
    def maxsize(self):
        """How many items it holds at most; 0 for no bound."""
        return self._link.capacity()

    @property
    def unbounditems(self):
        """What becomes of items whose interpreter is closed, if put() says nothing."""
        return _ORPHANS[self._link.orphans()]

    def empty(self):
        return self.qsize() == 0

    def full(self):
        return 0 < self._link.capacity() <= self._link.size()

    def qsize(self):
        return self._link.size()

    # An instance has functions of the host in the place of these two.

    def put(self, obj, block=True, timeout=None, unbounditems=None):
        """Puts an object at the end; QueueFull if there is no room, or none for so many seconds.

        unbounditems says what becomes of it if this interpreter is closed before somebody takes it: UNBOUND (who gets it
        gets UNBOUND), UNBOUND_ERROR (who gets it gets ItemInterpreterDestroyed), UNBOUND_REMOVE (it disappears).
        """
        self._link.put()(obj, block, timeout, unbounditems)

    def get(self, block=True, timeout=None):
        """Takes the first object; QueueEmpty if there is none, or none for so many seconds."""
        return self._link.get()(block, timeout)

    def put_nowait(self, obj, unbounditems=None):
        self.put(obj, False, None, unbounditems)

    def get_nowait(self):
        return self.get(False)

    def __reduce__(self):
        return Queue, (self._id,)

    def __eq__(self, other):
        return isinstance(other, Queue) and other._id == self._id

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self._id)

    def __repr__(self):
        return "Queue(%d)" % self._id


_queues = _weakref.WeakValueDictionary()


def _queue(link, cls=Queue):
    id = link.id()
    with _lock:
        known = _queues.get(id)
        if known is None:
            known = object.__new__(cls)
            known._id = int(id)
            known._link = link
            if cls is Queue:
                known.put = link.put()
                known.get = link.get()
            _queues[id] = known
        return known


def _interpreter(id):
    return Interpreter(id)


def create_queue(maxsize=0, unbounditems=UNBOUND):
    """A new queue; without a bound if maxsize is not positive."""
    return _queue(_link.newQueue(maxsize, _orphans(unbounditems)))


def _dumps(obj, guard=None):
    import cPickle
    import cStringIO
    text = cStringIO.StringIO()
    pickler = cPickle.Pickler(text, 2)
    pickler.inst_persistent_id = guard or _link.guard()
    pickler.dump(obj)
    return text.getvalue()


def _source(function):
    """The source of a function, or None."""
    import inspect
    import textwrap
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except (IOError, TypeError):
        return None
    return source if source.startswith("def " + function.__name__) else None


def _from_source(source, name, namespace, defaults):
    import types
    scope = {}
    exec compile(source, "<function %s>" % name, "exec") in scope
    return types.FunctionType(scope[name].func_code, namespace, str(name), defaults or None)


_link.use(Queue, Interpreter)
