// SPDX-License-Identifier: MIT
// Preloaded: a thread that gets no memory, as all of them get none under ulimit -v or in a container that is full, but at a
// moment of one's choice. NO_MEMORY="NAME:N": in threads of that name the N-th call and all after it fail; "NAME:N+K": the K
// calls from the N-th on.
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* memory, size_t size);
void* __libc_memalign(size_t alignment, size_t size);

static char name[16];
static long first, last;  // of the calls that fail; none, where the first is 0
static __thread long calls;

__attribute__((constructor)) static void begin(void) {
    const char* order = getenv("NO_MEMORY");
    const char* colon = order ? strrchr(order, ':') : NULL;
    if (!colon || (size_t)(colon - order) >= sizeof name) return;
    memcpy(name, order, (size_t)(colon - order));
    char* rest = NULL;
    first = strtol(colon + 1, &rest, 10);
    last = *rest == '+' ? first + strtol(rest + 1, NULL, 10) - 1 : LONG_MAX;
}

static int refused(void) {
    if (first == 0) return 0;
    char own[16] = "";
    const int before = errno;
    prctl(PR_GET_NAME, own);
    errno = before;
    if (strcmp(own, name) != 0 || ++calls < first || calls > last) return 0;
    errno = ENOMEM;
    return 1;
}

void* malloc(size_t size) { return refused() ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) { return refused() ? NULL : __libc_calloc(count, size); }
void* realloc(void* memory, size_t size) { return refused() ? NULL : __libc_realloc(memory, size); }
void* memalign(size_t alignment, size_t size) { return refused() ? NULL : __libc_memalign(alignment, size); }
void* aligned_alloc(size_t alignment, size_t size) { return refused() ? NULL : __libc_memalign(alignment, size); }

int posix_memalign(void** memory, size_t alignment, size_t size) {
    if (refused()) return ENOMEM;
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}
