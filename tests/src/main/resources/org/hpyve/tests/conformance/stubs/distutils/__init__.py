"""In the place of distutils: extensions are built by the host's own compiler driver."""
from distutils import core, errors, log
