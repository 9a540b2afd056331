"""Runs the cases of cases.jsonl against hpyjson.

    python run_cases.py CASES

Each line of the file is an object with
    name       unique
    text       the JSON text; runs twice, as unicode and as UTF-8 bytes
    hex        instead of text: bytes, which need not be UTF-8
    function   "loads" if missing, or "loads_lines"
    ok         whether it decodes
    error      the message of the ValueError, if not ok
and, for what the standard json module cannot confirm everywhere, one of
    depth      the result is that many lists, one inside the other
    depths     the result is a list of such lists
    utf16      the result is a string of these UTF-16 units, some of them lone surrogates
    keys_utf16 the result is a dict with such keys
Without one of these the result must be that of json.loads, types included.

Runs on Python 2.7 and Python 3; `hpyjson` and `decode` must be importable.
"""
from __future__ import print_function, unicode_literals

import binascii
import io
import json
import sys

import decode
import hpyjson

try:
    _character = unichr
except NameError:
    _character = chr
_TEXT = type("")


def run(path):
    """Runs all cases; returns their number and the descriptions of the failures."""
    failures = []
    number = 0
    with io.open(path, encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            number += 1
            for form, data in _inputs(case):
                problem = _run_one(case, data)
                if problem is not None:
                    failures.append("%s (%s): %s" % (case["name"], form, problem))
    return number, failures


def _inputs(case):
    if "hex" in case:
        return [("bytes", binascii.unhexlify(case["hex"].encode("ascii")))]
    return [("unicode", case["text"]), ("bytes", case["text"].encode("utf-8"))]


def _run_one(case, data):
    try:
        result = getattr(hpyjson, str(case.get("function", "loads")))(data)
    except ValueError as error:
        if case["ok"]:
            if _has_lone_surrogate(case) and not _strings_hold_lone_surrogates():
                return None
            return "not decoded: %s" % error
        if str(error) != case["error"]:
            return "the message is %r, not %r" % (str(error), case["error"])
        return None
    if not case["ok"]:
        return "decoded as %r" % (result,)
    return _compare(case, result, data)


def _compare(case, result, data):
    if "depth" in case:
        return _compare_depth(result, case["depth"])
    if "depths" in case:
        problems = [_compare_depth(item, depth) for item, depth in zip(result, case["depths"])]
        return next((problem for problem in problems if problem is not None), None)
    if _has_lone_surrogate(case) and not _strings_hold_lone_surrogates():
        return None  # no way to write down what to expect
    if "utf16" in case:
        return decode.compare(result, _from_units(case["utf16"]))
    if "keys_utf16" in case:
        return decode.compare(set(result), set(_from_units(key) for key in case["keys_utf16"]))
    text = data if isinstance(data, _TEXT) else data.decode("utf-8")
    if case.get("function") == "loads_lines":
        # Not splitlines(), which takes more characters for the end of a line.
        lines = [line for line in text.split("\n") if line.strip(" \t\r")]
        return decode.compare(result, [json.loads(line) for line in lines])
    return decode.compare(result, json.loads(text))


def _compare_depth(value, depth):
    for level in range(depth):
        if type(value) is not list or len(value) != (0 if level == depth - 1 else 1):
            return "not a list of the right length at depth %d" % level
        value = value[0] if value else None
    return None


def _has_lone_surrogate(case):
    return "utf16" in case or "keys_utf16" in case


def _strings_hold_lone_surrogates():
    try:
        return len(_character(0xD800)) == 1
    except ValueError:
        return False  # Jython: its strings are well-formed UTF-16


def _from_units(units):
    """A string of the units, with pairs of surrogates joined."""
    text = ""
    i = 0
    while i < len(units):
        high = units[i]
        if 0xD800 <= high < 0xDC00 and i + 1 < len(units) and 0xDC00 <= units[i + 1] < 0xE000:
            pair = "\\U%08x" % (0x10000 + (high - 0xD800) * 1024 + units[i + 1] - 0xDC00)
            text += pair.encode("ascii").decode("unicode_escape")
            i += 2
        else:
            text += _character(high)
            i += 1
    return text


def main(arguments):
    number, failures = run(arguments[0])
    for failure in failures:
        print("FAILED", failure)
    print("%d cases, %d failures" % (number, len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
