/*
 * The buffer protocol's description of a block of memory.
 *
 * Purpose: what HPy_bf_getbuffer fills and HPy_bf_releasebuffer gets back.
 * Lifetime: the memory must stay in place until the release.
 */
#ifndef HPY_BUFFER_H
#define HPY_BUFFER_H

#include "hpy/handle.h"

typedef struct {
    void *buf;               /* first byte */
    HPy obj;                 /* exporter; getbuffer stores a new handle, the host closes it */
    HPy_ssize_t len;         /* bytes in all */
    HPy_ssize_t itemsize;    /* bytes of one item */
    int readonly;
    int ndim;                /* entries of shape, strides and suboffsets */
    char *format;            /* as in the struct module; NULL: unsigned bytes */
    HPy_ssize_t *shape;
    HPy_ssize_t *strides;
    HPy_ssize_t *suboffsets;
    void *internal;          /* the exporter's own use */
} HPy_buffer;

#endif /* HPY_BUFFER_H */
