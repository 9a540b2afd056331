"""Runs test files that are written for pytest and Python 3 in an interpreter of Hpyve, unchanged."""
