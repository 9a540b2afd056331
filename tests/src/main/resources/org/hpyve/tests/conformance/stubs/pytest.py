"""As much of pytest as HPy's test files use: fixtures, marks, raises, skip and fail."""
import re
import types


class OutcomeException(BaseException):
    """Not an Exception, so that no test catches it by accident."""


class Skipped(OutcomeException):
    pass


class Failed(OutcomeException):
    pass


def skip(reason=""):
    raise Skipped(reason)


def fail(reason=""):
    raise Failed(reason)


class Fixture(object):
    def __init__(self, function, params, autouse, name, ids):
        self.function = function
        self.params = params
        self.autouse = autouse
        self.name = name or function.__name__
        self.ids = ids


def fixture(function=None, scope="function", params=None, autouse=False, name=None, ids=None):
    """Scopes need no meaning: each test has an interpreter of its own."""
    def decorate(decorated):
        return Fixture(decorated, params, autouse, name, ids)
    return decorate(function) if function is not None else decorate


class Mark(object):
    def __init__(self, name, args, kwargs):
        self.name = name
        self.args = args
        self.kwargs = kwargs

    def __call__(self, *args, **kwargs):
        if not kwargs and len(args) == 1 and isinstance(args[0], (types.FunctionType, type)):
            return self._put_on(args[0])
        return Mark(self.name, self.args + args, dict(self.kwargs, **kwargs))

    def _put_on(self, target):
        # Not what a base class has: marks of bases are collected from them.
        target.pytestmark = [self] + list(target.__dict__.get("pytestmark", ()))
        return target


class Marks(object):
    def __getattr__(self, name):
        return Mark(name, (), {})


mark = Marks()


def hookimpl(function=None, **options):
    return function if function is not None else lambda decorated: decorated


class ExceptionInfo(object):
    def __init__(self):
        self.type = self.value = self.tb = None

    def __repr__(self):
        return "<ExceptionInfo %r>" % (self.value,)

    def match(self, pattern):
        text = unicode(self.value)
        if not re.search(pattern, text):
            fail("the message %r does not match %r" % (text, pattern))
        return True


class raises(object):
    def __init__(self, expected, *args, **kwargs):
        self.expected = expected
        self.pattern = None if args else kwargs.pop("match", None)
        self.info = ExceptionInfo()
        if args:
            with self:
                args[0](*args[1:], **kwargs)

    def __enter__(self):
        return self.info

    def __exit__(self, cls, value, traceback):
        if cls is None:
            fail("no exception, expected %s" % self._expected_names())
        if not issubclass(cls, self.expected):
            return False
        self.info.type = cls
        self.info.value = value
        self.info.tb = traceback
        if self.pattern is not None:
            self.info.match(self.pattern)
        return True

    def _expected_names(self):
        classes = self.expected if isinstance(self.expected, tuple) else (self.expected,)
        return " or ".join(cls.__name__ for cls in classes)
