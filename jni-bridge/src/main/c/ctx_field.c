#include "members.h"

/* A field is an index into the owner's array of objects, where the JVM's collector sees it; 0 is empty. */

void ctx_Field_Store(HPyContext *ctx, HPy target_object, HPyField *target_field, HPy h)
{
    HPy_ssize_t index = up_Field_Put(ctx, target_object, target_field->_i, h);
    if (index >= 0)
        target_field->_i = index;
}

HPy ctx_Field_Load(HPyContext *ctx, HPy source_object, HPyField source_field)
{
    return up_Field_Get(ctx, source_object, source_field._i);
}
