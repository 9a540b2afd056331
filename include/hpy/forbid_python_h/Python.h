/* Put this directory first on the include path and the use of CPython's own API is refused. */
#error "It is forbidden to #include <Python.h> when targeting the HPy Universal ABI"
