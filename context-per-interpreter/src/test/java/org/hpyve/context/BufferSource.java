package org.hpyve.context;

/**
 * An extension for tests of the buffer protocol. A {@code Block} has 64 bytes, numbered from 0; what it gives of them,
 * and what it does wrong, is set by attributes.
 */
final class BufferSource {

    private BufferSource() {}

    static final String MODULE = """
            #include <stddef.h>

            typedef struct {
                HPy_ssize_t len, itemsize, start, shape[2], strides[2];
                HPy_ssize_t ndim;
                int readonly, exclusive, bare, fault, open;
                unsigned char bytes[64];
            } Block;
            HPyType_HELPERS(Block)

            static HPy_ssize_t gets, releases, asked;
            static HPy_ssize_t suboffsets[2] = {-1, -1};

            enum Fault {
                NONE, RAISES, SILENT, RAISES_AND_GIVES, NO_OBJ, BAD_OBJ, BORROWED_OBJ, CLOSES_SELF, FAILS_WITH_OBJ,
                NO_BUF, POINTERS, OTHER_OBJ, RELEASE_RAISES, RELEASE_CLOSES, NO_SHAPE, RELEASE_GIVES
            };

            static const char *format_of(HPy_ssize_t itemsize)
            {
                return itemsize == 1 ? "B" : itemsize == 2 ? "<h" : "<i";
            }

            HPyDef_SLOT(Block_new, HPy_tp_new)
            static HPy Block_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
            {
                Block *b;
                HPy self = HPy_New(ctx, cls, &b);
                if (HPy_IsNull(self))
                    return HPy_NULL;
                b->len = b->shape[0] = nargs > 0 ? HPyLong_AsSsize_t(ctx, args[0]) : 8;
                b->itemsize = b->ndim = b->strides[0] = b->shape[1] = b->strides[1] = 1;
                for (int i = 0; i < 64; i++)
                    b->bytes[i] = (unsigned char)i;
                return self;
            }

            HPyDef_SLOT(Block_get, HPy_bf_getbuffer)
            static int Block_get_impl(HPyContext *ctx, HPy self, HPy_buffer *buffer, int flags)
            {
                Block *b = Block_AsStruct(ctx, self);
                asked = flags;
                if (b->fault == SILENT)
                    return -1;
                if (b->fault == FAILS_WITH_OBJ)
                    buffer->obj = HPy_Dup(ctx, self);
                if (b->fault == RAISES || b->fault == FAILS_WITH_OBJ) {
                    HPyErr_SetString(ctx, ctx->h_KeyError, "not today");
                    return -1;
                }
                if ((b->exclusive && b->open > 0) || (b->readonly == 1 && (flags & 1))) {
                    HPyErr_SetString(ctx, ctx->h_BufferError, b->readonly ? "only for reading" : "given away already");
                    return -1;
                }
                b->open++;
                gets++;
                buffer->buf = b->fault == NO_BUF ? NULL : b->bytes + b->start;
                buffer->len = b->len;
                buffer->itemsize = b->itemsize;
                buffer->readonly = b->readonly;
                buffer->ndim = (int)b->ndim;
                if (!b->bare) {
                    buffer->format = (char *)format_of(b->itemsize);
                    buffer->shape = b->fault == NO_SHAPE || b->ndim == 0 ? NULL : b->shape;
                    buffer->strides = b->fault == NO_SHAPE || b->ndim == 0 ? NULL : b->strides;
                    buffer->suboffsets = suboffsets;
                    suboffsets[0] = b->fault == POINTERS ? 0 : -1;
                }
                if (b->fault == RAISES_AND_GIVES)
                    HPyErr_SetString(ctx, ctx->h_KeyError, "not today");
                switch (b->fault) {
                case NO_OBJ:
                    break;
                case BAD_OBJ:
                    buffer->obj = (HPy){5};
                    break;
                case BORROWED_OBJ:
                    buffer->obj = self;
                    break;
                case CLOSES_SELF:
                    HPy_Close(ctx, self);
                    buffer->obj = HPyList_New(ctx, 0);
                    break;
                case OTHER_OBJ:
                    buffer->obj = HPyList_New(ctx, 0);
                    break;
                default:
                    buffer->obj = HPy_Dup(ctx, self);
                }
                buffer->internal = b;
                return 0;
            }

            HPyDef_SLOT(Block_release, HPy_bf_releasebuffer)
            static void Block_release_impl(HPyContext *ctx, HPy self, HPy_buffer *buffer)
            {
                Block *b = Block_AsStruct(ctx, self);
                releases++;
                b->open -= buffer->internal == b;
                if (b->fault == RELEASE_RAISES)
                    HPyErr_SetString(ctx, ctx->h_KeyError, "not given back");
                if (b->fault == RELEASE_CLOSES)
                    HPy_Close(ctx, buffer->obj);
                if (b->fault == RELEASE_GIVES) {
                    b->fault = NONE;
                    HPy args = HPyTuple_Pack(ctx, 1, self);
                    HPy view = HPy_CallTupleDict(ctx, ctx->h_MemoryViewType, args, HPy_NULL);
                    HPy_SetItem_s(ctx, ctx->h_Builtins, "kept", view);
                    HPy_Close(ctx, view);
                    HPy_Close(ctx, args);
                }
            }

            HPyDef_METH(at, "at", HPyFunc_O)
            static HPy at_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                return HPyLong_FromInt32_t(ctx, Block_AsStruct(ctx, self)->bytes[HPyLong_AsSsize_t(ctx, arg)]);
            }
            HPyDef_METH(put, "put", HPyFunc_VARARGS)
            static HPy put_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                unsigned char *byte = &Block_AsStruct(ctx, self)->bytes[HPyLong_AsSsize_t(ctx, args[0])];
                *byte = (unsigned char)HPyLong_AsInt32_t(ctx, args[1]);
                return HPy_Dup(ctx, ctx->h_None);
            }
            #define NUMBER(name, field) HPyDef_MEMBER(m_##name, #name, HPyMember_HPYSSIZET, offsetof(Block, field))
            #define FLAG(name) HPyDef_MEMBER(m_##name, #name, HPyMember_INT, offsetof(Block, name))
            NUMBER(len, len)
            NUMBER(itemsize, itemsize)
            NUMBER(start, start)
            NUMBER(ndim, ndim)
            NUMBER(rows, shape[0])
            NUMBER(columns, shape[1])
            NUMBER(row_stride, strides[0])
            NUMBER(column_stride, strides[1])
            FLAG(readonly)
            FLAG(exclusive)
            FLAG(bare)
            FLAG(fault)
            FLAG(open)
            #define MEMBERS &m_len, &m_itemsize, &m_start, &m_ndim, &m_rows, &m_columns, &m_row_stride, \\
                &m_column_stride, &m_readonly, &m_exclusive, &m_bare, &m_fault, &m_open, &at, &put

            static HPyDef *Block_defines[] = {&Block_new, &Block_get, &Block_release, MEMBERS, NULL};
            static HPyType_Spec Block_spec = {.name = "m.Block", .basicsize = sizeof(Block),
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Block_defines};
            static HPyDef *Free_defines[] = {&Block_new, &Block_get, MEMBERS, NULL};
            static HPyType_Spec Free_spec = {.name = "m.Free", .basicsize = sizeof(Block),
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Free_defines};
            static HPyDef *Closed_defines[] = {&Block_new, MEMBERS, NULL};
            static HPyType_Spec Closed_spec = {.name = "m.Closed", .basicsize = sizeof(Block),
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Closed_defines};
            static HPyType_Spec Derived_spec = {.name = "m.Derived", .basicsize = sizeof(Block) + 8,
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};
            static HPyDef *Get_defines[] = {&Block_get, NULL};
            static HPyType_Spec Get_spec = {.name = "m.Get", .flags = HPy_TPFLAGS_DEFAULT, .defines = Get_defines};
            static HPyType_Spec *specs[] = {&Block_spec, &Free_spec, &Closed_spec, &Derived_spec, &Get_spec};

            HPyDef_METH(make, "make", HPyFunc_VARARGS)
            static HPy make_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                HPyType_SpecParam params[] = {{HPyType_SpecParam_Base, args[1]}, {0, HPy_NULL}};
                return HPyType_FromSpec(ctx, specs[HPyLong_AsInt32_t(ctx, args[0])], params);
            }
            HPyDef_METH(counts, "counts", HPyFunc_NOARGS)
            static HPy counts_impl(HPyContext *ctx, HPy self)
            {
                return HPy_BuildValue(ctx, "(ii)", (int)gets, (int)releases);
            }
            HPyDef_METH(flags, "flags", HPyFunc_NOARGS)
            static HPy flags_impl(HPyContext *ctx, HPy self)
            {
                return HPyLong_FromSsize_t(ctx, asked);
            }
            HPyDef_METH(view, "view", HPyFunc_O)
            static HPy view_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                return HPy_CallTupleDict(ctx, ctx->h_MemoryViewType, arg, HPy_NULL);
            }
            static HPyDef *module_defines[] = {&make, &counts, &flags, &view, NULL};
            static HPyModuleDef module_def = {.defines = module_defines};
            HPy_MODINIT(m, module_def)
            """;

    /** What the Python side of all these tests begins with. */
    static final String PYTHON = """
            Block, Free, Closed = m.make(0, object), m.make(1, object), m.make(2, object)
            Derived = m.make(3, Block)
            NONE, RAISES, SILENT, RAISES_AND_GIVES, NO_OBJ, BAD_OBJ, BORROWED_OBJ, CLOSES_SELF, FAILS_WITH_OBJ, \\
                NO_BUF, POINTERS, OTHER_OBJ, RELEASE_RAISES, RELEASE_CLOSES, NO_SHAPE, RELEASE_GIVES = range(16)
            def block(size=8, **attributes):
                b = Block(size)
                for name, value in attributes.items():
                    setattr(b, name, value)
                return b
            def matrix():
                return block(6, ndim=2, rows=2, columns=3, row_stride=3)
            """;
}
