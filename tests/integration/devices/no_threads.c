// SPDX-License-Identifier: MIT
// Preloaded into a program, lets the system run out of threads, as a limit of processes does for whoever is not root:
// NO_THREAD=N refuses the Nth alone, NO_THREAD_FROM=N that and all further ones.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int asked;

static int number(const char* variable) {
    const char* value = getenv(variable);
    return value ? atoi(value) : 0;
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) {
    const int which = atomic_fetch_add(&asked, 1) + 1;
    const int from = number("NO_THREAD_FROM");
    if (which == number("NO_THREAD") || (from > 0 && which >= from)) return EAGAIN;
    __typeof__(&pthread_create) real = (__typeof__(&pthread_create))dlsym(RTLD_NEXT, "pthread_create");
    return real(thread, attributes, run, argument);
}
