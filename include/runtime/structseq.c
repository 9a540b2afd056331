/*
 * Struct sequences on top of collections.namedtuple.
 *
 * The type is made in two steps: a namedtuple with the fields, and a subclass of it made by calling
 * `type`, whose namespace holds everything else. A namespace works on every Python, while setting
 * __doc__ or __name__ afterwards is refused by Python 2.
 */
#include "hpy.h"
#include "text.h"

#include <string.h>

const char *const HPyStructSequence_UnnamedField = "_";

/* What namedtuple accepts as the name of a type on every Python, keywords aside. */
static bool is_identifier(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    return *name != '\0' && !(*name >= '0' && *name <= '9') && name[strspn(name, letters)] == '\0';
}

/* The field names as a tuple; *count is how many. */
static HPy field_names(HPyContext *ctx, const HPyStructSequence_Field *fields, HPy_ssize_t *count)
{
    *count = 0;
    while (fields[*count].name != NULL)
        ++*count;
    HPyTupleBuilder names = HPyTupleBuilder_New(ctx, *count);
    for (HPy_ssize_t i = 0; i < *count; i++) {
        HPy name = HPyUnicode_FromString(ctx, fields[i].name);
        if (HPy_IsNull(name)) {
            HPyTupleBuilder_Cancel(ctx, names);
            return HPy_NULL;
        }
        HPyTupleBuilder_Set(ctx, names, i, name);
        HPy_Close(ctx, name);
    }
    return HPyTupleBuilder_Build(ctx, names);
}

/* callable(*args, **kw), closing args and kw; args may be null because it could not be made. */
static HPy call_and_close(HPyContext *ctx, HPy callable, HPy args, HPy kw)
{
    HPy result = HPy_NULL;
    if (!HPy_IsNull(args))
        result = HPy_CallTupleDict(ctx, callable, args, kw);
    HPy_Close(ctx, args);
    HPy_Close(ctx, kw);
    return result;
}

/* collections.namedtuple(name, fields, rename=True) */
static HPy new_namedtuple(HPyContext *ctx, const char *name, HPy fields)
{
    HPy collections = HPyImport_ImportModule(ctx, "collections");
    if (HPy_IsNull(collections))
        return HPy_NULL;
    HPy factory = HPy_GetAttr_s(ctx, collections, "namedtuple");
    HPy_Close(ctx, collections);
    if (HPy_IsNull(factory))
        return HPy_NULL;
    HPy result = HPy_NULL;
    HPy kw = HPy_BuildValue(ctx, "{s:O}", "rename", ctx->h_True);
    if (!HPy_IsNull(kw))
        result = call_and_close(ctx, factory, HPy_BuildValue(ctx, "(sO)", name, fields), kw);
    HPy_Close(ctx, factory);
    return result;
}

/* The attributes of the type itself. `module` is the part of the full name before the last dot. */
static HPy new_attributes(HPyContext *ctx, const HPyStructSequence_Desc *desc, size_t module_size,
                         HPy_ssize_t count)
{
    HPy attributes = HPy_BuildValue(ctx, "{s:s, s:(), s:n}", "__doc__", desc->doc, "__slots__",
                                   "n_fields", count);
    if (HPy_IsNull(attributes) || module_size == 0)
        return attributes;
    HPy module = text_from_utf8(ctx, desc->name, module_size);
    int result = -1;
    if (!HPy_IsNull(module))
        result = HPy_SetItem_s(ctx, attributes, "__module__", module);
    HPy_Close(ctx, module);
    if (result == 0)
        return attributes;
    HPy_Close(ctx, attributes);
    return HPy_NULL;
}

HPy HPyStructSequence_NewType(HPyContext *ctx, HPyStructSequence_Desc *desc)
{
    if (desc->name == NULL)
        return HPyErr_SetString(ctx, ctx->h_SystemError,
                                "Struct sequence descriptor does not define the name field.");
    const char *dot = strrchr(desc->name, '.');
    const char *name = dot == NULL ? desc->name : dot + 1;
    size_t module_size = dot == NULL ? 0 : (size_t)(dot - desc->name);

    HPy_ssize_t count;
    HPy fields = field_names(ctx, desc->fields, &count);
    if (HPy_IsNull(fields))
        return HPy_NULL;
    HPy base = new_namedtuple(ctx, is_identifier(name) ? name : "structseq", fields);
    HPy_Close(ctx, fields);
    if (HPy_IsNull(base))
        return HPy_NULL;

    HPy type = HPy_NULL;
    HPy attributes = new_attributes(ctx, desc, module_size, count);
    if (!HPy_IsNull(attributes))
        type = call_and_close(ctx, ctx->h_TypeType,
                              HPy_BuildValue(ctx, "(s(O)O)", name, base, attributes), HPy_NULL);
    HPy_Close(ctx, attributes);
    HPy_Close(ctx, base);
    return type;
}

HPy HPyStructSequence_New(HPyContext *ctx, HPy type, HPy_ssize_t nargs, HPy *args)
{
    if (!HPy_HasAttr_s(ctx, type, "n_fields"))
        return HPyErr_Format(ctx, ctx->h_TypeError,
                             "object '%R' does not look like a struct sequence type", type);
    return call_and_close(ctx, type, HPyTuple_FromArray(ctx, args, nargs), HPy_NULL);
}
