"""An extension and its build."""
import os
import sys

import _conformance
from distutils import errors


class Extension(object):
    def __init__(self, name, sources, include_dirs=(), extra_compile_args=(), extra_link_args=(), **others):
        if others:
            raise TypeError("an extension here has no %s" % ", ".join(others))
        self.name = name
        self.sources = sources
        self.include_dirs = include_dirs or ()
        self.extra_compile_args = extra_compile_args
        self.extra_link_args = extra_link_args


class Distribution(object):
    """Builds the one extension that is put into `hpy_ext_modules`."""

    def __init__(self):
        self.options = {}
        self.hpy_ext_modules = []
        self.hpy_abi = None
        self.outputs = []

    def parse_config_files(self):
        pass

    def get_option_dict(self, command):
        return self.options.setdefault(command, {})

    def run_command(self, command):
        if self.hpy_abi != "universal":
            raise errors.CompileError("this host has no extensions for the ABI %r" % (self.hpy_abi,))
        folder = os.path.abspath(str(self.get_option_dict(command)["build_lib"][1]))
        for extension in self.hpy_ext_modules:
            self.outputs.append(self._build(extension, folder))

    def _build(self, extension, folder):
        options = list(extension.extra_compile_args) + list(extension.extra_link_args)
        options += ["-I" + os.path.abspath(include) for include in extension.include_dirs]
        # A relative path is one of this interpreter's working folder, of which the compiler knows nothing.
        sources = [os.path.abspath(str(source)) for source in extension.sources]
        printed = _conformance.compile(extension.name, sources, folder, options)
        if printed is not None:
            sys.stderr.write(printed)
            raise errors.CompileError("the compiler failed")
        return os.path.join(folder, extension.name + ".hpy0.so")

    def get_command_obj(self, command):
        return self

    def get_outputs(self):
        return self.outputs
