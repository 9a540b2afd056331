/*
 * The state of one interpreter's context; everything C knows hangs off it.
 *
 * Owner:    the interpreter whose context it is; created and released by NativeContext.
 * Thread:   only the thread that runs the interpreter touches it. Counters in Shared may be read by any thread.
 * Lifetime: from NativeContext.create to NativeContext.release. Shared is Java's memory and outlives it.
 */
#ifndef HPYVE_STATE_H
#define HPYVE_STATE_H

#include <jni.h>

#include "hpy.h"
#include "layout.h"
#include "members.h"
#include "up.h"

typedef struct Work Work;
typedef struct Known Known;

/* How a list or tuple is being read, see read.h. */
typedef struct {
    HPy sequence; /* HPy_NULL if the place is not in use; an open handle of this context */
    HPy_ssize_t start; /* the items of the block: the first, how many, and their handles */
    HPy_ssize_t count;
    const HPy *items;
    struct Block *block;
    HPy_ssize_t next; /* the item that follows the one asked for last, as long as there is no block */
    HPy_ssize_t length; /* -1 if not known */
    HPy_ssize_t size; /* of the next block, if it is the one that follows */
    HPy_ssize_t cursor; /* the key whose value is likely to be asked for */
    int32_t dict; /* slot of the dict whose keys these are, or 0 */
} Reading;

enum { READ_PLACES = 64, READ_SPARES = 8 };

enum { WORK_SPARES = 8 };

typedef struct {
    HPyContext ctx; /* first, so that a State * is an HPyContext * */
    Shared *shared;
    int64_t answered; /* see count.h */
    JNIEnv *env; /* of the thread that is inside a down-call; NULL when none is, or when it has left Python */
    uintptr_t thread; /* that thread, see thread.h */
    Slot *slots;
    Work **works; /* live builders and trackers, see work.h */
    uint32_t works_capacity;
    uint32_t works_first_free; /* none below it is free */
    uint32_t works_serial;
    uint32_t works_spare_count;
    Work *works_spare[WORK_SPARES]; /* closed small areas, to be used again */
    jobject shared_buffer; /* global reference: keeps Shared alive */
    const void **stubs; /* UP_COUNT native ways to the gates, NULL where there is none yet; NULL for JNI only */
    uint8_t calls[UP_COUNT]; /* made before there was a stub; UINT8_MAX: there will be none */
    uint8_t *area; /* see area.h */
    uint8_t *at; /* end of what the area holds */
    Known *known; /* see known.h */
    Reading reads[READ_PLACES];
    HPy constants[CONSTANT_COUNT];
    HPy raised; /* the class that C raised last */
    bool plain; /* the upcall about to be made runs no Python code, because of the type of its argument */
    struct Block *reads_spare[READ_SPARES]; /* small blocks, to be used again */
    int32_t reads_spare_count;
    uint64_t reads_open; /* a bit for each place in use */
    int32_t reads_of_keys; /* the place where keys were read last */
} State;

/* The library's only writable variable: set once while it is loaded, read-only from then on. */
typedef struct {
    JavaVM *vm;
    jclass entries; /* global reference: Entries, whose methods are the upcalls by JNI */
    jmethodID upcalls[UP_COUNT];
    jclass contexts; /* global reference: NativeContext */
    jmethodID bind;
} Library;

extern Library library;

static inline State *state_of(HPyContext *ctx)
{
    return (State *)ctx->_private;
}

#endif
