/*
 * Comparison operators.
 *
 * Purpose: the operator argument of HPy_RichCompare, HPy_RichCompareBool and HPy_tp_richcompare,
 * and a macro that answers such a slot from two C values.
 */
#ifndef HPY_RICHCOMPARE_H
#define HPY_RICHCOMPARE_H

#include "hpy/compiler.h"

typedef enum {
    HPy_LT = 0,
    HPy_LE = 1,
    HPy_EQ = 2,
    HPy_NE = 3,
    HPy_GT = 4,
    HPy_GE = 5,
} HPy_RichCmpOp;

/* Returns from the calling function with a new handle of True or False: the result of `LEFT op
   RIGHT`, for C values of any type that has the six operators. An operator that does not exist is a
   fatal error. */
#define HPy_RETURN_RICHCOMPARE(CTX, LEFT, RIGHT, OP)                                               \
    do {                                                                                           \
        bool _hpy_holds = false;                                                                   \
        switch (OP) {                                                                              \
        case HPy_LT: _hpy_holds = (LEFT) < (RIGHT); break;                                         \
        case HPy_LE: _hpy_holds = (LEFT) <= (RIGHT); break;                                        \
        case HPy_EQ: _hpy_holds = (LEFT) == (RIGHT); break;                                        \
        case HPy_NE: _hpy_holds = (LEFT) != (RIGHT); break;                                        \
        case HPy_GT: _hpy_holds = (LEFT) > (RIGHT); break;                                         \
        case HPy_GE: _hpy_holds = (LEFT) >= (RIGHT); break;                                        \
        default: HPy_FatalError(CTX, "Invalid value for HPy_RichCmpOp");                           \
        }                                                                                          \
        return HPy_Dup(CTX, _hpy_holds ? (CTX)->h_True : (CTX)->h_False);                          \
    } while (0)

#endif /* HPY_RICHCOMPARE_H */
