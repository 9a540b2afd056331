/*
 * What depends on the compiler and on the language (C11 or C++).
 *
 * Purpose: attributes, linkage of the three kinds of functions, casts and assertions, so that no
 * other header needs an #ifdef. GCC and Clang are supported.
 */
#ifndef HPY_COMPILER_H
#define HPY_COMPILER_H

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef __cplusplus
#  define _HPY_BEGIN_C_LINKAGE extern "C" {
#  define _HPY_END_C_LINKAGE }
#  define _HPY_STATIC_ASSERT(CONDITION, MESSAGE) static_assert(CONDITION, MESSAGE)
#else
#  define _HPY_BEGIN_C_LINKAGE
#  define _HPY_END_C_LINKAGE
#  define _HPY_STATIC_ASSERT(CONDITION, MESSAGE) _Static_assert(CONDITION, MESSAGE)
#endif

#define _HPy_HIDDEN __attribute__((visibility("hidden")))
#define _HPy_UNUSED __attribute__((unused))
#define _HPy_NO_RETURN __attribute__((noreturn))

/* Names a parameter that must not be used: `HPyContext *_HPy_UNUSED_ARG(ctx)`. */
#define _HPy_UNUSED_ARG(NAME) _HPy_unused_##NAME _HPy_UNUSED

/* Visible to the host although the extension is compiled with -fvisibility=hidden. */
#ifndef HPy_EXPORTED_SYMBOL
#  define HPy_EXPORTED_SYMBOL __attribute__((visibility("default")))
#endif
#ifdef __cplusplus
#  define HPy_EXPORTED_FUNC extern "C" HPy_EXPORTED_SYMBOL
#else
#  define HPy_EXPORTED_FUNC HPy_EXPORTED_SYMBOL
#endif

/* A function of the API: inline, forwards to the context. */
#define HPyAPI_FUNC _HPy_UNUSED static inline
/* A convenience of the API that needs nothing but other API functions: inline as well. */
#define HPyAPI_INLINE_HELPER HPyAPI_FUNC
#define HPyAPI_UNUSED HPyAPI_FUNC
/* A helper that is compiled into the extension from include/runtime, private to its binary. */
#define HPyAPI_HELPER _HPy_HIDDEN

/* Stops the compilation where a function of CPython's own API is called. */
#if defined(__has_attribute)
#  if __has_attribute(error)
#    define _HPY_LEGACY \
        __attribute__((error("Cannot use legacy functions when targeting the HPy Universal ABI")))
#  endif
#endif
#ifndef _HPY_LEGACY
#  define _HPY_LEGACY
#endif

/* Around initialisers that leave members out: G++ warns about them although they are designated. */
#if defined(__cplusplus)
#  define _HPY_BEGIN_PARTIAL_INITIALISER                                                           \
      _Pragma("GCC diagnostic push")                                                               \
      _Pragma("GCC diagnostic ignored \"-Wmissing-field-initializers\"")
#  define _HPY_END_PARTIAL_INITIALISER _Pragma("GCC diagnostic pop")
#else
#  define _HPY_BEGIN_PARTIAL_INITIALISER
#  define _HPY_END_PARTIAL_INITIALISER
#endif

/* Any function pointer as TYPE. The step over void (*)(void) tells the compiler that the change of
   signature is meant. */
#define _HPy_FUNCTION_CAST(TYPE, FUNCTION) ((TYPE)(void (*)(void))(FUNCTION))

#endif /* HPY_COMPILER_H */
