/*
 * Version and mode of the ABI.
 *
 * Purpose: the numbers a host checks before it loads a binary, and the choice of mode. Only the
 * universal mode exists here. HPY_ABI_UNIVERSAL may be given to the compiler, as other toolchains
 * for HPy do; without it this header defines it.
 */
#ifndef HPY_ABI_H
#define HPY_ABI_H

/* A host runs a binary whose major version is its own and whose minor version is not newer. */
#define HPY_ABI_VERSION 0
#define HPY_ABI_VERSION_MINOR 0

/* What the file name of a binary carries: name.hpy0.so */
#define HPY_ABI_TAG "hpy0"

#if defined(HPY_ABI_CPYTHON)
#  error "HPY_ABI_CPYTHON: the CPython ABI is not supported, compile with -DHPY_ABI_UNIVERSAL"
#elif defined(HPY_ABI_HYBRID)
#  error "HPY_ABI_HYBRID: the hybrid ABI is not supported, compile with -DHPY_ABI_UNIVERSAL"
#elif !defined(HPY_ABI_UNIVERSAL)
#  define HPY_ABI_UNIVERSAL 1
#endif

/* The mode as text. */
#define HPY_ABI "universal"

#endif /* HPY_ABI_H */
