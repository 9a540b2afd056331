/*
 * Version of the API these headers describe. Not included by hpy.h: a binary depends on the ABI
 * version (hpy/abi.h) only.
 */
#ifndef HPY_VERSION_H
#define HPY_VERSION_H

#define HPY_VERSION "0.9.0"

#endif /* HPY_VERSION_H */
