"""Calls that run elsewhere, and their results: in the shape of Python 3's concurrent.futures."""
from __future__ import absolute_import

from concurrent.futures._base import (
    ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, BrokenExecutor, CancelledError, Executor, Future,
    InvalidStateError, TimeoutError, as_completed, wait)
from concurrent.futures.interpreter import BrokenInterpreterPool, InterpreterPoolExecutor
from concurrent.futures.thread import BrokenThreadPool, ThreadPoolExecutor

__all__ = [
    "FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED", "CancelledError", "TimeoutError", "InvalidStateError",
    "BrokenExecutor", "Future", "Executor", "wait", "as_completed", "ThreadPoolExecutor", "BrokenThreadPool",
    "InterpreterPoolExecutor", "BrokenInterpreterPool"]
