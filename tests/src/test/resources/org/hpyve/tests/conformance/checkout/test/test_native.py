import distutils
import subprocess
import sys

import pytest

IDENTITY = """
    HPyDef_METH(f, "f", HPyFunc_O)
    static HPy f_impl(HPyContext *ctx, HPy self, HPy arg)
    {
        return HPy_Dup(ctx, arg);
    }
"""


def test_a_function_is_called(build):
    value = object()
    assert build(IDENTITY, "f").f(value) is value


def test_a_handle_is_left(build):
    leak = """
        HPyDef_METH(f, "f", HPyFunc_O)
        static HPy f_impl(HPyContext *ctx, HPy self, HPy arg)
        {
            HPy_Dup(ctx, arg);
            return HPy_Dup(ctx, arg);
        }
    """
    build(leak, "f").f([])


def test_a_compiler_error_is_captured(build, capfd):
    with pytest.raises(distutils.errors.CompileError):
        build("#error this is wrong\n")
    assert "this is wrong" in capfd.readouterr().err


def test_the_jvm_crashes(build):
    crash = """
        HPyDef_METH(f, "f", HPyFunc_NOARGS)
        static HPy f_impl(HPyContext *ctx, HPy self)
        {
            *(volatile int *)8 = 1;
            return HPy_NULL;
        }
    """
    build(crash, "f").f()


def test_another_python_ends():
    code = "import sys; sys.stdout.write('out'); sys.stderr.write('err'); sys.exit(3)"
    done = subprocess.run([sys.executable, "-c", code], env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (3, b"out", b"err")
