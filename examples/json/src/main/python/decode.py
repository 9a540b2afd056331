"""The work of one interpreter in the demo: decode a share of a JSON-lines file.

Runs on Python 2.7 and Python 3; `hpyjson` must be importable.
"""
from __future__ import unicode_literals

import itertools
import json
import struct

import hpyjson

try:
    _INTEGERS = (int, long)  # one JSON number may be either on Python 2
except NameError:
    _INTEGERS = (int,)


def count(path):
    """The number of lines, hence of records, in the file."""
    with open(path, "rb") as lines:
        return sum(1 for _ in lines)


def decode(path, first=0, last=None, progress=None, every=200):
    """Decodes the records first <= number < last of the file, `None` meaning to its end.

    Calls progress(records, size) each `every` records and once at the end.
    Returns the number of records and of their bytes, line feeds not counted.
    """
    loads = hpyjson.loads
    records = 0
    size = 0
    reported = 0
    with open(path, "rb") as lines:
        for line in itertools.islice(lines, first, last):
            line = line.rstrip(b"\r\n")
            loads(line)
            records += 1
            size += len(line)
            if progress is not None and records - reported == every:
                progress(records, size)
                reported = records
    if progress is not None and (records > reported or records == 0):
        progress(records, size)
    return records, size


def check(path, every=1, first=0, last=None):
    """Compares each `every`-th record with what the standard json module makes of it.

    Types count as well as values, and floats must be the same to the last bit.
    Returns the number of records compared; AssertionError names the record, from 0.
    """
    compared = 0
    with open(path, "rb") as lines:
        for number, line in enumerate(itertools.islice(lines, first, last), first):
            if number % every != 0:
                continue
            found = hpyjson.loads(line)
            expected = json.loads(line.decode("utf-8"))
            difference = compare(found, expected)
            if difference is not None:
                raise AssertionError("record %d: %s" % (number, difference))
            compared += 1
    return compared


def compare(found, expected, place="value"):
    """None if the two decoded values are the same, else a description of the difference."""
    if _kind(found) is not _kind(expected):
        return "%s is of %r, not %r" % (place, type(found), type(expected))
    if isinstance(expected, dict):
        if set(found) != set(expected):
            return "%s has the keys %r, not %r" % (place, sorted(found), sorted(expected))
        pairs = [("%s[%r]" % (place, key), found[key], expected[key]) for key in expected]
        # On Python 2 the keys "a" and b"a" are equal, and yet not the same.
        if set(map(type, found)) != set(map(type, expected)):
            return "%s has keys of another type" % place
    elif isinstance(expected, list):
        if len(found) != len(expected):
            return "%s has %d items, not %d" % (place, len(found), len(expected))
        pairs = [("%s[%d]" % (place, i), found[i], expected[i]) for i in range(len(expected))]
    else:
        if _same_scalar(found, expected):
            return None
        return "%s is %r, not %r" % (place, found, expected)
    for where, left, right in pairs:
        difference = compare(left, right, where)
        if difference is not None:
            return difference
    return None


def _kind(value):
    kind = type(value)
    return int if kind in _INTEGERS else kind


def _same_scalar(found, expected):
    if isinstance(expected, float):
        return struct.pack(str(">d"), found) == struct.pack(str(">d"), expected)
    return found == expected
