/*
 * A machine whose programs are sequences of API calls.
 *
 * A program is an array of steps. It works on registers, which hold handles, and notes what each call returned in a
 * transcript, so that two runs of a program can be compared as text. Python code that a step calls may run another
 * program; the transcript is one for all of them.
 *
 * All state is static: each interpreter has its own image.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <hpy.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h" /* generated: the enum OP_..., operation_names */

enum { REGISTERS = 32, KEPT = 8 };

/* As Java writes it. A register beyond the last one is HPy_NULL. */
typedef struct {
    uint8_t code, target, a, b, c, on_error;
    uint8_t low, high;
} Step;

/* What becomes of an exception that a step leaves. */
enum { ON_ERROR_RETURN, ON_ERROR_CLEAR, ON_ERROR_MATCH_AND_CLEAR, ON_ERROR_GO_ON };

typedef struct {
    HPyContext *ctx;
    HPy registers[REGISTERS];
    HPyListBuilder list_builder;
    HPyTupleBuilder tuple_builder;
    HPyTracker tracker;
    bool returns; /* the last step has set result */
    HPy result;
} Frame;

typedef struct {
    HPyField fields[3];
    long count;
} Box;
HPyType_HELPERS(Box)

typedef struct {
    const char *bytes;
    HPy_ssize_t size;
} Text;

static inline unsigned number(const Step *s)
{
    return s->low | (unsigned)s->high << 8;
}

static inline HPy in(const Frame *f, uint8_t index)
{
    return index < REGISTERS ? f->registers[index] : HPy_NULL;
}

/* machine.c */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void note_text(const char *bytes, HPy_ssize_t size);
/* Takes the handle into the target, and notes whether there is one; without one the target stays. */
void put(Frame *f, const Step *s, HPy value);
/* May something grow? A program may let it only so often: what doubles each time would soon fill the memory. */
bool growth(void);
/* Growth by what the object gives: not by an iterator, which could be that of the list that grows. */
bool growth_by(HPyContext *ctx, HPy h);
/* Has the object a hash that is the same in each run? */
bool stable(HPyContext *ctx, HPy key);
extern HPyGlobal machine_global;
extern HPy machine_kept[KEPT];

/* texts.c: constants that a number selects */
Text text_any(unsigned number);
const char *text_string(unsigned number);
const char *text_name(unsigned number);
const char *text_method(unsigned number);

/* Each makes the call of a step, if it is one of the file's; else false. */
bool numbers_step(Frame *f, const Step *s);
bool texts_step(Frame *f, const Step *s);
bool containers_step(Frame *f, const Step *s);
bool loops_step(Frame *f, const Step *s);
bool objects_step(Frame *f, const Step *s);
bool state_step(Frame *f, const Step *s);
void observe(HPyContext *ctx, HPy h, int depth);

#endif
