/*
 * Helpers for types and calls.
 */
#include "hpy.h"

int HPyHelpers_AddType(HPyContext *ctx, HPy obj, const char *name, HPyType_Spec *spec,
                       HPyType_SpecParam *params)
{
    HPy type = HPyType_FromSpec(ctx, spec, params);
    if (HPy_IsNull(type))
        return 0;
    int result = HPy_SetAttr_s(ctx, obj, name, type);
    HPy_Close(ctx, type);
    return result == 0;
}

/* dict[names[i]] = values[i]; false with an error set */
static bool fill_dict(HPyContext *ctx, HPy dict, HPy names, const HPy *values, HPy_ssize_t count)
{
    for (HPy_ssize_t i = 0; i < count; i++) {
        HPy name = HPy_GetItem_i(ctx, names, i);
        if (HPy_IsNull(name))
            return false;
        int result = HPy_SetItem(ctx, dict, name, values[i]);
        HPy_Close(ctx, name);
        if (result < 0)
            return false;
    }
    return true;
}

/* *dict is a new dict, or null if there are no keywords; false with an error set */
static bool pack_keywords(HPyContext *ctx, HPy names, const HPy *values, HPy *dict)
{
    *dict = HPy_NULL;
    HPy_ssize_t count = HPy_IsNull(names) ? 0 : HPy_Length(ctx, names);
    if (count <= 0)
        return count == 0;
    *dict = HPyDict_New(ctx);
    if (HPy_IsNull(*dict))
        return false;
    if (fill_dict(ctx, *dict, names, values, count))
        return true;
    HPy_Close(ctx, *dict);
    return false;
}

int HPyHelpers_PackArgsAndKeywords(HPyContext *ctx, const HPy *args, size_t nargs, HPy kwnames,
                                   HPy *args_tuple, HPy *kw_dict)
{
    if (args_tuple == NULL || kw_dict == NULL) {
        HPyErr_SetString(ctx, ctx->h_SystemError,
                         args_tuple == NULL ? "argument 'out_pos_args' must not be NULL"
                                            : "argument 'out_kwd' must not be NULL");
        return 0;
    }
    HPy kw;
    if (!pack_keywords(ctx, kwnames, args == NULL ? NULL : args + nargs, &kw))
        return 0;
    HPy tuple = HPy_NULL;
    if (nargs > 0) {
        tuple = HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs);
        if (HPy_IsNull(tuple)) {
            HPy_Close(ctx, kw);
            return 0;
        }
    }
    *args_tuple = tuple;
    *kw_dict = kw;
    return 1;
}
