import subprocess
import sys

import hpyve
import pytest


def test_says_its_bridge():
    pytest.skip(hpyve.current().bridge)


def test_another_python_has_the_same():
    code = "import sys, hpyve; sys.stdout.write(hpyve.current().bridge)"
    done = subprocess.run([sys.executable, "-c", code], env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.stdout == hpyve.current().bridge
