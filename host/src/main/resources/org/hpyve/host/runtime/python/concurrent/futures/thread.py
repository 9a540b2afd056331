"""An executor with threads."""
from __future__ import absolute_import

import collections
import itertools
import sys
import threading

import _hpyve
from concurrent.futures._base import BrokenExecutor, Executor, Future


class BrokenThreadPool(BrokenExecutor):
    """The initializer of a ThreadPoolExecutor has failed."""


class _Worker(object):
    """Where a thread of a pool runs its calls."""

    def __init__(self, initializer, initargs):
        self._initializer = initializer
        self._initargs = initargs

    def begin(self):
        if self._initializer is not None:
            self._initializer(*self._initargs)

    def run(self, fn, args, kwargs):
        return fn(*args, **kwargs)

    def end(self):
        pass


class ThreadPoolExecutor(Executor):
    """Runs calls on threads of this interpreter, which are started as they are needed."""

    _Broken = BrokenThreadPool
    _serial = itertools.count()

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        if max_workers is None:
            max_workers = min(32, _hpyve.interpreters().processors() + 4)
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._prefix = thread_name_prefix or "%s-%d" % (type(self).__name__, next(self._serial))
        self._initializer = initializer
        self._initargs = initargs
        # Guards what follows.
        self._condition = threading.Condition()
        self._calls = collections.deque()
        self._threads = []
        self._idle = 0
        self._ended = False
        self._broken = None

    def _new_worker(self):
        return _Worker(self._initializer, self._initargs)

    def submit(self, fn, *args, **kwargs):
        future = Future()
        with self._condition:
            if self._broken is not None:
                raise self._Broken(self._broken)
            if self._ended:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._calls.append((future, fn, args, kwargs))
            if len(self._calls) <= self._idle:
                self._condition.notify()
            elif len(self._threads) < self._max_workers:
                thread = threading.Thread(
                    name="%s_%d" % (self._prefix, len(self._threads)), target=self._work)
                thread.daemon = True
                self._threads.append(thread)
                thread.start()
        return future

    def shutdown(self, wait=True, cancel_futures=False):
        with self._condition:
            self._ended = True
            cancelled = list(self._calls) if cancel_futures else []
            if cancel_futures:
                self._calls.clear()
            self._condition.notify_all()
            threads = list(self._threads)
        for call in cancelled:
            call[0].cancel()
        if wait:
            for thread in threads:
                thread.join()

    def _work(self):
        """What a thread does."""
        try:
            worker = self._new_worker()
            worker.begin()
        except BaseException:
            self._break(sys.exc_info()[1])
            return
        try:
            call = self._next()
            while call is not None:
                self._run(worker, *call)
                # Nothing of a call is kept while the thread waits.
                call = None
                call = self._next()
        finally:
            worker.end()

    def _next(self):
        with self._condition:
            while not self._calls:
                if self._ended:
                    return None
                self._idle += 1
                try:
                    self._condition.wait()
                finally:
                    self._idle -= 1
            return self._calls.popleft()

    def _run(self, worker, future, fn, args, kwargs):
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = worker.run(fn, args, kwargs)
        except BaseException:
            future.set_exception(*sys.exc_info()[1:])
        else:
            future.set_result(result)

    def _break(self, reason):
        with self._condition:
            if self._broken is None:
                self._broken = "an initializer failed: %s: %s" % (type(reason).__name__, reason)
            calls = list(self._calls)
            self._calls.clear()
            self._ended = True
            self._condition.notify_all()
        for call in calls:
            if call[0].set_running_or_notify_cancel():
                call[0].set_exception(self._Broken(self._broken))
