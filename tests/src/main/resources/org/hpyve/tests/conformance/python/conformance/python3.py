"""What test files written for Python 3 expect, supplied from outside.

Everything here changes this interpreter only. Built-in modules of Jython are shared by all interpreters, so that a
module that needs more names is replaced by a copy.
"""
import __builtin__
import __future__
import itertools
import os
import sys
import types

import _conformance

# Where the host has put its files: this one is python/conformance/python3.py there.
KIT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))

FLAGS = (
    __future__.unicode_literals.compiler_flag
    | __future__.division.compiler_flag
    | __future__.print_function.compiler_flag
    | __future__.absolute_import.compiler_flag)


class SimpleNamespace(object):
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __repr__(self):
        return "namespace(%s)" % ", ".join("%s=%r" % item for item in sorted(self.__dict__.items()))

    def __eq__(self, other):
        return self.__dict__ == getattr(other, "__dict__", None)

    def __ne__(self, other):
        return not self == other

    __hash__ = None


def install():
    """Supplies the modules; returns the names that each test file begins with."""
    sys.executable = os.path.join(KIT, "python2")
    sys.modules["types"] = _copy(types, SimpleNamespace=SimpleNamespace)
    sys.modules["builtins"] = __builtin__
    sys.modules["string"] = _string()
    sys.modules["itertools"] = _copy(itertools, zip_longest=itertools.izip_longest)
    _install_operator()
    _install_importlib()
    _install_hpy()
    import hpy.universal
    extension = hpy.universal.load("names", os.path.join(KIT, "names.hpy0.so"))
    _install_gc(extension)
    # Jython's is no module but the interpreter's state. The last, for it takes over what was set before.
    sys.modules["sys"] = _copy(
        sys,
        flags=SimpleNamespace(debug=0),
        platform="linux",
        implementation=SimpleNamespace(name="hpyve", version=sys.version_info))
    return _names(extension)


def _new_class(name, bases, namespace):
    """A class without bases is a new-style class, and has the special methods by the names of Python 2, too."""
    for here, there in (("__next__", "next"), ("__bool__", "__nonzero__")):
        if here in namespace:
            namespace.setdefault(there, namespace[here])
    return type(name, bases or (object,), namespace)


def _copy(module, **more):
    copy = types.ModuleType(module.__name__, module.__doc__)
    for name in dir(module):
        try:
            setattr(copy, name, getattr(module, name))
        except (AttributeError, TypeError):
            pass
    for name, value in more.items():
        setattr(copy, name, value)
    return copy


def _new_module(name, **content):
    """A module in sys.modules, and in its package."""
    module = types.ModuleType(name)
    module.__dict__.update(content)
    sys.modules[name] = module
    if "." in name:
        package, last = name.rsplit(".", 1)
        setattr(sys.modules[package], last, module)
    return module


def _string():
    import string
    constants = ("ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits", "octdigits",
                 "punctuation", "printable", "whitespace")
    return _copy(string, **dict((name, unicode(getattr(string, name))) for name in constants))


def _binary_operator(method, reflected, symbol):
    def operate(a, b):
        for owner, other, name in ((a, b, method), (b, a, reflected)):
            function = name and getattr(type(owner), name, None)
            if function:
                result = function(owner, other)
                if result is not NotImplemented:
                    return result
        raise TypeError("unsupported operand type(s) for %s: '%s' and '%s'" % (
            symbol, type(a).__name__, type(b).__name__))
    return operate


def _install_operator():
    import operator
    matmul = _binary_operator("__matmul__", "__rmatmul__", "@")

    def imatmul(a, b):
        function = getattr(type(a), "__imatmul__", None)
        result = function(a, b) if function else NotImplemented
        return matmul(a, b) if result is NotImplemented else result

    sys.modules["operator"] = _copy(operator, matmul=matmul, imatmul=imatmul)


def _install_importlib():
    import importlib

    def spec_from_file_location(name, location, loader=None):
        return SimpleNamespace(name=name, origin=location, loader=loader, submodule_search_locations=None)

    importlib.invalidate_caches = lambda: None
    _new_module("importlib.util", spec_from_file_location=spec_from_file_location)


def _install_hpy():
    import hpy.universal

    class HPyDevel(object):
        """The build of an extension is the business of the `distutils` beside this package."""

        def fix_distribution(self, distribution):
            pass

    def get_hpy_ext_suffix(hpy_abi, ext_suffix=None):
        if hpy_abi != "universal":
            raise ValueError("this host has no extensions for the ABI %r" % (hpy_abi,))
        return ".hpy0.so"

    class LeakDetector(object):
        def __init__(self):
            raise NotImplementedError("this host has no debug mode")

    _new_module("hpy.devel", HPyDevel=HPyDevel)
    _new_module(
        "hpy.devel.abitag",
        HPY_ABI_VERSION=0,
        HPY_ABI_VERSION_MINOR=0,
        HPY_ABI_TAG="hpy0",
        get_hpy_ext_suffix=get_hpy_ext_suffix)
    _new_module("hpy.debug")
    _new_module("hpy.debug.leakdetector", LeakDetector=LeakDetector)


def _install_gc(extension):
    import gc

    def collect(generation=2):
        # Twice, for what is finalized is found again. The host frees what the collector found when a call of an
        # extension ends.
        for _ in range(2):
            _conformance.collectGarbage()
            extension.exceptions()
        return 0

    sys.modules["gc"] = _copy(gc, collect=collect)


def _repr(value):
    text = repr(value)
    return unicode(text[1:] if text.startswith("u") and isinstance(value, unicode) else text)


def _names(extension):
    # Exceptions that Python 2.7 has not: those of this interpreter's HPy context.
    names = dict((str(name), value) for name, value in extension.exceptions().items())
    names.update(
        EnvironmentError=OSError,
        IOError=OSError,
        repr=_repr,
        __metaclass__=_new_class,
        str=unicode,
        chr=unichr,
        filter=itertools.ifilter,
        map=itertools.imap,
        zip=itertools.izip)
    return names
