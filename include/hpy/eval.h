/*
 * Kinds of source text for HPy_Compile_s.
 */
#ifndef HPY_EVAL_H
#define HPY_EVAL_H

typedef enum {
    /* one expression, as for eval() */
    HPy_SourceKind_Expr = 0,
    /* a whole file of statements, as for exec() */
    HPy_SourceKind_File = 1,
    /* one statement of an interactive prompt */
    HPy_SourceKind_Single = 2,
} HPy_SourceKind;

#endif /* HPY_EVAL_H */
