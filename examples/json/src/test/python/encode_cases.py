"""What hpyjson.dumps must do; the same on every host. Runs on Python 2.7 and Python 3.

    python encode_cases.py [VALUES [DOUBLES [SEED]]]

run() calls each function that begins with "check_" and compares random values with the standard json module; an
AssertionError says what does not hold. `hpyjson`, `decode` and `differential` must be importable.
"""
from __future__ import print_function, unicode_literals

import json
import random
import struct
import sys

import decode
import differential
import hpyjson

_PYTHON_3 = sys.version_info[0] == 3


def standard(value):
    """What the standard module makes of it, without white space and with text as it is."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if isinstance(text, type("")) else text.decode("ascii")


def encodes(value, expected):
    found = hpyjson.dumps(value)
    assert type(found) is type(""), type(found)
    assert found == expected, "%r becomes %s, not %s" % (value, found, expected)


def refused(kind, text, value):
    try:
        found = hpyjson.dumps(value)
    except kind as error:
        assert text in str(error), "%r is not in %r" % (text, str(error))
    else:
        raise AssertionError("no %s but %s" % (kind.__name__, found))


def check_atoms():
    for value, text in ((None, "null"), (True, "true"), (False, "false"), (0, "0"), (-7, "-7"), (1.5, "1.5"),
                        (-0.0, "-0.0"), (0.0, "0.0"), ("", '""'), ("a", '"a"')):
        encodes(value, text)
        encodes([value], "[" + text + "]")
        encodes({"k": value}, '{"k":' + text + "}")


def check_ints_of_any_size():
    for bits in (0, 1, 31, 32, 47, 48, 62, 63, 64, 65, 200):
        for number in (2 ** bits, 2 ** bits - 1, -2 ** bits, -2 ** bits - 1, -2 ** bits + 1):
            encodes(number, "%d" % number)


def check_floats_are_the_shortest_that_read_back():
    for text in ("1e+16", "9999999999999998.0", "9007199254740992.0", "1e-05", "0.0001", "0.001", "123456.789",
                 "5e-324", "2.2250738585072014e-308", "1.7976931348623157e+308", "1e+22", "1e+23", "0.1", "0.3",
                 "0.30000000000000004", "5.684341886080802e-14", "2251799813685249.5", "0.9999999999999999"):
        encodes(float(text), text)
        encodes(-float(text), "-" + text)


def check_escapes():
    for code in range(0x20):
        encodes(_character(code), standard(_character(code)))
    encodes('"\\/', '"\\"\\\\/"')
    encodes("\x7f\x80\u07ff\u0800\uffff\U0001f600", '"\x7f\x80\u07ff\u0800\uffff\U0001f600"')
    encodes("a\0b" * 1000, '"' + "a\\u0000b" * 1000 + '"')


def check_containers():
    encodes([], "[]")
    encodes({}, "{}")
    encodes((), "[]")
    encodes((1, [2, (3,)], {"a": {}}), '[1,[2,[3]],{"a":{}}]')
    encodes({"one": [1]}, '{"one":[1]}')


def check_keys_that_are_no_text():
    for key, text in ((1, "1"), (-2 ** 70, "%d" % -2 ** 70), (True, "true"), (False, "false"), (None, "null"),
                      (2.5, "2.5")):
        encodes({key: 1}, '{"' + text + '":1}')


def check_types_that_json_has_not():
    for value in (object(), set(), len, int, 1j, b"\xff"):
        refused(TypeError, type(value).__name__, value)
        refused(TypeError, type(value).__name__, [1, {"a": value}])
    refused(TypeError, "tuple", {(1,): 1})


def check_what_has_no_form():
    for value in (float("nan"), float("inf"), -float("inf")):
        refused(ValueError, "NaN and infinity", value)
        refused(ValueError, "NaN and infinity", {"a": [value]})
    refused(ValueError, "NaN and infinity", {float("inf"): 1})


def check_depth():
    deep = []
    for _ in range(999):
        deep = [deep]
    encodes(deep, "[" * 1000 + "]" * 1000)
    refused(ValueError, "deeper than 1000", [deep])


def check_containers_inside_themselves():
    items = [1]
    items.append(items)
    refused(ValueError, "inside itself", items)
    members = {}
    members["m"] = [members]
    refused(ValueError, "inside itself", members)


def values(count, rng):
    """Random values: the text of the standard module, and the same value when it is read."""
    for _ in range(count):
        value = differential.random_value(rng, rng.randint(0, 6))
        text = hpyjson.dumps(value)
        if _PYTHON_3:
            assert text == standard(value), text
        for found in (json.loads(text), hpyjson.loads(text)):
            difference = decode.compare(found, value)
            assert difference is None, "%s: %r" % (difference, text)


def doubles(count, rng):
    """Each reads back as the same double, and on Python 3 the text is that of repr()."""
    for _ in range(count):
        value = differential.random_double(rng) * 10.0 ** rng.choice([0, 0, 0, -20, -10, 10, 17])
        if value - value != 0:
            continue
        text = hpyjson.dumps(value)
        assert struct.pack(str(">d"), float(text)) == struct.pack(str(">d"), value), repr(value)
        assert len(text) <= len(repr(value)), "%s for %r" % (text, value)
        assert not _PYTHON_3 or text == repr(value), "%s for %r" % (text, value)


def _character(code):
    return ("\\u%04x" % code).encode("ascii").decode("unicode_escape")


def run(count, double_count, rng):
    """Runs all checks; returns how many there are, without the random values."""
    checks = [value for name, value in sorted(globals().items()) if name.startswith("check_")]
    for check in checks:
        check()
    values(count, rng)
    doubles(double_count, rng)
    return len(checks)


def main(arguments):
    numbers = [int(argument) for argument in arguments]
    value_count, double_count, seed = numbers + [2000, 100000, 1][len(numbers):]
    checks = run(value_count, double_count, random.Random(seed))
    print("%d checks, %d values, %d doubles: as they should be" % (checks, value_count, double_count))


if __name__ == "__main__":
    main(sys.argv[1:])
