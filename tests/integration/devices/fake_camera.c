// SPDX-License-Identifier: MIT
// V4L2 cameras for machines that have none: LD_PRELOAD this and /dev/video0 and further ones are there, also to a look into
// /dev; they stream from mapped buffers at their own pace, whether anyone fetches the frames or not, as cameras do. The
// environment, read whenever it matters:
//   FAKE_CAMERAS=N             so many (1)
//   FAKE_CAMERA_FORMATS=LIST   of "YUYV", "YU12", "MJPG", "YVYU", "GREY", "NV16", "BGR4", "XR24", "RGBP" and "H264", of which
//                              the last can be asked for but not had ("YUYV")
//   FAKE_CAMERA_RICH=NUMBERS   those that have focus, zoom and a light, as "01" ("")
//   FAKE_CAMERA_SIDES=DIGITS   which way each looks: 0 front, 1 back, as "10" (their drivers don't say)
//   FAKE_CAMERA_ONE_BUS=1      only one of them can stream at a time
//   FAKE_CAMERA_CONTROL=FILE   lines "NUMBER WORD [NODE]" say what is wrong with a camera, and that it is /dev/videoNODE now:
//      ok        nothing             stall    gives no frames            slow     a quarter of the rate
//      unplug    it is not there     eio      frames fail by EIO         corrupt  frames are broken
//      mute      a stream that begins now never gives a frame
//      padded, half  its JPEGs have a height of whole blocks of 16, or half the width and height, whatever was agreed upon
//      deny      opening: EACCES     busy     another program has it     hang     no call comes back until the word changes
//   FAKE_CAMERA_LOG=FILE       what was asked of the cameras, a line each
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fake_picture.h"

// Linked into a program by -Wl,--wrap=open and so on (FAKE_CAMERA_LINKED) rather than preloaded: sanitizers need those
// names for themselves.
#ifdef FAKE_CAMERA_LINKED
#define DOOR(name) __wrap_##name
#else
#define DOOR(name) name
#endif

enum { kCameras = 8, kMostBuffers = 32, kMostHandles = 1024, kFolders = 16 };
static const struct { unsigned width, height; } kSizes[] = {{1280, 720}, {640, 360}, {320, 180}};
static const unsigned kRates[] = {30, 15};
static const struct {
    const char* name;
    unsigned fourcc;
} kFormats[] = {{"YUYV", V4L2_PIX_FMT_YUYV},  {"YU12", V4L2_PIX_FMT_YUV420}, {"MJPG", V4L2_PIX_FMT_MJPEG},
                {"YVYU", V4L2_PIX_FMT_YVYU},  {"GREY", V4L2_PIX_FMT_GREY},   {"NV16", V4L2_PIX_FMT_NV16},
                {"BGR4", V4L2_PIX_FMT_BGR32}, {"XR24", V4L2_PIX_FMT_XBGR32}, {"RGBP", V4L2_PIX_FMT_RGB565},
                {"H264", V4L2_PIX_FMT_H264}};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct control {
    unsigned id, type;
    const char* name;
    int minimum, maximum, step, byDefault, rich;
} kControls[] = {
    // in the order of their ids
    {V4L2_CID_BRIGHTNESS, V4L2_CTRL_TYPE_INTEGER, "Brightness", -64, 64, 1, 0, 0},
    {V4L2_CID_FOCUS_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "Focus, Absolute", 0, 250, 5, 30, 1},
    {V4L2_CID_FOCUS_AUTO, V4L2_CTRL_TYPE_BOOLEAN, "Focus, Automatic Continuous", 0, 1, 1, 1, 1},
    {V4L2_CID_ZOOM_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "Zoom, Absolute", 100, 500, 1, 100, 1},
    {V4L2_CID_FLASH_LED_MODE, V4L2_CTRL_TYPE_MENU, "LED Mode", 0, 2, 1, 0, 1},
};

/// A camera, however often it is open. `streaming` is the only handle that may have buffers.
static struct {
    int values[COUNT(kControls)];
    struct handle* owner;
} cameras[kCameras];

/// A camera that is open. Its descriptor is an event's that counts the frames which wait to be fetched.
struct handle {
    int fd, camera, memory;
    struct picture picture;
    unsigned rate, count, length;
    uint8_t* pixels;
    pthread_mutex_t guard;  // of all that follows
    unsigned queued[kMostBuffers], queuedHead, queuedTail;
    struct {
        unsigned index, bytes;
        uint32_t sequence;
        int broken;
        struct timespec at;
    } filled[kMostBuffers];
    unsigned filledHead, filledTail;
    unsigned frames, lost;
    int streaming, mute;
    pthread_t thread;
};
static struct handle* handles[kMostHandles];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;  // of handles and cameras

// --- the C library's own functions -------------------------------------------------------------

static void* real(const char* name) { return dlsym(RTLD_NEXT, name); }
static int realOpen(const char* path, int flags, mode_t mode) {
    return ((int (*)(const char*, int, mode_t))real("open"))(path, flags, mode);
}
static int realClose(int fd) { return ((int (*)(int))real("close"))(fd); }
static void* realMap(void* at, size_t length, int protection, int flags, int fd, off_t offset) {
    return ((void* (*)(void*, size_t, int, int, int, off_t))real("mmap"))(at, length, protection, flags, fd, offset);
}

static int fail(int error) {
    errno = error;
    return -1;
}

// --- the environment ---------------------------------------------------------------------------

static const char* told(const char* variable, const char* otherwise) {
    const char* value = getenv(variable);
    return value ? value : otherwise;
}

static int cameraCount(void) {
    const int count = atoi(told("FAKE_CAMERAS", "1"));
    return count < kCameras ? count : kCameras;
}

static int isRich(int camera) { return strchr(told("FAKE_CAMERA_RICH", ""), '0' + camera) != NULL; }

static void note(const char* format, ...) {
    const char* path = getenv("FAKE_CAMERA_LOG");
    if (!path) return;
    char line[200];
    va_list rest;
    va_start(rest, format);
    const int length = vsnprintf(line, sizeof line, format, rest);
    va_end(rest);
    const int fd = realOpen(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (fd >= 0 && write(fd, line, (size_t)length) != length) perror("FAKE_CAMERA_LOG");
    if (fd >= 0) realClose(fd);
}

/// What is wrong with a camera now, and where it is.
static void state(int camera, char word[16], int* node) {
    strcpy(word, "ok");
    *node = camera;
    const char* path = getenv("FAKE_CAMERA_CONTROL");
    const int fd = path ? realOpen(path, O_RDONLY | O_CLOEXEC, 0) : -1;
    if (fd < 0) return;
    char text[512] = "", *rest = NULL;
    const ssize_t length = read(fd, text, sizeof text - 1);
    realClose(fd);
    if (length <= 0) return;
    for (char* line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        int number = -1, at = camera;
        char found[16];
        if (sscanf(line, "%d %15s %d", &number, found, &at) >= 2 && number == camera) {
            strcpy(word, found);
            *node = at;
        }
    }
}

static int is(int camera, const char* word) {
    char now[16];
    int node = 0;
    state(camera, now, &node);
    return strcmp(now, word) == 0;
}

static int nodeOf(int camera) {
    char word[16];
    int node = 0;
    state(camera, word, &node);
    return strcmp(word, "unplug") == 0 ? -1 : node;
}

static void hang(int camera) {
    while (is(camera, "hang")) usleep(10000);
}

// --- opening and closing -----------------------------------------------------------------------

/// -1: none of ours. -2: a video device that is not there; the machine's own ones are hidden.
static int cameraAt(const char* path) {
    int node = -1, end = 0;
    if (sscanf(path, "/dev/video%d%n", &node, &end) != 1 || path[end]) return -1;
    for (int camera = 0; camera < cameraCount(); ++camera)
        if (nodeOf(camera) == node) return camera;
    return -2;
}

static struct handle* handleOf(int fd) {
    if (fd < 0 || fd >= kMostHandles) return NULL;
    pthread_mutex_lock(&guard);
    struct handle* handle = handles[fd];
    pthread_mutex_unlock(&guard);
    return handle;
}

static int openCamera(int camera, int flags) {
    if (is(camera, "deny")) return fail(EACCES);
    hang(camera);
    const int fd = eventfd(0, EFD_SEMAPHORE | EFD_CLOEXEC | ((flags & O_NONBLOCK) ? EFD_NONBLOCK : 0));
    if (fd < 0) return -1;
    if (fd >= kMostHandles) {
        realClose(fd);
        return fail(EMFILE);
    }
    struct handle* handle = calloc(1, sizeof *handle);
    handle->fd = fd, handle->camera = camera, handle->memory = -1, handle->rate = 30;
    handle->picture = (struct picture){(unsigned)camera, 640, 360, V4L2_PIX_FMT_YUYV, 0};
    pthread_mutex_init(&handle->guard, NULL);
    pthread_mutex_lock(&guard);
    handles[fd] = handle;
    pthread_mutex_unlock(&guard);
    note("open %d\n", camera);
    return fd;
}

static int openAny(const char* path, int flags, mode_t mode) {
    const int camera = cameraAt(path);
    if (camera == -2) return fail(ENOENT);
    return camera >= 0 ? openCamera(camera, flags) : realOpen(path, flags, mode);
}

#define OPEN(name)                                     \
    int DOOR(name)(const char* path, int flags, ...) { \
        mode_t mode = 0;                               \
        if (flags & (O_CREAT | O_TMPFILE)) {           \
            va_list rest;                              \
            va_start(rest, flags);                     \
            mode = va_arg(rest, mode_t);               \
            va_end(rest);                              \
        }                                              \
        return openAny(path, flags, mode);             \
    }
OPEN(open)
OPEN(open64)
int DOOR(__open_2)(const char* path, int flags) { return openAny(path, flags, 0); }
int DOOR(__open64_2)(const char* path, int flags) { return openAny(path, flags, 0); }

static void streamOff(struct handle* handle);
static void dropBuffers(struct handle* handle);

int DOOR(close)(int fd) {
    struct handle* handle = handleOf(fd);
    if (handle) {
        streamOff(handle);
        dropBuffers(handle);
        pthread_mutex_lock(&guard);
        handles[fd] = NULL;
        pthread_mutex_unlock(&guard);
        note("close %d\n", handle->camera);
        pthread_mutex_destroy(&handle->guard);
        free(handle);
    }
    return realClose(fd);
}

void* DOOR(mmap)(void* at, size_t length, int protection, int flags, int fd, off_t offset) {
    const struct handle* handle = fd >= 0 ? handleOf(fd) : NULL;
    return realMap(at, length, protection, flags, handle ? handle->memory : fd, offset);
}
void* DOOR(mmap64)(void* at, size_t length, int protection, int flags, int fd, off64_t offset) {
    return DOOR(mmap)(at, length, protection, flags, fd, offset);
}

// --- a look into /dev --------------------------------------------------------------------------

static struct {
    DIR* folder;
    int next;
    struct dirent entry;
} folders[kFolders];

static int isDev(DIR* folder) {
    struct stat here, dev;
    return fstat(dirfd(folder), &here) == 0 && stat("/dev", &dev) == 0 && here.st_dev == dev.st_dev && here.st_ino == dev.st_ino;
}

/// What the folder has, without the machine's own cameras, and then ours.
struct dirent* DOOR(readdir)(DIR* folder) {
    struct dirent* (*const next)(DIR*) = (struct dirent * (*)(DIR*)) real("readdir");
    if (!isDev(folder)) return next(folder);
    struct dirent* entry = next(folder);
    while (entry && strncmp(entry->d_name, "video", 5) == 0) entry = next(folder);
    if (entry) return entry;
    pthread_mutex_lock(&guard);
    size_t at = 0;
    while (at < kFolders && folders[at].folder != folder) ++at;
    for (size_t i = 0; at == kFolders && i < kFolders; ++i)
        if (!folders[i].folder) at = i, folders[i].folder = folder, folders[i].next = 0;
    while (at < kFolders && folders[at].next < cameraCount()) {
        const int node = nodeOf(folders[at].next++);
        if (node < 0) continue;
        entry = &folders[at].entry;
        memset(entry, 0, sizeof *entry);
        snprintf(entry->d_name, sizeof entry->d_name, "video%d", node);
        entry->d_type = DT_CHR, entry->d_ino = 1;
        break;
    }
    pthread_mutex_unlock(&guard);
    return entry;
}
struct dirent64* DOOR(readdir64)(DIR* folder) {
    return (struct dirent64*)DOOR(readdir)(folder);
}

int DOOR(closedir)(DIR* folder) {
    pthread_mutex_lock(&guard);
    for (size_t i = 0; i < kFolders; ++i)
        if (folders[i].folder == folder) folders[i].folder = NULL;
    pthread_mutex_unlock(&guard);
    return ((int (*)(DIR*))real("closedir"))(folder);
}

// --- streaming ---------------------------------------------------------------------------------

static void addPeriod(struct timespec* at, unsigned rate) {
    at->tv_nsec += 1000000000L / (long)rate;
    if (at->tv_nsec >= 1000000000L) at->tv_nsec -= 1000000000L, ++at->tv_sec;
}

/// What it gives now; JPEGs of another size than agreed upon are made when the first is due.
static struct picture pictureNow(const struct handle* handle) {
    struct picture picture = handle->picture;
    if (picture.format != V4L2_PIX_FMT_MJPEG) return picture;
    if (is(handle->camera, "padded")) picture.padding = (16 - picture.height % 16) % 16;
    if (is(handle->camera, "half")) picture.width /= 2, picture.height /= 2;
    return picture;
}

/// One frame is due: into the next buffer, or lost when there is none.
static void capture(struct handle* handle, uint32_t sequence, struct timespec at) {
    pthread_mutex_lock(&handle->guard);
    const int room = handle->queuedHead != handle->queuedTail;
    const unsigned index = room ? handle->queued[handle->queuedHead++ % kMostBuffers] : 0;
    ++handle->frames;
    if (!room) ++handle->lost;
    pthread_mutex_unlock(&handle->guard);
    if (!room) return;
    uint8_t* pixels = handle->pixels + (size_t)index * handle->length;
    const struct picture picture = pictureNow(handle);
    if (!prepare(&picture)) return;
    size_t bytes = paint(&picture, sequence, pixels);
    const int corrupt = is(handle->camera, "corrupt");
    const int jpeg = handle->picture.format == V4L2_PIX_FMT_MJPEG;
    if (corrupt && jpeg) bytes /= 2;  // cut short, which only its decoder can see
    if (corrupt) note("broken %d", handle->camera);
    pthread_mutex_lock(&handle->guard);
    const unsigned to = handle->filledTail++ % kMostBuffers;
    handle->filled[to].index = index, handle->filled[to].bytes = (unsigned)bytes, handle->filled[to].sequence = sequence;
    handle->filled[to].broken = corrupt && !jpeg, handle->filled[to].at = at;
    pthread_mutex_unlock(&handle->guard);
    eventfd_write(handle->fd, 1);
}

static void* shoot(void* argument) {
    struct handle* handle = argument;
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    for (uint32_t sequence = 0;; ++sequence) {
        addPeriod(&at, handle->rate);
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
        pthread_mutex_lock(&handle->guard);
        const int on = handle->streaming;
        pthread_mutex_unlock(&handle->guard);
        if (!on) return NULL;
        char word[16];
        int node = 0;
        state(handle->camera, word, &node);
        if (handle->mute || strcmp(word, "stall") == 0 || (strcmp(word, "slow") == 0 && sequence % 4)) continue;
        if (strcmp(word, "unplug") == 0 || strcmp(word, "eio") == 0 || strcmp(word, "hang") == 0)
            eventfd_write(handle->fd, 1);  // so that the program looks
        else
            capture(handle, sequence, at);
    }
}

static int streamOn(struct handle* handle) {
    if (handle->count == 0) return fail(EINVAL);
    if (getenv("FAKE_CAMERA_ONE_BUS")) {
        int taken = 0;
        pthread_mutex_lock(&guard);
        for (int other = 0; other < kCameras; ++other)
            if (cameras[other].owner && cameras[other].owner != handle && cameras[other].owner->streaming) taken = 1;
        pthread_mutex_unlock(&guard);
        if (taken) return fail(ENOSPC);
    }
    if (!prepare(&handle->picture)) return fail(EIO);
    handle->frames = handle->lost = 0;
    handle->mute = is(handle->camera, "mute");
    handle->streaming = 1;
    note("stream %d on\n", handle->camera);
    return pthread_create(&handle->thread, NULL, shoot, handle) == 0 ? 0 : fail(EAGAIN);
}

static void streamOff(struct handle* handle) {
    pthread_mutex_lock(&handle->guard);
    const int on = handle->streaming;
    handle->streaming = 0;
    pthread_mutex_unlock(&handle->guard);
    if (!on) return;
    pthread_join(handle->thread, NULL);
    handle->queuedHead = handle->queuedTail = handle->filledHead = handle->filledTail = 0;
    note("stream %d off, %u frames, %u lost\n", handle->camera, handle->frames, handle->lost);
}

static void dropBuffers(struct handle* handle) {
    if (handle->pixels) munmap(handle->pixels, (size_t)handle->length * handle->count);
    if (handle->memory >= 0) realClose(handle->memory);
    handle->pixels = NULL, handle->memory = -1, handle->count = 0;
    pthread_mutex_lock(&guard);
    if (cameras[handle->camera].owner == handle) cameras[handle->camera].owner = NULL;
    pthread_mutex_unlock(&guard);
}

static int requestBuffers(struct handle* handle, struct v4l2_requestbuffers* it) {
    if (it->memory != V4L2_MEMORY_MMAP || it->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
    pthread_mutex_lock(&guard);
    const struct handle* owner = cameras[handle->camera].owner;
    pthread_mutex_unlock(&guard);
    if (is(handle->camera, "busy") || (owner && owner != handle)) return fail(EBUSY);
    dropBuffers(handle);
    if (it->count == 0) return 0;
    handle->count = it->count < kMostBuffers ? it->count : kMostBuffers;
    handle->length = (handle->picture.width * handle->picture.height * 4 + 4095) / 4096 * 4096;
    it->count = handle->count;
    const size_t bytes = (size_t)handle->length * handle->count;
    handle->memory = memfd_create("fake-camera", MFD_CLOEXEC);
    if (handle->memory < 0 || ftruncate(handle->memory, (off_t)bytes) != 0) return -1;
    handle->pixels = realMap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, handle->memory, 0);
    if (handle->pixels == MAP_FAILED) return -1;
    pthread_mutex_lock(&guard);
    cameras[handle->camera].owner = handle;
    pthread_mutex_unlock(&guard);
    return 0;
}

static int describe(const struct handle* handle, struct v4l2_buffer* buffer, unsigned index) {
    if (index >= handle->count) return fail(EINVAL);
    memset(buffer, 0, sizeof *buffer);
    buffer->index = index;
    buffer->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer->memory = V4L2_MEMORY_MMAP;
    buffer->field = V4L2_FIELD_NONE;
    buffer->flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    buffer->length = handle->length;
    buffer->m.offset = index * handle->length;
    return 0;
}

static int enqueue(struct handle* handle, unsigned index) {
    if (index >= handle->count) return fail(EINVAL);
    pthread_mutex_lock(&handle->guard);
    handle->queued[handle->queuedTail++ % kMostBuffers] = index;
    pthread_mutex_unlock(&handle->guard);
    return 0;
}

static int dequeue(struct handle* handle, struct v4l2_buffer* buffer) {
    for (;;) {
        uint64_t one = 0;
        if (read(handle->fd, &one, sizeof one) != (ssize_t)sizeof one) return -1;  // EAGAIN when non-blocking
        if (is(handle->camera, "eio")) return fail(EIO);
        pthread_mutex_lock(&handle->guard);
        const int found = handle->filledHead != handle->filledTail;
        const unsigned at = handle->filledHead % kMostBuffers;
        if (found) ++handle->filledHead;
        pthread_mutex_unlock(&handle->guard);
        if (!found) continue;
        describe(handle, buffer, handle->filled[at].index);
        buffer->timestamp.tv_sec = handle->filled[at].at.tv_sec;
        buffer->timestamp.tv_usec = handle->filled[at].at.tv_nsec / 1000;
        buffer->bytesused = handle->filled[at].bytes;
        buffer->sequence = handle->filled[at].sequence;
        if (handle->filled[at].broken) buffer->flags |= V4L2_BUF_FLAG_ERROR;
        return 0;
    }
}

// --- what a program asks -----------------------------------------------------------------------

static unsigned formatAt(unsigned index) {
    for (size_t i = 0; i < COUNT(kFormats); ++i)
        if (strstr(told("FAKE_CAMERA_FORMATS", "YUYV"), kFormats[i].name) && index-- == 0) return kFormats[i].fourcc;
    return 0;
}

static int hasFormat(unsigned fourcc) {
    for (unsigned i = 0; formatAt(i); ++i)
        if (formatAt(i) == fourcc) return 1;
    return 0;
}

/// Of a pixel in the first plane.
static unsigned bytesOf(unsigned fourcc) {
    switch (fourcc) {
        case V4L2_PIX_FMT_YUYV:
        case V4L2_PIX_FMT_YVYU:
        case V4L2_PIX_FMT_RGB565: return 2;
        case V4L2_PIX_FMT_BGR32:
        case V4L2_PIX_FMT_XBGR32: return 4;
        default: return 1;
    }
}

static int format(struct handle* handle, unsigned long request, struct v4l2_format* wanted) {
    if (wanted->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
    struct v4l2_pix_format* pix = &wanted->fmt.pix;
    struct picture picture = handle->picture;
    if (request != VIDIOC_G_FMT) {
        size_t size = COUNT(kSizes) - 1;
        while (size > 0 && (pix->width > kSizes[size].width || pix->height > kSizes[size].height)) --size;
        picture.width = kSizes[size].width, picture.height = kSizes[size].height;
        picture.format = hasFormat(pix->pixelformat) ? pix->pixelformat : formatAt(0);
    }
    if (request == VIDIOC_S_FMT) {
        if (handle->count > 0 || is(handle->camera, "busy")) return fail(EBUSY);
        handle->picture = picture;
        note("format %d %ux%u %.4s\n", handle->camera, picture.width, picture.height, (const char*)&picture.format);
    }
    memset(pix, 0, sizeof *pix);
    pix->width = picture.width, pix->height = picture.height, pix->pixelformat = picture.format;
    pix->field = V4L2_FIELD_NONE;
    if (picture.format != V4L2_PIX_FMT_MJPEG) pix->bytesperline = picture.width * bytesOf(picture.format);
    pix->sizeimage = picture.width * picture.height * 4;
    pix->colorspace = V4L2_COLORSPACE_SRGB;
    return 0;
}

static int rate(struct handle* handle, unsigned long request, struct v4l2_streamparm* wanted) {
    if (wanted->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
    const struct v4l2_fract asked = wanted->parm.capture.timeperframe;
    if (request == VIDIOC_S_PARM && asked.numerator) {
        handle->rate = asked.denominator / asked.numerator > 15 ? 30 : 15;
        note("rate %d %u\n", handle->camera, handle->rate);
    }
    memset(&wanted->parm, 0, sizeof wanted->parm);
    wanted->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
    wanted->parm.capture.timeperframe = (struct v4l2_fract){1, handle->rate};
    return 0;
}

static size_t controlOf(int camera, unsigned id) {
    size_t i = 0;
    while (i < COUNT(kControls) && (kControls[i].id != id || (kControls[i].rich && !isRich(camera)))) ++i;
    return i;
}

static int queryControl(int camera, struct v4l2_queryctrl* it) {
    size_t i = 0;
    if (it->id & V4L2_CTRL_FLAG_NEXT_CTRL) {
        const unsigned after = it->id & ~V4L2_CTRL_FLAG_NEXT_CTRL;
        while (i < COUNT(kControls) && (kControls[i].id <= after || (kControls[i].rich && !isRich(camera)))) ++i;
    } else {
        i = controlOf(camera, it->id);
    }
    if (i == COUNT(kControls)) return fail(EINVAL);
    memset(it, 0, sizeof *it);
    it->id = kControls[i].id, it->type = kControls[i].type;
    strcpy((char*)it->name, kControls[i].name);
    it->minimum = kControls[i].minimum, it->maximum = kControls[i].maximum;
    it->step = kControls[i].step, it->default_value = kControls[i].byDefault;
    return 0;
}

static int control(int camera, unsigned long request, struct v4l2_control* it) {
    const char* sides = told("FAKE_CAMERA_SIDES", "");
    if (it->id == V4L2_CID_CAMERA_ORIENTATION && request == VIDIOC_G_CTRL && (size_t)camera < strlen(sides)) {
        it->value = sides[camera] - '0';
        return 0;
    }
    const size_t i = controlOf(camera, it->id);
    if (i == COUNT(kControls)) return fail(EINVAL);
    pthread_mutex_lock(&guard);
    int* value = &cameras[camera].values[i];  // as the difference to the default
    const int good = request == VIDIOC_G_CTRL || (it->value >= kControls[i].minimum && it->value <= kControls[i].maximum);
    if (request == VIDIOC_S_CTRL && good) *value = it->value - kControls[i].byDefault;
    if (good) it->value = *value + kControls[i].byDefault;
    pthread_mutex_unlock(&guard);
    if (!good) return fail(ERANGE);
    if (request == VIDIOC_S_CTRL) note("control %d %s = %d\n", camera, kControls[i].name, it->value);
    return 0;
}

static int answer(struct handle* handle, unsigned long request, void* argument) {
    const int camera = handle->camera;
    hang(camera);
    if (nodeOf(camera) < 0) return fail(ENODEV);
    switch (request) {
        case VIDIOC_QUERYCAP: {
            struct v4l2_capability* it = argument;
            memset(it, 0, sizeof *it);
            strcpy((char*)it->driver, "fake_camera");
            snprintf((char*)it->card, sizeof it->card, "Fake camera %d", camera);
            snprintf((char*)it->bus_info, sizeof it->bus_info, "platform:fake_camera-%d", camera);
            it->version = 0x060100;
            it->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
            it->capabilities = it->device_caps | V4L2_CAP_DEVICE_CAPS;
            return 0;
        }
        case VIDIOC_ENUM_FMT: {
            struct v4l2_fmtdesc* it = argument;
            if (it->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || !formatAt(it->index)) return fail(EINVAL);
            it->pixelformat = formatAt(it->index);
            it->flags = it->pixelformat == V4L2_PIX_FMT_MJPEG ? V4L2_FMT_FLAG_COMPRESSED : 0;
            snprintf((char*)it->description, sizeof it->description, "%.4s", (const char*)&it->pixelformat);
            return 0;
        }
        case VIDIOC_ENUM_FRAMESIZES: {
            struct v4l2_frmsizeenum* it = argument;
            if (it->index >= COUNT(kSizes) || !hasFormat(it->pixel_format)) return fail(EINVAL);
            it->type = V4L2_FRMSIZE_TYPE_DISCRETE;
            it->discrete.width = kSizes[it->index].width, it->discrete.height = kSizes[it->index].height;
            return 0;
        }
        case VIDIOC_ENUM_FRAMEINTERVALS: {
            struct v4l2_frmivalenum* it = argument;
            if (it->index >= COUNT(kRates) || !hasFormat(it->pixel_format)) return fail(EINVAL);
            it->type = V4L2_FRMIVAL_TYPE_DISCRETE;
            it->discrete = (struct v4l2_fract){1, kRates[it->index]};
            return 0;
        }
        case VIDIOC_G_FMT:
        case VIDIOC_S_FMT:
        case VIDIOC_TRY_FMT: return format(handle, request, argument);
        case VIDIOC_G_PARM:
        case VIDIOC_S_PARM: return rate(handle, request, argument);
        case VIDIOC_ENUMINPUT: {
            struct v4l2_input* it = argument;
            if (it->index != 0) return fail(EINVAL);
            memset(it, 0, sizeof *it);
            strcpy((char*)it->name, "Camera");
            it->type = V4L2_INPUT_TYPE_CAMERA;
            return 0;
        }
        case VIDIOC_G_INPUT: *(int*)argument = 0; return 0;
        case VIDIOC_S_INPUT: return *(int*)argument == 0 ? 0 : fail(EINVAL);
        case VIDIOC_REQBUFS: return requestBuffers(handle, argument);
        case VIDIOC_QUERYBUF: return describe(handle, argument, ((struct v4l2_buffer*)argument)->index);
        case VIDIOC_QBUF: return enqueue(handle, ((struct v4l2_buffer*)argument)->index);
        case VIDIOC_DQBUF: return dequeue(handle, argument);
        case VIDIOC_STREAMON: return streamOn(handle);
        case VIDIOC_STREAMOFF: streamOff(handle); return 0;
        case VIDIOC_QUERYCTRL: return queryControl(camera, argument);
        case VIDIOC_QUERYMENU: {
            const struct v4l2_querymenu* it = argument;
            return it->id == V4L2_CID_FLASH_LED_MODE && isRich(camera) && it->index <= 2 ? 0 : fail(EINVAL);
        }
        case VIDIOC_G_CTRL:
        case VIDIOC_S_CTRL: return control(camera, request, argument);
        default: return fail(ENOTTY);
    }
}

int DOOR(ioctl)(int fd, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void* argument = va_arg(rest, void*);
    va_end(rest);
    struct handle* handle = handleOf(fd);
    // Some callers hand the number over as an int, whose sign then fills the upper half.
    if (handle) return answer(handle, request & 0xffffffffUL, argument);
    return ((int (*)(int, unsigned long, void*))real("ioctl"))(fd, request, argument);
}
