import os

import pytest
from distutils.core import Distribution, Extension


def pytest_addoption(parser):
    parser.addoption("--color", action="store_true", help="not used")


@pytest.fixture(params=["universal", "debug"])
def hpy_abi(request):
    yield request.param


@pytest.fixture
def place(request):
    assert request.config.getoption("--color") is False
    return ["conftest"]


@pytest.fixture
def build(tmpdir, hpy_abi):
    """Compiles C functions and loads them as a module."""
    def compile_and_load(source, *functions):
        import hpy.universal
        text = "#include <hpy.h>\n" + source + "static HPyDef *defs[] = {%s NULL};\n" % "".join(
            "&%s, " % function for function in functions)
        text += "static HPyModuleDef def = {.defines = defs};\nHPy_MODINIT(sample, def)\n"
        tmpdir.join("sample.c").write(text)
        distribution = Distribution()
        distribution.get_option_dict("build_ext")["build_lib"] = ("test", tmpdir)
        distribution.hpy_abi = hpy_abi
        distribution.hpy_ext_modules = [
            Extension("sample", [tmpdir.join("sample.c")], extra_compile_args=["-O0", "-Werror"])]
        distribution.run_command("build_ext")
        return hpy.universal.load("sample", distribution.get_outputs()[0])
    return compile_and_load
