"""An executor with interpreters."""
from __future__ import absolute_import

import cPickle
import sys
import traceback

import interpreters
from concurrent.futures.thread import BrokenThreadPool, ThreadPoolExecutor


class BrokenInterpreterPool(BrokenThreadPool):
    """The initializer of an InterpreterPoolExecutor has failed, or an interpreter cannot be made."""


def _outcome(fn, args, kwargs):
    """Runs in an interpreter of the pool: what the call returned, or what it raised."""
    try:
        return True, fn(*args, **kwargs)
    except BaseException:
        exception = sys.exc_info()[1]
        name = type(exception).__name__
        line = "".join(traceback.format_exception_only(type(exception), exception)).strip()
        told = name, line, traceback.format_exc()
        try:
            # Apart from the rest, which arrives also if the class of the exception is not known there.
            pickled = interpreters._dumps(exception)
        except Exception:
            pickled = None
        return False, (pickled, told)


class _InterpreterWorker(object):
    """A thread of the pool with its interpreter."""

    def __init__(self, initializer, initargs):
        self._initializer = initializer
        self._initargs = initargs
        self._interpreter = None

    def begin(self):
        self._interpreter = interpreters.create()
        try:
            if self._initializer is not None:
                self._interpreter.call(self._initializer, *self._initargs)
        except BaseException:
            self._interpreter.close()
            raise

    def run(self, fn, args, kwargs):
        try:
            done, outcome = self._interpreter.call(_outcome, fn, args, kwargs)
        except interpreters.InterpreterNotFoundError:
            # Somebody has closed it, before the call.
            self.begin()
            done, outcome = self._interpreter.call(_outcome, fn, args, kwargs)
        if done:
            return outcome
        pickled, (name, line, display) = outcome
        failed = interpreters._failed(name, line[len(name) + 2:], line, display)
        try:
            exception = cPickle.loads(pickled)
        except Exception:
            raise failed
        exception.__cause__ = failed
        raise exception

    def end(self):
        try:
            self._interpreter.close()
        except interpreters.InterpreterNotFoundError:
            pass


class InterpreterPoolExecutor(ThreadPoolExecutor):
    """Runs calls in interpreters of their own, one for each worker.

    Calls, arguments and results cross as those of Interpreter.call() do. What a call raises is raised by its future;
    __cause__ is an ExecutionFailed with the traceback. An exception that cannot be sent is that ExecutionFailed itself.
    """

    _Broken = BrokenInterpreterPool

    def _new_worker(self):
        return _InterpreterWorker(self._initializer, self._initargs)
