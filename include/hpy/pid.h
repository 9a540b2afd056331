/*
 * Process ids.
 *
 * Purpose: conversion of pid_t, and its unit for HPyArg_Parse. pid_t is taken for an int unless a
 * build system defines SIZEOF_PID_T as 8.
 */
#ifndef HPY_PID_H
#define HPY_PID_H

#if !defined(SIZEOF_PID_T) || SIZEOF_PID_T == 4
#  define _HPy_PARSE_PID "i"
#  define HPyLong_FromPid HPyLong_FromLong
#  define HPyLong_AsPid HPyLong_AsLong
#elif SIZEOF_PID_T == 8
#  define _HPy_PARSE_PID "L"
#  define HPyLong_FromPid HPyLong_FromLongLong
#  define HPyLong_AsPid HPyLong_AsLongLong
#else
#  error "SIZEOF_PID_T must be 4 or 8"
#endif

#endif /* HPY_PID_H */
