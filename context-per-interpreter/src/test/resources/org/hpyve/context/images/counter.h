/* A library that an extension depends on. The process has it once, whatever images there are. */
#ifndef COUNTER_H
#define COUNTER_H

#ifdef __cplusplus
extern "C" {
#endif

__attribute__((visibility("default"))) int counter_next(void);

#ifdef __cplusplus
}
#endif

#endif
