"""Futures and what all executors have in common."""
from __future__ import absolute_import

import collections
import sys
import threading
import time
import traceback

FIRST_COMPLETED = "FIRST_COMPLETED"
FIRST_EXCEPTION = "FIRST_EXCEPTION"
ALL_COMPLETED = "ALL_COMPLETED"

_PENDING, _RUNNING, _CANCELLED, _FINISHED = "pending", "running", "cancelled", "finished"


class Error(Exception):
    """Of futures."""


class CancelledError(Error):
    """The future was cancelled."""


class TimeoutError(Error):
    """It took too long."""


class InvalidStateError(Error):
    """A future cannot be changed in this way any more."""


class BrokenExecutor(RuntimeError):
    """An executor can run nothing any more."""


class Future(object):
    """The result of a call that may not have ended yet. Any thread may use it."""

    def __init__(self):
        self._condition = threading.Condition()
        self._state = _PENDING
        self._result = None
        self._exception = None
        self._traceback = None
        self._callbacks = []

    def __repr__(self):
        with self._condition:
            state, exception, result = self._state, self._exception, self._result
        if state != _FINISHED:
            return "<Future at %#x state=%s>" % (id(self), state)
        if exception is not None:
            return "<Future at %#x state=finished raised %s>" % (id(self), type(exception).__name__)
        return "<Future at %#x state=finished returned %s>" % (id(self), type(result).__name__)

    def cancel(self):
        """Cancels the call if it does not run yet; is it cancelled?"""
        with self._condition:
            if self._state in (_RUNNING, _FINISHED):
                return False
            if self._state == _CANCELLED:
                return True
            self._end(_CANCELLED)
        self._call_back()
        return True

    def cancelled(self):
        with self._condition:
            return self._state == _CANCELLED

    def running(self):
        with self._condition:
            return self._state == _RUNNING

    def done(self):
        """Has it ended, in whatever way?"""
        with self._condition:
            return self._state in (_CANCELLED, _FINISHED)

    def add_done_callback(self, function):
        """Has function(future) called when it has ended: by the thread that ends it, or at once."""
        with self._condition:
            if self._state not in (_CANCELLED, _FINISHED):
                self._callbacks.append(function)
                return
        self._call(function)

    def result(self, timeout=None):
        """Waits for the result, so many seconds at most; what the call raised is raised here."""
        self._wait(timeout)
        if self._exception is not None:
            raise type(self._exception), self._exception, self._traceback
        return self._result

    def exception(self, timeout=None):
        """Waits for the end; what the call raised, or None."""
        self._wait(timeout)
        return self._exception

    def _wait(self, timeout):
        end = None if timeout is None else time.time() + timeout
        with self._condition:
            while self._state not in (_CANCELLED, _FINISHED):
                if end is None:
                    self._condition.wait()
                else:
                    left = end - time.time()
                    if left <= 0:
                        raise TimeoutError()
                    self._condition.wait(left)
            if self._state == _CANCELLED:
                raise CancelledError()

    def _end(self, state):
        self._state = state
        self._condition.notify_all()

    def _call_back(self):
        for function in self._callbacks:
            self._call(function)
        self._callbacks = []

    def _call(self, function):
        try:
            function(self)
        except Exception:
            sys.stderr.write("exception in a callback of %r\n%s" % (self, traceback.format_exc()))

    # For executors and tests.

    def set_running_or_notify_cancel(self):
        """The call is about to begin: False if it was cancelled."""
        with self._condition:
            if self._state == _CANCELLED:
                return False
            if self._state != _PENDING:
                raise InvalidStateError("%s: %r" % (self._state, self))
            self._state = _RUNNING
            return True

    def set_result(self, result):
        self._finish(result, None, None)

    def set_exception(self, exception, traceback=None):
        self._finish(None, exception, traceback)

    def _finish(self, result, exception, traceback):
        with self._condition:
            if self._state in (_CANCELLED, _FINISHED):
                raise InvalidStateError("%s: %r" % (self._state, self))
            self._result = result
            self._exception = exception
            self._traceback = traceback
            self._end(_FINISHED)
        self._call_back()


class _Ended(object):
    """The futures of a set in the order in which they end."""

    def __init__(self, futures):
        self._condition = threading.Condition()
        self._ended = collections.deque()
        self._failed = False
        self._futures = futures
        for future in futures:
            future.add_done_callback(self._note)

    def _note(self, future):
        failed = not future.cancelled() and future.exception() is not None
        with self._condition:
            self._ended.append(future)
            self._failed = self._failed or failed
            self._condition.notify_all()

    def count(self):
        return len(self._ended)

    def await_(self, enough, timeout):
        """Waits until enough(count, failed); False if that takes too long."""
        end = None if timeout is None else time.time() + timeout
        with self._condition:
            while not enough(len(self._ended), self._failed):
                if end is None:
                    self._condition.wait()
                else:
                    left = end - time.time()
                    if left <= 0:
                        return False
                    self._condition.wait(left)
            return True

    def next(self):
        return self._ended.popleft()

    def forget(self):
        """Nobody waits any more; the futures that have not ended need not tell."""
        for future in self._futures:
            with future._condition:
                if self._note in future._callbacks:
                    future._callbacks.remove(self._note)


DoneAndNotDoneFutures = collections.namedtuple("DoneAndNotDoneFutures", "done not_done")


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    """Waits for futures; a named tuple of two sets, done and not_done."""
    futures = set(fs)
    if return_when == ALL_COMPLETED:
        enough = lambda count, failed: count >= len(futures)
    elif return_when == FIRST_COMPLETED:
        enough = lambda count, failed: count >= min(1, len(futures))
    elif return_when == FIRST_EXCEPTION:
        enough = lambda count, failed: failed or count >= len(futures)
    else:
        raise ValueError("Invalid return condition: %r" % (return_when,))
    ended = _Ended(futures)
    ended.await_(enough, timeout)
    ended.forget()
    done = set(future for future in futures if future.done())
    return DoneAndNotDoneFutures(done, futures - done)


def as_completed(fs, timeout=None):
    """Futures as they end; TimeoutError if that takes longer than so many seconds in all."""
    end = None if timeout is None else time.time() + timeout
    futures = set(fs)
    ended = _Ended(futures)
    try:
        for left in range(len(futures), 0, -1):
            if not ended.await_(lambda count, failed: count, None if end is None else end - time.time()):
                raise TimeoutError("%d (of %d) futures unfinished" % (left, len(futures)))
            yield ended.next()
    finally:
        ended.forget()


class Executor(object):
    """Runs calls somewhere. Subclasses have submit() and shutdown()."""

    def submit(self, fn, *args, **kwargs):
        """The future of fn(*args, **kwargs)."""
        raise NotImplementedError()

    def shutdown(self, wait=True, cancel_futures=False):
        """Takes no further calls; waits for those that it has."""

    def map(self, fn, *iterables, **kwargs):
        """map(fn, *iterables, timeout=None, chunksize=1): the results in order, as they are asked for."""
        timeout = kwargs.pop("timeout", None)
        chunksize = kwargs.pop("chunksize", 1)
        if kwargs:
            raise TypeError("map() got an unexpected keyword argument %r" % sorted(kwargs)[0])
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        end = None if timeout is None else time.time() + timeout
        futures = collections.deque(self.submit(fn, *arguments) for arguments in zip(*iterables))

        def results():
            try:
                while futures:
                    future = futures.popleft()
                    try:
                        yield future.result(None if end is None else end - time.time())
                    finally:
                        future.cancel()
            finally:
                for future in futures:
                    future.cancel()

        return results()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.shutdown(wait=True)
        return False
