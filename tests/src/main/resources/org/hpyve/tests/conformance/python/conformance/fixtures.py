"""Fixtures: how they are found, and their life in one test."""
import os
import sys

import _conformance
import pytest


GENERATOR = 0x20


def argument_names(function, bound):
    code = function.__code__
    return code.co_varnames[1 if bound else 0:code.co_argcount]


class Level(object):
    """A namespace that may define fixtures; `bound` where their functions take `self`."""

    def __init__(self, namespace, bound=False):
        self.namespace = namespace
        self.bound = bound


class Levels(object):
    """The namespaces that a test sees, the innermost first; an inner fixture may ask for the outer one of its name."""

    def __init__(self, levels):
        self.levels = levels

    def find(self, name, start=0):
        for index in range(start, len(self.levels)):
            found = self.levels[index].namespace.get(name)
            if isinstance(found, pytest.Fixture):
                return found, index
        raise LookupError("no fixture '%s'" % name)

    def requested(self, fixture, index):
        """What a fixture asks for, as pairs of name and level to begin at."""
        return [
            (name, index + 1 if name == fixture.name else 0)
            for name in argument_names(fixture.function, self.levels[index].bound)
            if name != "request"]

    def closure(self, names):
        """All fixtures that a test needs, each once, in the order of their setup."""
        found = []

        def visit(name, start):
            fixture, index = self.find(name, start)
            if fixture not in found:
                for requested in self.requested(fixture, index):
                    visit(*requested)
                found.append(fixture)

        for name in names:
            visit(name, 0)
        return found

    def automatic(self):
        names = set()
        for level in self.levels:
            for name, value in level.namespace.items():
                if isinstance(value, pytest.Fixture) and value.autouse:
                    names.add(name)
        return sorted(names)


class Request(object):
    """What the argument `request` of a fixture is."""

    def __init__(self, life, fixture):
        self._life = life
        self.fixturename = fixture.name
        self.config = life.config
        self.node = life.item
        self.module = life.item.module
        self.cls = life.item.cls
        self.function = life.item.function
        self.instance = life.instance
        if fixture in life.item.parameters:
            self.param = life.item.parameters[fixture]

    def getfixturevalue(self, name):
        return self._life.value(name)

    def addfinalizer(self, function):
        self._life.finalizers.append(function)


class Life(object):
    """The fixtures of one test: set up when they are asked for, torn down in reverse."""

    def __init__(self, item, config, instance):
        self.item = item
        self.config = config
        self.instance = instance
        self.values = {}
        self.finalizers = []

    def value(self, name, start=0):
        fixture, index = self.item.levels.find(name, start)
        if fixture not in self.values:
            self.values[fixture] = self._set_up(fixture, index)
        return self.values[fixture]

    def _set_up(self, fixture, index):
        levels = self.item.levels
        arguments = dict(
            (name, self.value(name, begin)) for name, begin in levels.requested(fixture, index))
        bound = levels.levels[index].bound
        if "request" in argument_names(fixture.function, bound):
            arguments["request"] = Request(self, fixture)
        positional = (self.instance,) if bound else ()
        result = fixture.function(*positional, **arguments)
        if fixture.function.__code__.co_flags & GENERATOR:
            generator = result
            result = next(generator)
            self.finalizers.append(lambda: next(generator, None))
        return result

    def tear_down(self):
        """Runs every finalizer; the first failure is raised at the end."""
        failure = None
        while self.finalizers:
            try:
                self.finalizers.pop()()
            except:
                failure = failure or sys.exc_info()
        if failure:
            raise failure[0], failure[1], failure[2]


class TemporaryFolder(object):
    """As much of py.path's local paths as tests use."""

    def __init__(self, path):
        self.path = path

    def join(self, *names):
        return TemporaryFolder(os.path.join(self.path, *map(str, names)))

    def write(self, data, mode="w"):
        if isinstance(data, unicode):
            data = data.encode("utf-8")
        with open(self.path, "wb") as stream:
            stream.write(data)

    def read(self, mode="r"):
        with open(self.path, "rb") as stream:
            data = stream.read()
        return data if "b" in mode else data.decode("utf-8")

    def mkdir(self, *names):
        folder = self.join(*names)
        os.mkdir(folder.path)
        return folder

    def check(self):
        return os.path.exists(self.path)

    def __str__(self):
        return str(self.path)

    def __unicode__(self):
        return unicode(self.path)

    def __repr__(self):
        return "local(%r)" % self.path


def built_in(capture):
    """The fixtures that pytest itself has."""

    @pytest.fixture
    def tmpdir():
        # Goes with the files of the run.
        return TemporaryFolder(str(_conformance.newFolder()))

    @pytest.fixture
    def capfd():
        return capture

    return {"tmpdir": tmpdir, "capfd": capfd, "capsys": capfd}
