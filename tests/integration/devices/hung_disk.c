// SPDX-License-Identifier: MIT
// A disk that gives no answer, as a server of NFS that is gone: LD_PRELOAD this, and the calls named in HUNG_DISK_CALLS ("open
// write stat") on files whose path contains HUNG_DISK_NAME come back only when the file HUNG_DISK_WHILE is gone. As there, a
// signal doesn't end them, but the end of the process does.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int (*realStat(void))(const char*, struct stat*) { return (int (*)(const char*, struct stat*))dlsym(RTLD_NEXT, "stat"); }

static void hang(const char* call, const char* path) {
    const char *name = getenv("HUNG_DISK_NAME"), *calls = getenv("HUNG_DISK_CALLS"), *flag = getenv("HUNG_DISK_WHILE");
    if (!name || !calls || !flag || !strstr(path, name) || !strstr(calls, call)) return;
    const struct timespec step = {0, 10 * 1000 * 1000};
    struct stat there;
    while (realStat()(flag, &there) == 0) nanosleep(&step, NULL);
}

static void hangFd(const char* call, int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    const ssize_t size = readlink(link, path, sizeof(path) - 1);
    if (size <= 0) return;
    path[size] = '\0';
    hang(call, path);
}

#define OPEN(name)                                                                           \
    int name(const char* path, int flags, ...) {                                             \
        va_list more;                                                                        \
        va_start(more, flags);                                                               \
        const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;      \
        va_end(more);                                                                        \
        hang("open", path);                                                                  \
        return ((int (*)(const char*, int, ...))dlsym(RTLD_NEXT, #name))(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

int stat(const char* path, struct stat* there) {
    hang("stat", path);
    return realStat()(path, there);
}

ssize_t write(int fd, const void* bytes, size_t size) {
    hangFd("write", fd);
    return ((ssize_t(*)(int, const void*, size_t))dlsym(RTLD_NEXT, "write"))(fd, bytes, size);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
    hangFd("write", fd);
    return ((ssize_t(*)(int, const void*, size_t, off_t))dlsym(RTLD_NEXT, "pwrite"))(fd, bytes, size, at);
}
