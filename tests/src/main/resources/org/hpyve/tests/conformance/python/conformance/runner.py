"""Finds the tests of a checkout, and runs one of them."""
import itertools
import os
import sys
import types

import _conformance
import pytest
from conformance import fixtures, python3

SYNC_GC = "relies on objects being freed as soon as they are unreachable"


class Capture(object):
    """What the test writes to sys.stdout and sys.stderr, and the compiler to the latter."""

    class Stream(object):
        encoding = "utf-8"
        softspace = 0

        def __init__(self):
            self.parts = []

        def write(self, text):
            self.parts.append(text if isinstance(text, unicode) else str(text).decode("utf-8", "replace"))

        def writelines(self, lines):
            for line in lines:
                self.write(line)

        def flush(self):
            pass

        def isatty(self):
            return False

        def take(self):
            text = "".join(self.parts)
            self.parts = []
            return text

    class Result(tuple):
        out = property(lambda self: self[0])
        err = property(lambda self: self[1])

    def __init__(self):
        sys.stdout = self.out = self.Stream()
        sys.stderr = self.err = self.Stream()

    def readouterr(self):
        return self.Result((self.out.take(), self.err.take()))


class Config(object):
    """Options have their defaults, and there are no plugins."""

    def __init__(self):
        self.options = {}
        self.pluginmanager = self

    def addoption(self, name, action="store", default=None, **description):
        self.options[name] = False if action == "store_true" else default

    def getoption(self, name, default=None):
        return self.options.get(name, default)

    def addinivalue_line(self, name, line):
        pass

    def hasplugin(self, name):
        return False


class Item(object):
    """A test with its parameters."""

    def __init__(self, path, module, cls, name, function, levels, parameters, direct):
        self.module = module
        self.cls = cls
        self.name = name
        self.function = function
        self.levels = levels
        self.parameters = parameters
        self.direct = direct
        self.id = "::".join([path] + ([cls.__name__] if cls else []) + [name])
        labels = [_label(key, value) for key, value in parameters.items() + sorted(direct.items())]
        if labels:
            self.id += "[%s]" % "-".join(labels)

    def iter_markers(self, name=None):
        return (mark for mark in _marks(self.module, self.cls, self.function) if name in (None, mark.name))

    def get_closest_marker(self, name):
        return next(self.iter_markers(name), None)


def _label(key, value):
    if isinstance(value, (basestring, int, long, float, bool)) or value is None:
        return unicode(value)
    return unicode(getattr(value, "__name__", getattr(key, "name", key)))


def _marks(module, cls, function):
    """The innermost first."""
    marks = list(getattr(function, "pytestmark", ()))
    for base in cls.__mro__ if cls else ():
        marks += base.__dict__.get("pytestmark", ())
    of_module = getattr(module, "pytestmark", [])
    return marks + (list(of_module) if isinstance(of_module, (list, tuple)) else [of_module])


class Suite(object):
    """The tests of one package, run in one HPy mode."""

    def __init__(self, folder, mode):
        self.folder = folder
        self.mode = mode
        self.capture = Capture()
        names = python3.install()
        self.package = os.path.basename(folder)
        sys.meta_path.insert(0, _conformance.importer(folder, self.package, python3.FLAGS, names))
        self.config = Config()
        self.conftests = {}

    def files(self):
        """The test files, relative to the checkout, in order."""
        found = []
        for folder, folders, names in os.walk(self.folder):
            folders.sort()
            relative = os.path.relpath(folder, os.path.dirname(self.folder))
            found += [os.path.join(relative, name) for name in sorted(names)
                      if name.startswith("test_") and name.endswith(".py")]
        return found

    def collect(self, path):
        """The tests of a file that this mode has, and the other ABIs that its tests are for."""
        module = self._import(path)
        levels = [fixtures.Level(vars(module))]
        levels += [fixtures.Level(vars(conftest)) for conftest in self._conftests(path)]
        levels.append(fixtures.Level(fixtures.built_in(self.capture)))
        items, other_abis = [], set()
        for cls, name, function in _tests(module):
            classes = [fixtures.Level(vars(base), bound=True) for base in cls.__mro__] if cls else []
            seen = fixtures.Levels(classes + levels)
            for parameters, direct in self._calls(module, cls, function, seen):
                item = Item(path, module, cls, name, function, seen, parameters, direct)
                abis = [value for fixture, value in parameters.items() if fixture.name == "hpy_abi"]
                if abis and abis != [self.mode]:
                    other_abis.update(abis)
                else:
                    items.append(item)
        return items, sorted(other_abis)

    def _import(self, path):
        name = os.path.splitext(path)[0].replace(os.sep, ".")
        __import__(name)
        return sys.modules[name]

    def _conftests(self, path):
        """The modules `conftest` that a file sees, the innermost first."""
        found = []
        folder = os.path.dirname(path)
        while folder:
            file = os.path.join(folder, "conftest.py")
            if os.path.isfile(os.path.join(os.path.dirname(self.folder), file)):
                found.append(self._conftest(file))
            folder = os.path.dirname(folder)
        return found

    def _conftest(self, file):
        if file not in self.conftests:
            module = self.conftests[file] = self._import(file)
            for hook, argument in (("pytest_addoption", self.config), ("pytest_configure", self.config)):
                if hasattr(module, hook):
                    getattr(module, hook)(argument)
        return self.conftests[file]

    def _calls(self, module, cls, function, levels):
        """Each combination of parameters: those of fixtures, and those that `parametrize` hands over."""
        rows, direct_names = [], set()
        names = []
        for mark in _marks(module, cls, function):
            if mark.name == "parametrize":
                keys = mark.args[0].replace(",", " ").split() if isinstance(mark.args[0], basestring) else mark.args[0]
                rows.append([dict(zip(keys, value if len(keys) > 1 else [value])) for value in mark.args[1]])
                direct_names.update(keys)
            elif mark.name == "usefixtures":
                names += mark.args
        names += [name for name in fixtures.argument_names(function, cls is not None) if name not in direct_names]
        needed = levels.closure(levels.automatic() + names)
        parametrised = [fixture for fixture in needed if fixture.params is not None]
        for values in itertools.product(*[fixture.params for fixture in parametrised]):
            for chosen in itertools.product(*rows):
                direct = {}
                for row in chosen:
                    direct.update(row)
                yield dict(zip(parametrised, values)), direct

    def run(self, node):
        """The outcome of one test, as a dict."""
        outcome, reason, details = "passed", "", ""
        try:
            self._run(node)
        except pytest.Skipped as e:
            outcome, reason = "skipped", " ".join(unicode(e).split())
        except:  # Not only BaseException: Java's exceptions are none.
            # Here, for it needs much of the library that most tests do not.
            from conformance import explain
            outcome = "failed"
            reason, details = explain.failure(sys.exc_info(), self.folder)
            out, err = self.capture.readouterr()
            for title, text in (("standard output", out), ("standard error", err)):
                if text:
                    details += "--- %s\n%s\n" % (title, text.rstrip("\n"))
        return {
            "outcome": outcome,
            "reason": reason,
            "traceback": details}

    def _run(self, node):
        path = node.split("::", 1)[0]
        item = next((item for item in self.collect(path)[0] if item.id == node), None)
        if item is None:
            raise LookupError("no such test: " + node)
        _skip_by_marks(item)
        for conftest in self._conftests(path):
            if hasattr(conftest, "pytest_runtest_setup"):
                conftest.pytest_runtest_setup(item)
        instance = item.cls() if item.cls else None
        if instance is not None:
            _adapt(instance)
        life = fixtures.Life(item, self.config, instance)
        try:
            names = [name for mark in item.iter_markers("usefixtures") for name in mark.args]
            for name in item.levels.automatic() + names:
                life.value(name)
            arguments = dict(item.direct)
            for name in fixtures.argument_names(item.function, instance is not None):
                if name not in arguments:
                    arguments[name] = life.value(name)
            test = getattr(instance, item.name) if instance is not None else item.function
            test(**arguments)
        finally:
            life.tear_down()


def _tests(module):
    """Pairs of class, or None, and function; in the order of the file."""
    found = []
    for name, value in vars(module).items():
        if name.startswith("test") and isinstance(value, types.FunctionType):
            found.append((None, name, value))
        elif name.startswith("Test") and isinstance(value, type):
            found += [
                (value, attribute, getattr(value, attribute).im_func)
                for attribute in dir(value) if attribute.startswith("test")]
    return sorted(found, key=lambda test: (
        test[2].__code__.co_filename != module.__file__, test[2].__code__.co_firstlineno, test[1]))


def _skip_by_marks(item):
    for mark in item.iter_markers():
        if mark.name == "skip":
            pytest.skip(mark.kwargs.get("reason", mark.args[0] if mark.args else ""))
        if mark.name == "skipif" and mark.args[0]:
            pytest.skip(mark.kwargs.get("reason", ""))
        # Where a test asks for a collection, it gets one.
        if mark.name == "syncgc" and "gc" not in item.function.__code__.co_varnames:
            pytest.skip(SYNC_GC)


# What the tests ask the Python version for, and for which this host has answers of its own.
_ANSWERS = {
    "supports_refcounts": False,
    "supports_ordinary_make_module_imports": True,
    "python_supports_magic_int": False,
    "python_supports_magic_index": True,
    # Jython's struct has 4 bytes for a C long, but the compiler has 8.
    "unsigned_long_bits": 64,
}


def _adapt(instance):
    for name, answer in _ANSWERS.items():
        if hasattr(instance, name):
            setattr(instance, name, lambda answer=answer: answer)


def collect(folder, mode):
    """For each test file its nodes, or the reason why it has none."""
    suite = Suite(folder, mode)
    result = []
    for path in suite.files():
        nodes, reason, broken = [], "", False
        if path.split(os.sep)[1] in ("debug", "trace"):
            reason = "belongs to %s mode" % path.split(os.sep)[1]
        else:
            try:
                items, other_abis = suite.collect(path)
                nodes = [item.id for item in items]
                if not nodes:
                    reason = "for %s only" % ", ".join(other_abis) if other_abis else "no tests"
            except SyntaxError as e:
                reason = "not Python 2.7: %s, line %s" % (e.msg, e.lineno)
            except:
                from conformance import explain
                broken = True
                reason = "cannot be imported: " + explain.failure(sys.exc_info(), folder)[0]
        result.append({"file": path, "nodes": nodes, "reason": reason, "broken": broken})
    return result


def warm_up(folder, mode):
    suite = Suite(folder, mode)
    try:
        suite._conftests(os.path.join(suite.package, "any.py"))
    except:
        # The tests will tell.
        pass


def run(folder, mode, node):
    return Suite(folder, mode).run(node)
