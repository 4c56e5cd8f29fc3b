// SPDX-License-Identifier: MIT
// Preloaded into a program, makes calls of the system hang for ever, as a driver or a network file system does that has
// lost its other side. Paths that contain one of those in these lists, which are separated by colons:
//   HUNG_OPEN    may not be opened: open(), fopen() … never return
//   HUNG_STAT    may not be looked at: stat(), access() … never return
//   HUNG_READ    can be opened, but read() of them never returns
//   HUNG_WRITE   can be opened, but write() to them never returns
//   HUNG_IOCTL   can be opened, but ioctl() never returns
// HUNG_LOOKUP=1: no name is ever looked up: getaddrinfo() never returns. HUNG_NOTE names a file that gets a line for each
// call that hangs, so that a test knows when it does. HUNG_WHILE names a file: what hangs goes on when that is gone, as when
// the server is back. No signal ends such a call, but the end of the process does.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define DOOR(name) name
#define REAL(name) ((__typeof__(&name))real(#name))

static void* real(const char* name) { return dlsym(RTLD_NEXT, name); }

static void hang(const char* what) {
    const char* note = getenv("HUNG_NOTE");
    if (note) {
        const int fd = REAL(open)(note, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (fd >= 0) {
            dprintf(fd, "%s\n", what);
            close(fd);
        }
    }
    const char* flag = getenv("HUNG_WHILE");
    const struct timespec step = {0, 10 * 1000 * 1000};
    while (!flag || REAL(access)(flag, F_OK) == 0) nanosleep(&step, NULL);
}

static int named(const char* variable, const char* path) {
    const char* list = getenv(variable);
    while (path && list && *list) {
        const size_t length = strcspn(list, ":");
        if (length > 0 && memmem(path, strlen(path), list, length)) return 1;
        list += length + (list[length] == ':');
    }
    return 0;
}

static void enter(const char* path) {
    if (named("HUNG_OPEN", path)) hang(path);
}

/// A look at a device's node asks the file system that it is in, not its driver.
static void look(const char* path) {
    if (path && strncmp(path, "/dev/", 5) != 0 && named("HUNG_STAT", path)) hang(path);
}

/// What an open descriptor is of.
static int isOf(const char* variable, int fd) {
    if (fd < 0 || !getenv(variable)) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = REAL(readlink)(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = '\0';
    return named(variable, path);
}

#define OPENS(name)                                    \
    int DOOR(name)(const char* path, int flags, ...) { \
        va_list rest;                                  \
        va_start(rest, flags);                         \
        const unsigned mode = va_arg(rest, unsigned);  \
        va_end(rest);                                  \
        enter(path);                                   \
        return REAL(name)(path, flags, mode);          \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                             \
    int DOOR(name)(int folder, const char* path, int flags, ...) { \
        va_list rest;                                              \
        va_start(rest, flags);                                     \
        const unsigned mode = va_arg(rest, unsigned);              \
        va_end(rest);                                              \
        enter(path);                                               \
        return REAL(name)(folder, path, flags, mode);              \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

FILE* DOOR(fopen)(const char* path, const char* mode) {
    enter(path);
    return REAL(fopen)(path, mode);
}
FILE* DOOR(fopen64)(const char* path, const char* mode) {
    enter(path);
    return REAL(fopen64)(path, mode);
}
int DOOR(stat)(const char* path, struct stat* info) {
    look(path);
    return REAL(stat)(path, info);
}
int DOOR(stat64)(const char* path, struct stat64* info) {
    look(path);
    return REAL(stat64)(path, info);
}
int DOOR(lstat)(const char* path, struct stat* info) {
    look(path);
    return REAL(lstat)(path, info);
}
int DOOR(access)(const char* path, int mode) {
    look(path);
    return REAL(access)(path, mode);
}
ssize_t DOOR(read)(int fd, void* data, size_t size) {
    if (isOf("HUNG_READ", fd)) hang("read");
    return REAL(read)(fd, data, size);
}
ssize_t DOOR(readv)(int fd, const struct iovec* parts, int count) {
    if (isOf("HUNG_READ", fd)) hang("readv");
    return REAL(readv)(fd, parts, count);
}
size_t DOOR(fread)(void* data, size_t size, size_t count, FILE* file) {
    if (isOf("HUNG_READ", fileno(file))) hang("fread");
    return REAL(fread)(data, size, count, file);
}
ssize_t DOOR(write)(int fd, const void* data, size_t size) {
    if (isOf("HUNG_WRITE", fd)) hang("write");
    return REAL(write)(fd, data, size);
}
ssize_t DOOR(pwrite)(int fd, const void* data, size_t size, off_t at) {
    if (isOf("HUNG_WRITE", fd)) hang("pwrite");
    return REAL(pwrite)(fd, data, size, at);
}
int DOOR(ioctl)(int fd, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void* argument = va_arg(rest, void*);
    va_end(rest);
    if (isOf("HUNG_IOCTL", fd)) hang("ioctl");
    return ((int (*)(int, unsigned long, void*))real("ioctl"))(fd, request, argument);
}
int DOOR(getaddrinfo)(const char* name, const char* service, const struct addrinfo* hints, struct addrinfo** found) {
    if (getenv("HUNG_LOOKUP")) hang("getaddrinfo");
    return REAL(getaddrinfo)(name, service, hints, found);
}
