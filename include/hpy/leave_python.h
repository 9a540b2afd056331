/*
 * Sections that need no Python.
 *
 * Purpose: lets other threads of the interpreter run while C code computes or waits. Between the two
 * macros no handle and no API function may be used, and control must not jump out.
 */
#ifndef HPY_LEAVE_PYTHON_H
#define HPY_LEAVE_PYTHON_H

#include "hpy/context.h"

#define HPy_BEGIN_LEAVE_PYTHON(CTX)                                                                \
    {                                                                                              \
        HPyThreadState _token = HPy_LeavePythonExecution(CTX);

#define HPy_END_LEAVE_PYTHON(CTX)                                                                  \
        HPy_ReenterPythonExecution(CTX, _token);                                                   \
    }

#endif /* HPY_LEAVE_PYTHON_H */
