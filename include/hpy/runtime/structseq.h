/*
 * Struct sequences: tuples whose items also have names.
 *
 * Purpose: types like the one of time.localtime(). Compiled into the extension from
 * include/runtime/structseq.c; a struct sequence type is a subclass of a collections.namedtuple and
 * has the attribute n_fields.
 */
#ifndef HPY_RUNTIME_STRUCTSEQ_H
#define HPY_RUNTIME_STRUCTSEQ_H

#include "hpy.h"

_HPY_BEGIN_C_LINKAGE

/* All text is UTF-8. */
typedef struct {
    const char *name; /* NULL ends the list */
    const char *doc;  /* for readers of the source */
} HPyStructSequence_Field;

typedef struct {
    const char *name; /* "module.Name" or "Name" */
    const char *doc;  /* of the type, may be NULL */
    HPyStructSequence_Field *fields;
} HPyStructSequence_Desc;

/* The name of a field that has none and is reached by its index only. */
extern _HPy_HIDDEN const char *const HPyStructSequence_UnnamedField;

/* A new type, or HPy_NULL with an error set: SystemError if the description has no name. */
HPyAPI_HELPER HPy HPyStructSequence_NewType(HPyContext *ctx, HPyStructSequence_Desc *desc);

/* A new instance of a type made by the former. `args` holds one value for every field, else
   TypeError; they stay the caller's. */
HPyAPI_HELPER HPy HPyStructSequence_New(HPyContext *ctx, HPy type, HPy_ssize_t nargs, HPy *args);

_HPY_END_C_LINKAGE

#endif /* HPY_RUNTIME_STRUCTSEQ_H */
