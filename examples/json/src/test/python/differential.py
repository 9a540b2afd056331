"""Compares hpyjson with the standard json module on random input.

    python differential.py [DOCUMENTS [DOUBLES [SEED]]]

Three parts: random values, written by json.dumps in several styles; the same texts with
random damage, where both must agree on what is JSON at all; and doubles of random bits,
written with 17 digits. Runs on Python 2.7 and Python 3; `hpyjson` and `decode` must be
importable. AssertionError shows the text that made the difference.
"""
from __future__ import print_function, unicode_literals

import json
import random
import struct
import sys

import decode
import hpyjson

try:
    _character = unichr
    _STRICT_REFERENCE = False  # Python 2's module takes some malformed \u escapes
except NameError:
    _character = chr
    _STRICT_REFERENCE = True

_RANGES = [(0x20, 0x7E), (0x20, 0x7E), (0, 0x1F), (0x7F, 0x7FF), (0x800, 0xD7FF),
           (0xE000, 0xFFFF), (0x1F300, 0x1F6FF)]
_DAMAGE = '{}[]",:\\/ \n\t0123456789-+.eEtrufalsn\x00\x1f\x7f\u00e9'


def _code_point(rng):
    low, high = rng.choice(_RANGES)
    return ("\\U%08x" % rng.randint(low, high)).encode("ascii").decode("unicode_escape")


def _string(rng):
    return "".join(_code_point(rng) for _ in range(int(rng.expovariate(0.15))))


def random_double(rng):
    """Any finite double, or the decimals that people write."""
    if rng.random() < 0.5:
        return round(rng.uniform(-1000, 1000), rng.randint(0, 6))
    while True:
        value = struct.unpack(str(">d"), struct.pack(str(">Q"), rng.getrandbits(64)))[0]
        if value - value == 0:
            return value


def random_value(rng, depth):
    kind = rng.randint(0, 9 if depth > 0 else 6)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind <= 2:
        return rng.randint(-10 ** 6, 10 ** 6) if kind == 1 else \
            rng.getrandbits(rng.choice([8, 31, 32, 33, 62, 63, 64, 65, 130])) * rng.choice([1, -1])
    if kind == 3:
        return random_double(rng)
    if kind <= 6:
        return _string(rng)
    if kind == 7:
        return [random_value(rng, depth - 1) for _ in range(rng.randint(0, 6))]
    return dict((_string(rng), random_value(rng, depth - 1)) for _ in range(rng.randint(0, 6)))


def _document(rng):
    text = json.dumps(random_value(rng, rng.randint(0, 6)), ensure_ascii=rng.random() < 0.5,
                      indent=rng.choice([None, None, 1]),
                      separators=rng.choice([(",", ":"), (", ", ": "), (" ,", "\t:\r\n")]))
    return text if isinstance(text, type("")) else text.decode("ascii")


def _damaged(rng, text):
    for _ in range(rng.randint(1, 3)):
        at = rng.randint(0, len(text))
        action = rng.randint(0, 3)
        if action == 0:
            text = text[:at]
        elif action == 1:
            text = text[:at] + text[at + 1:]
        elif action == 2:
            text = text[:at] + rng.choice(_DAMAGE) + text[at:]
        else:
            text = text[:at] + rng.choice(_DAMAGE) + text[at + 1:]
    return text


def _refuse_constant(name):
    raise ValueError(name)  # NaN and Infinity are not JSON


def _outcome(loads, text):
    try:
        return loads(text), True
    except ValueError:
        return None, False


def _compare(text):
    """True if both decode the text to the same value, False if both refuse it."""
    expected, expected_ok = _outcome(
        lambda t: json.loads(t, parse_constant=_refuse_constant), text)
    for data in (text, text.encode("utf-8")):
        found, found_ok = _outcome(hpyjson.loads, data)
        if found_ok != expected_ok:
            assert not _STRICT_REFERENCE and expected_ok, \
                "%s: %r" % ("accepted" if found_ok else "refused", data)
        elif found_ok:
            difference = decode.compare(found, expected)
            assert difference is None, "%s: %r" % (difference, data)
    return expected_ok


def documents(count, rng):
    """Returns how many of the damaged documents were still JSON."""
    survived = 0
    for _ in range(count):
        text = _document(rng)
        assert _compare(text), "not even the standard module decodes %r" % text
        try:
            damaged = _damaged(rng, text)
            damaged.encode("utf-8").decode("utf-8")
        except UnicodeError:
            continue  # cut through a surrogate pair, on Pythons that have them
        if damaged.startswith("\ufeff"):
            continue
        survived += _compare(damaged)
    return survived


def doubles(count, rng):
    """Every double must survive being written with 17 digits, and with fewer if possible."""
    block = 1000
    for _ in range((count + block - 1) // block):
        values = [random_double(rng) for _ in range(block)]
        for text in ("[" + ",".join("%.16e" % value for value in values) + "]",
                     "[" + ",".join(repr(value) for value in values) + "]",
                     "[" + ",".join("%.25e" % value for value in values) + "]"):
            found = [float(value) for value in hpyjson.loads(text)]
            for left, right in zip(found, values):
                assert struct.pack(str(">d"), left) == struct.pack(str(">d"), right), repr(right)
        # Digits that come from no double: correct rounding, not only round trips.
        texts = ["%s%d.%de%d" % (rng.choice(["", "-"]), rng.getrandbits(rng.randint(1, 64)),
                                 rng.getrandbits(rng.randint(1, 90)), rng.randint(-340, 310))
                 for _ in range(block)]
        found = hpyjson.loads("[" + ",".join(texts) + "]")
        for left, text in zip(found, texts):
            assert struct.pack(str(">d"), left) == struct.pack(str(">d"), float(text)), text


def main(arguments):
    numbers = [int(argument) for argument in arguments]
    documents_count, doubles_count, seed = numbers + [2000, 10000, 1][len(numbers):]
    rng = random.Random(seed)
    survived = documents(documents_count, rng)
    doubles(doubles_count, rng)
    print("%d documents, %d of them JSON after damage; %d doubles: no difference"
          % (documents_count, survived, doubles_count))


if __name__ == "__main__":
    main(sys.argv[1:])
