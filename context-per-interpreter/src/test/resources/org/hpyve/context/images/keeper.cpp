/*
 * An extension that keeps state in every way that C++ knows. Each function counts up one of them.
 */
#include <hpy.h>

#ifdef WITH_LIBRARY
#  include "counter.h"
#endif

namespace {

int plain_count;

struct Constructed {
    int count = 40;
    int *report;
    Constructed() : report(nullptr) {}
    ~Constructed()
    {
        if (report)
            ++*report;
    }
} constructed;

struct PerThread {
    int count = 0;
#ifdef WITH_THREAD_DESTRUCTOR
    ~PerThread() { count = -1; }
#endif
};
thread_local PerThread per_thread;

} // namespace

/* The linker would make this one variable for the whole process, whatever copies of the library there are. */
template <typename T> struct __attribute__((visibility("default"))) Unique {
    static int count;
};
template <typename T> int Unique<T>::count;

static HPyGlobal kept;

#define COUNTER(NAME, VALUE)                                                                                           \
    HPyDef_METH(NAME, #NAME, HPyFunc_NOARGS)                                                                           \
    static HPy NAME##_impl(HPyContext *ctx, HPy)                                                                       \
    {                                                                                                                  \
        return HPyLong_FromLong(ctx, VALUE);                                                                           \
    }

COUNTER(plain, ++plain_count)
COUNTER(constructor, ++constructed.count)
COUNTER(thread, ++per_thread.count)
COUNTER(unique, ++Unique<int>::count)
#ifdef WITH_LIBRARY
COUNTER(library, counter_next())
#else
COUNTER(library, 0)
#endif

HPyDef_METH(put, "put", HPyFunc_O)
static HPy put_impl(HPyContext *ctx, HPy, HPy value)
{
    HPyGlobal_Store(ctx, &kept, value);
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(get, "get", HPyFunc_NOARGS)
static HPy get_impl(HPyContext *ctx, HPy)
{
    HPy value = HPyGlobal_Load(ctx, kept);
    return HPy_IsNull(value) && !HPyErr_Occurred(ctx) ? HPy_Dup(ctx, ctx->h_None) : value;
}

/* Where an int is to be counted up when the image's static objects are destroyed. */
HPyDef_METH(report_end, "report_end", HPyFunc_O)
static HPy report_end_impl(HPyContext *ctx, HPy, HPy address)
{
    constructed.report = static_cast<int *>(HPyLong_AsVoidPtr(ctx, address));
    return HPy_Dup(ctx, ctx->h_None);
}

static HPyDef *keeper_defines[] = {&plain, &constructor, &thread, &unique, &library, &put, &get, &report_end, nullptr};
static HPyGlobal *keeper_globals[] = {&kept, nullptr};
static HPyModuleDef keeper_def = {nullptr, 0, nullptr, keeper_defines, keeper_globals};
HPy_MODINIT(keeper, keeper_def)

#ifdef MARKED
HPYVE_SHARE_IMAGE
#endif
