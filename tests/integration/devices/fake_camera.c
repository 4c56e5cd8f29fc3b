// SPDX-License-Identifier: MIT
// A V4L2 camera for machines that have none: LD_PRELOAD it and /dev/video0 opens as a camera of 1280x720 or 640x360,
// YUYV or I420, up to 30 frames per second, read by streaming from mapped buffers. The device node need not exist.
// Only one camera, opened once at a time: all that a test of one capture needs.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { kMostBuffers = 16, kMostBytes = 1280 * 720 * 2 };
static const char kPath[] = "/dev/video0";
static const struct { unsigned width, height; } kSizes[] = {{1280, 720}, {640, 360}};
static const unsigned kFormats[] = {V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_YUV420};
static const unsigned kRates[] = {30, 15};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// The descriptor that the program holds is a timer's: it becomes readable when a frame is due, as a camera's does.
static struct {
    int fd, memory, streaming;
    unsigned width, height, format, rate;
    uint8_t* pixels;
    unsigned buffers, queue[kMostBuffers], head, tail;
    uint32_t sequence;
} camera = {.fd = -1, .memory = -1};
static pthread_mutex_t queueGuard = PTHREAD_MUTEX_INITIALIZER;  // buffers may come back on any thread

// --- the C library's own functions -------------------------------------------------------------

static void* real(const char* name) { return dlsym(RTLD_NEXT, name); }
static int realClose(int fd) { return ((int (*)(int))real("close"))(fd); }
static void* realMap(void* at, size_t length, int protection, int flags, int fd, off_t offset) {
    return ((void* (*)(void*, size_t, int, int, int, off_t))real("mmap"))(at, length, protection, flags, fd, offset);
}

static int fail(int error) {
    errno = error;
    return -1;
}

// --- the picture -------------------------------------------------------------------------------

static size_t frameBytes(void) {
    const size_t pixels = (size_t)camera.width * camera.height;
    return camera.format == V4L2_PIX_FMT_YUYV ? pixels * 2 : pixels * 3 / 2;
}

/// A grey ramp with a bright bar that goes 8 pixels to the right each frame.
static void paint(uint8_t* to) {
    static uint8_t row[1280 * 2];
    const unsigned step = camera.format == V4L2_PIX_FMT_YUYV ? 2 : 1;
    const unsigned bar = camera.sequence * 8 % camera.width;
    memset(row, 128, sizeof row);
    for (unsigned x = 0; x < camera.width; ++x)
        row[x * step] = (uint8_t)(x - bar < camera.width / 16 ? 235 : 32 + x * 160 / camera.width);
    for (unsigned y = 0; y < camera.height; ++y) memcpy(to + (size_t)y * camera.width * step, row, (size_t)camera.width * step);
    if (step == 1) memset(to + (size_t)camera.width * camera.height, 128, (size_t)camera.width * camera.height / 2);
}

// --- opening and closing -----------------------------------------------------------------------

static int openCamera(int flags) {
    if (camera.fd >= 0) return fail(EBUSY);
    const int fd = timerfd_create(CLOCK_MONOTONIC, ((flags & O_NONBLOCK) ? TFD_NONBLOCK : 0) | TFD_CLOEXEC);
    if (fd < 0) return -1;
    camera.memory = memfd_create("fake-camera", MFD_CLOEXEC);
    if (camera.memory < 0 || ftruncate(camera.memory, (off_t)kMostBytes * kMostBuffers) != 0) return -1;
    camera.pixels = realMap(NULL, (size_t)kMostBytes * kMostBuffers, PROT_READ | PROT_WRITE, MAP_SHARED, camera.memory, 0);
    if (camera.pixels == MAP_FAILED) return -1;
    camera.fd = fd;
    camera.width = 640, camera.height = 360, camera.format = V4L2_PIX_FMT_YUYV, camera.rate = 30;
    return fd;
}

static int openAny(const char* function, const char* path, int flags, mode_t mode) {
    if (strcmp(path, kPath) == 0) return openCamera(flags);
    return ((int (*)(const char*, int, mode_t))real(function))(path, flags, mode);
}

#define OPEN(name)                                \
    int name(const char* path, int flags, ...) {  \
        mode_t mode = 0;                          \
        if (flags & (O_CREAT | O_TMPFILE)) {      \
            va_list rest;                         \
            va_start(rest, flags);                \
            mode = va_arg(rest, mode_t);          \
            va_end(rest);                         \
        }                                         \
        return openAny(#name, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
int __open_2(const char* path, int flags) { return openAny("open", path, flags, 0); }
int __open64_2(const char* path, int flags) { return openAny("open64", path, flags, 0); }

int close(int fd) {
    if (fd >= 0 && fd == camera.fd) {
        munmap(camera.pixels, (size_t)kMostBytes * kMostBuffers);
        realClose(camera.memory);
        memset(&camera, 0, sizeof camera);
        camera.fd = camera.memory = -1;
    }
    return realClose(fd);
}

void* mmap(void* at, size_t length, int protection, int flags, int fd, off_t offset) {
    return realMap(at, length, protection, flags, fd >= 0 && fd == camera.fd ? camera.memory : fd, offset);
}
void* mmap64(void* at, size_t length, int protection, int flags, int fd, off64_t offset) {
    return mmap(at, length, protection, flags, fd, offset);
}

// --- streaming ---------------------------------------------------------------------------------

static void tick(int on) {
    const long period = on ? 1000000000L / (long)camera.rate : 0;
    const struct itimerspec when = {{0, period}, {0, period}};
    timerfd_settime(camera.fd, 0, &when, NULL);
    camera.streaming = on;
    if (!on) camera.head = camera.tail = 0;
}

static void describe(struct v4l2_buffer* buffer, unsigned index) {
    memset(buffer, 0, sizeof *buffer);
    buffer->index = index;
    buffer->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer->memory = V4L2_MEMORY_MMAP;
    buffer->field = V4L2_FIELD_NONE;
    buffer->flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    buffer->length = kMostBytes;
    buffer->m.offset = index * kMostBytes;
}

static int dequeue(struct v4l2_buffer* buffer) {
    unsigned index = 0;
    for (;;) {
        uint64_t due = 0;
        if (!camera.streaming) return fail(EINVAL);
        if (read(camera.fd, &due, sizeof due) != (ssize_t)sizeof due) return -1;  // EAGAIN when non-blocking
        camera.sequence += (uint32_t)due;  // frames that nobody fetched count, as a camera counts them
        pthread_mutex_lock(&queueGuard);
        const int found = camera.head != camera.tail;
        if (found) index = camera.queue[camera.head++ % kMostBuffers];
        pthread_mutex_unlock(&queueGuard);
        if (found) break;
        if (fcntl(camera.fd, F_GETFL) & O_NONBLOCK) return fail(EAGAIN);
    }
    paint(camera.pixels + (size_t)index * kMostBytes);
    describe(buffer, index);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    buffer->timestamp.tv_sec = now.tv_sec;
    buffer->timestamp.tv_usec = now.tv_nsec / 1000;
    buffer->bytesused = (unsigned)frameBytes();
    buffer->sequence = camera.sequence - 1;
    return 0;
}

// --- what a program asks -----------------------------------------------------------------------

static int format(unsigned long request, struct v4l2_format* wanted) {
    if (wanted->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
    struct v4l2_pix_format* pix = &wanted->fmt.pix;
    unsigned width = camera.width, height = camera.height, fourcc = camera.format;
    if (request != VIDIOC_G_FMT) {
        const unsigned size = pix->width > 640 || pix->height > 360 ? 0 : 1;
        width = kSizes[size].width, height = kSizes[size].height;
        fourcc = pix->pixelformat == V4L2_PIX_FMT_YUV420 ? V4L2_PIX_FMT_YUV420 : V4L2_PIX_FMT_YUYV;
    }
    if (request == VIDIOC_S_FMT) {
        if (camera.streaming) return fail(EBUSY);
        camera.width = width, camera.height = height, camera.format = fourcc;
    }
    const unsigned line = fourcc == V4L2_PIX_FMT_YUYV ? width * 2 : width;
    memset(pix, 0, sizeof *pix);
    pix->width = width, pix->height = height, pix->pixelformat = fourcc;
    pix->field = V4L2_FIELD_NONE;
    pix->bytesperline = line;
    pix->sizeimage = fourcc == V4L2_PIX_FMT_YUYV ? line * height : line * height * 3 / 2;
    pix->colorspace = V4L2_COLORSPACE_SRGB;
    return 0;
}

static int rate(unsigned long request, struct v4l2_streamparm* wanted) {
    if (wanted->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
    const struct v4l2_fract asked = wanted->parm.capture.timeperframe;
    if (request == VIDIOC_S_PARM && asked.numerator) camera.rate = asked.denominator / asked.numerator > 15 ? 30 : 15;
    memset(&wanted->parm, 0, sizeof wanted->parm);
    wanted->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
    wanted->parm.capture.timeperframe = (struct v4l2_fract){1, camera.rate};
    return 0;
}

static int answer(unsigned long request, void* argument) {
    switch (request) {
        case VIDIOC_QUERYCAP: {
            struct v4l2_capability* it = argument;
            memset(it, 0, sizeof *it);
            strcpy((char*)it->driver, "fake_camera");
            strcpy((char*)it->card, "Fake camera");
            strcpy((char*)it->bus_info, "platform:fake_camera");
            it->version = 0x060100;
            it->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
            it->capabilities = it->device_caps | V4L2_CAP_DEVICE_CAPS;
            return 0;
        }
        case VIDIOC_ENUM_FMT: {
            struct v4l2_fmtdesc* it = argument;
            if (it->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || it->index >= COUNT(kFormats)) return fail(EINVAL);
            it->flags = 0;
            it->pixelformat = kFormats[it->index];
            strcpy((char*)it->description, it->index == 0 ? "YUYV 4:2:2" : "Planar YUV 4:2:0");
            return 0;
        }
        case VIDIOC_ENUM_FRAMESIZES: {
            struct v4l2_frmsizeenum* it = argument;
            if (it->index >= COUNT(kSizes)) return fail(EINVAL);
            it->type = V4L2_FRMSIZE_TYPE_DISCRETE;
            it->discrete.width = kSizes[it->index].width, it->discrete.height = kSizes[it->index].height;
            return 0;
        }
        case VIDIOC_ENUM_FRAMEINTERVALS: {
            struct v4l2_frmivalenum* it = argument;
            if (it->index >= COUNT(kRates)) return fail(EINVAL);
            it->type = V4L2_FRMIVAL_TYPE_DISCRETE;
            it->discrete = (struct v4l2_fract){1, kRates[it->index]};
            return 0;
        }
        case VIDIOC_G_FMT:
        case VIDIOC_S_FMT:
        case VIDIOC_TRY_FMT: return format(request, argument);
        case VIDIOC_G_PARM:
        case VIDIOC_S_PARM: return rate(request, argument);
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
        case VIDIOC_REQBUFS: {
            struct v4l2_requestbuffers* it = argument;
            if (it->memory != V4L2_MEMORY_MMAP || it->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
            if (it->count > kMostBuffers) it->count = kMostBuffers;
            camera.buffers = it->count;
            camera.head = camera.tail = 0;
            return 0;
        }
        case VIDIOC_QUERYBUF: {
            struct v4l2_buffer* it = argument;
            if (it->index >= camera.buffers) return fail(EINVAL);
            describe(it, it->index);
            return 0;
        }
        case VIDIOC_QBUF: {
            const struct v4l2_buffer* it = argument;
            if (it->index >= camera.buffers) return fail(EINVAL);
            pthread_mutex_lock(&queueGuard);
            camera.queue[camera.tail++ % kMostBuffers] = it->index;
            pthread_mutex_unlock(&queueGuard);
            return 0;
        }
        case VIDIOC_DQBUF: return dequeue(argument);
        case VIDIOC_STREAMON:
            if (camera.buffers == 0) return fail(EINVAL);
            camera.sequence = 0;
            tick(1);
            return 0;
        case VIDIOC_STREAMOFF: tick(0); return 0;
        default: return fail(ENOTTY);  // controls, standards, crop: a plain camera has none
    }
}

int ioctl(int fd, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void* argument = va_arg(rest, void*);
    va_end(rest);
    // Some callers hand the number over as an int, whose sign then fills the upper half.
    if (fd >= 0 && fd == camera.fd) return answer(request & 0xffffffffUL, argument);
    return ((int (*)(int, unsigned long, void*))real("ioctl"))(fd, request, argument);
}
