"""The module interpreters, under the name that Python 3.14 gives it."""
from __future__ import absolute_import

import sys

import interpreters

sys.modules[__name__] = interpreters
