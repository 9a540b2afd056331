"""The suite of benchmarks, on whatever host runs this script: Hpyve, or another Python that has HPy.

    python suite.py FOLDER

FOLDER holds the extensions workloads, hpyjson and hpyarray as NAME.hpy0.so, loaded with hpy.universal.load, and the
input records.jsonl and texts.jsonl. Commands come from standard input, one JSON object a line, and each is answered
by a line on standard output:

    {"list": true}                  {"host": what runs here, "workloads": [{"name", "group", "unit"}, ...]}
    {"warm": name, "seconds": s}    {"name"}, after at least that time with the workload
    {"run": name}                   {"name", "value": in its unit, "crossings": for each item, null if not counted}

Before a workload runs it must be warmed; what it needs is made then, and let go of when the next one is warmed.
It ends with its input. Runs on Python 2.7 and Python 3.
"""
from __future__ import print_function

import collections
import functools
import io
import json
import os
import platform
import sys

import hpy.universal

try:
    RANGE = xrange
except NameError:
    RANGE = range
try:
    from java.lang import System
    clock = System.nanoTime  # time.time() has milliseconds there
except ImportError:
    from time import perf_counter_ns as clock
try:
    import hpyve

    def crossings():
        return hpyve.current().stats().crossings
except ImportError:
    crossings = None

WARM_ROUNDS = 3  # at least
FLOATS = 1000000  # in lists and arrays; rows name it


class Workload(object):
    """A function that does the same `items` operations in each round; `prepare` makes it."""

    def __init__(self, name, group, unit, items, prepare):
        self.name, self.group, self.unit, self.items, self.prepare = name, group, unit, items, prepare
        self.run = None

    def warm(self, seconds):
        self.run = self.prepare()
        end = clock() + seconds * 1e9
        rounds = 0
        while rounds < WARM_ROUNDS or clock() < end:
            self.run()
            rounds += 1

    def measure(self):
        before = crossings() if crossings else 0
        begin = clock()
        self.run()
        nanos = clock() - begin
        value = nanos / 1e6 if self.unit == "ms" else nanos / float(self.items)
        crossed = (crossings() - before) / float(self.items) if crossings else None
        return {"name": self.name, "value": value, "crossings": crossed}


def host():
    if crossings is None:
        return "%s %s" % (platform.python_implementation(), platform.python_version())
    java = "Java " + System.getProperty("java.specification.version")
    return "%s %s" % (java, hpyve.current().bridge.replace(",", " "))


class Spec(object):
    """What the import system would hand over."""

    def __init__(self, name, path):
        self.name, self.origin = name, path


def load(folder, name):
    path = os.path.join(folder, name + ".hpy0.so")
    return hpy.universal.load(str(name), path, Spec(str(name), path))


# ---- loops in Python: group, name, statements before the loop, statement in it, turns of the loop,
# ---- and how many operations a turn makes

LOOPS = [
    ("calls", "nothing but the loop", "", "pass", 1000000, 1),
    ("calls", "a Python function, f()", "f = lambda: None", "f()", 500000, 1),
    ("calls", "noargs, f()", "f = w.noargs", "f()", 500000, 1),
    ("calls", "O, f(int)", "f = w.onearg", "f(i)", 500000, 1),
    ("calls", "O, f(object)", "f = w.onearg; o = object()", "f(o)", 500000, 1),
    ("calls", "varargs, f(int)", "f = w.varargs", "f(i)", 500000, 1),
    ("calls", "varargs, f(int, int)", "f = w.varargs", "f(i, 1)", 500000, 1),
    ("calls", "varargs, f(object, text)", "f = w.varargs; o = object(); t = u'text'", "f(o, t)", 500000, 1),
    ("calls", "varargs, f(6 ints)", "f = w.varargs", "f(i, 1, 2, 3, 4, 5)", 500000, 1),
    ("calls", "keywords, f(int, int)", "f = w.keywords", "f(i, 1)", 500000, 1),
    ("calls", "keywords, f(int, b=int)", "f = w.keywords", "f(i, b=1)", 300000, 1),
    ("calls", "keywords, f(a=int, b=int)", "f = w.keywords", "f(a=i, b=1)", 300000, 1),
    ("calls", "varargs parsed, add(int, int)", "f = w.add", "f(i, 1)", 500000, 1),
    ("calls", "keywords parsed, add_named(int, b=int)", "f = w.add_named", "f(i, b=1)", 300000, 1),
    ("calls", "noargs, module.f()", "", "w.noargs()", 500000, 1),
    ("calls", "O, module.f(int)", "", "w.onearg(i)", 500000, 1),
    ("calls", "varargs, module.f(int, int)", "", "w.varargs(i, 1)", 500000, 1),
    ("calls", "noargs, object.f()", "p = w.Point()", "p.noargs()", 500000, 1),
    ("calls", "O, object.f(int)", "p = w.Point()", "p.onearg(i)", 500000, 1),
    ("calls", "varargs, object.f(int, int)", "p = w.Point()", "p.varargs(i, 1)", 500000, 1),
    ("calls", "keywords, object.f(int, b=int)", "p = w.Point()", "p.keywords(i, b=1)", 300000, 1),
    ("calls", "noargs, bound method f()", "f = w.Point().noargs", "f()", 500000, 1),
    ("calls", "len(obj)", "p = w.Point()", "len(p)", 500000, 1),
    ("calls", "obj[0]", "p = w.Point()", "p[0]", 500000, 1),
    ("calls", "int allocation", "f = w.new_int", "f()", 500000, 1),
    ("calls", "HPy_BuildValue(\"ii\")", "f = w.new_pair", "f()", 300000, 1),
    ("callbacks", "HPy_CallTupleDict, f()", "c = w.call_tuple; f = lambda: None; a = ()", "c(f, a)", 300000, 1),
    ("callbacks", "HPy_CallTupleDict, f(a, b)", "c = w.call_tuple; f = lambda a, b: a; a = (1, 2)", "c(f, a)", 300000, 1),
    ("callbacks", "HPy_Call, f()", "c = w.call; f = lambda: None", "c(f)", 300000, 1),
    ("callbacks", "HPy_Call, f(a, b)", "c = w.call; f = lambda a, b: a", "c(f, i, 2)", 300000, 1),
    ("callbacks", "HPy_CallMethod, o.method()", "c = w.call_method; o = Python(); m = u'method'", "c(m, o)", 300000, 1),
    ("callbacks", "HPy_Call in a loop in C, f()", "f = lambda: None", "w.call_often(1000, f)", 300, 1000),
    ("callbacks", "HPy_Call in a loop in C, f(a, b)", "f = lambda a, b: a", "w.call_often(1000, f, 1, 2)", 300, 1000),
    ("items", "tuple: HPy_GetItem_i in a loop in C", "s = tuple(RANGE(1000))", "w.sum_items(s)", 300, 1000),
    ("items", "list: HPy_GetItem_i in a loop in C", "s = list(RANGE(1000))", "w.sum_items(s)", 300, 1000),
    ("items", "dict: HPy_GetItem in a loop in C", "k = tuple(map(key, RANGE(1000))); d = dict(zip(k, RANGE(1000)))",
     "w.sum_of_keys(d, k)", 200, 1000),
    ("items", "dict: HPy_GetItem_s in a loop in C", "d = {u'key': 1}", "w.repeat_key(d, 1000)", 200, 1000),
    ("items", "tuple: one item a call", "f = w.item; s = tuple(RANGE(1000))", "f(s, 500)", 300000, 1),
    ("items", "list: one item a call", "f = w.item; s = list(RANGE(1000))", "f(s, 500)", 300000, 1),
    ("items", "dict: one item a call", "f = w.key; d = {u'key': 1}", "f(d, u'key')", 300000, 1),
    ("objects", "Point()", "f = w.Point", "f()", 300000, 1),
    ("objects", "Made(int, int), by tp_new", "f = w.Made", "f(i, 2)", 300000, 1),
    ("objects", "Initialised(int, int), by tp_init", "f = w.Initialised", "f(i, 2)", 300000, 1),
    ("objects", "Destroyed(), with tp_destroy", "f = w.Destroyed", "f()", 300000, 1),
    ("objects", "a Python subclass of Point", "f = SubPoint", "f()", 300000, 1),
    ("objects", "HPy_New in a loop in C", "t = w.Point", "w.new_often(t, 1000)", 300, 1000),
    ("attributes", "getter", "p = w.Point()", "p.sum", 500000, 1),
    ("attributes", "setter", "p = w.Point()", "p.sum = i", 500000, 1),
    ("attributes", "member, read", "p = w.Point()", "p.x", 500000, 1),
    ("attributes", "member, written", "p = w.Point()", "p.x = i", 500000, 1),
    ("attributes", "HPy_GetAttr_s in a loop in C", "o = Python()", "w.get_attributes(o, 1000)", 200, 1000),
    ("attributes", "HPy_SetAttr_s in a loop in C", "o = Python()", "w.set_attributes(o, 1000)", 200, 1000),
    ("attributes", "HPy_HasAttr_s in a loop in C, half of them absent", "o = Python()", "w.has_attributes(o, 1000)", 200, 1000),
    ("array", "array(1,000,000 floats)", "f = y.array; s = floats", "f(s)", 1, 1000000),
    ("array", "array.tolist(), 1,000,000 floats", "a = y.array(floats)", "a.tolist()", 1, 1000000),
    ("array", "array(list).tolist(), 1,000,000 floats", "f = y.array; s = floats", "f(s).tolist()", 1, 1000000),
    ("array", "array + array, 1,000,000 items", "a = y.array(floats)", "a + a", 10, 1000000),
    ("array", "array * number, 1,000,000 items", "a = y.array(floats)", "a * 1.5", 10, 1000000),
    ("array", "array.sum(), 1,000,000 items", "a = y.array(floats)", "a.sum()", 10, 1000000),
    ("array", "item, a[i]", "a = y.array(floats)", "a[i]", 500000, 1),
    ("array", "item, a[i] = number", "a = y.array(floats)", "a[i] = 0.5", 500000, 1),
    ("array", "b[i] = a[i] * 2.0 + 1.0", "a = y.array(floats); b = a * 1", "b[i] = a[i] * 2.0 + 1.0", 200000, 1),
]


class Python(object):
    """An object that has nothing to do with C."""

    def __init__(self):
        self.attribute = 1

    def method(self):
        return None


def loops(folder):
    names = {"RANGE": RANGE, "Python": Python, "key": lambda number: u"key%d" % number,
             "floats": [i * 0.37 for i in RANGE(FLOATS)],
             "w": load(folder, "workloads"), "y": load(folder, "hpyarray")}
    names["SubPoint"] = type("SubPoint", (names["w"].Point,), {})
    for group, name, before, statement, turns, operations in LOOPS:
        yield Workload(name, group, "ms" if turns == 1 else "ns", turns * operations,
                       functools.partial(loop, names, before, statement, turns))


def loop(names, before, statement, turns):
    """A function of its own with the loop. Modules, and what `before` sets, once, are local variables there."""
    own = dict(names)
    exec(before, own)
    variables = sorted(set(own) - set(names) - {"__builtins__"}) + ["w", "y"]
    code = "def run(%s):\n    for i in RANGE(%d):\n        %s\n" % (", ".join(variables), turns, statement)
    exec(compile(code, "<%s>" % statement, "exec"), own)
    return functools.partial(own["run"], *[own[name] for name in variables])


# ---- JSON: one call for each line, read before the time counts

def json_lines(folder):
    module = load(folder, "hpyjson")
    for title, name in (("records", "records.jsonl"), ("long texts and floats", "texts.jsonl")):
        path = os.path.join(folder, name)
        size = "%.0f MB of %s" % (os.path.getsize(path) / 1e6, title)
        count = len(rows(path, bytes))
        for action, function, convert in (
                ("decode %s, text", module.loads, lambda row: row.decode("utf-8")),
                ("decode %s, bytes", module.loads, bytes),
                ("encode %s", module.dumps, lambda row: json.loads(row.decode("utf-8")))):
            yield Workload(action % size, "json", "ms", count, functools.partial(each, function, path, convert))


def rows(path, convert):
    with io.open(path, "rb") as lines:
        return [convert(line.rstrip(b"\n")) for line in lines]


def each(function, path, convert):
    """A function that calls `function` with every line, converted."""
    arguments = rows(path, convert)

    def run():
        f = function
        for argument in arguments:
            f(argument)
    return run


def main(folder):
    workloads = collections.OrderedDict()
    for source in (loops(folder), json_lines(folder)):
        for workload in source:
            workloads[workload.name] = workload
    current = None
    for line in iter(sys.stdin.readline, ""):
        command = json.loads(line)
        if "list" in command:
            answer = {"host": host(), "workloads": [
                {"name": w.name, "group": w.group, "unit": w.unit} for w in workloads.values()]}
        elif "warm" in command:
            if current:
                current.run = None  # and what it holds
            current = workloads[command["warm"]]
            current.warm(command["seconds"])
            answer = {"name": current.name}
        else:
            answer = workloads[command["run"]].measure()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
