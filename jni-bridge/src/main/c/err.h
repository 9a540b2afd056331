/*
 * Exceptions that C itself raises. Shared.error is the truth about whether one is set; Java holds the exception.
 */
#ifndef HPYVE_ERR_H
#define HPYVE_ERR_H

#include "state.h"

/* Shared.error: the exception is the one that err_set raised last. */
enum { ERROR_OF_C = 3 };

/* Raises the built-in exception of a constant (CONSTANT_h_ValueError ...). */
void err_set(HPyContext *ctx, int constant, const char *message);

/* MemoryError; the one that names the interpreter and its limit, if that is why memory or a handle was not given just
   now. */
void err_refused(HPyContext *ctx, const char *message);

/* What is wrong if a handle cannot be duplicated: err_bad_handle, or err_refused if it is valid. */
void err_dup(HPyContext *ctx, HPy h, int member);

/* SystemError that names the interpreter, the function (MEMBER_...) and the handle. */
void err_bad_handle(HPyContext *ctx, HPy h, int member);

/* NotImplementedError with the function's name. */
void err_missing(HPyContext *ctx, const char *function);

/* The same for a function that needs CPython's own C API. */
void err_legacy(HPyContext *ctx, const char *function);

#endif
