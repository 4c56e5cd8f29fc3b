// SPDX-License-Identifier: MIT
#include "fake_picture.h"

#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/// Everything but bar and number, and the JPEGs. Few are ever made, so they are kept for good.
struct canvas {
    struct picture of;
    uint8_t* still;
    struct {
        uint8_t* bytes;
        size_t length;
    } jpegs[kJpegs];
    struct canvas* next;
};
static struct canvas* canvases;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

static size_t rawBytes(const struct picture* p) {
    const size_t pixels = (size_t)p->width * p->height;
    return p->format == V4L2_PIX_FMT_YUV420 ? pixels * 3 / 2 : pixels * 2;
}

/// Luma values lie so many bytes apart.
static unsigned step(const struct picture* p) { return p->format == V4L2_PIX_FMT_YUV420 ? 1 : 2; }

static void fill(uint8_t* to, const struct picture* p, unsigned left, unsigned top, unsigned right, unsigned bottom,
                 uint8_t luma) {
    for (unsigned y = top; y < bottom; ++y)
        for (unsigned x = left; x < right; ++x) to[((size_t)y * p->width + x) * step(p)] = luma;
}

static void paintStill(const struct picture* p, uint8_t* to) {
    const uint8_t blue = (uint8_t)(100 + 60 * p->camera), red = (uint8_t)(160 - 60 * p->camera);
    uint32_t noise = 1;
    for (unsigned y = 0; y < p->height; ++y)
        for (unsigned x = 0; x < p->width; ++x) {
            noise = noise * 1664525 + 1013904223;
            to[((size_t)y * p->width + x) * step(p)] = (uint8_t)(32 + x * 160 / p->width + (noise >> 28));
            if (step(p) == 2) to[((size_t)y * p->width + x) * 2 + 1] = x % 2 ? red : blue;
        }
    if (step(p) == 2) return;
    const size_t pixels = (size_t)p->width * p->height;
    memset(to + pixels, blue, pixels / 4);
    memset(to + pixels * 5 / 4, red, pixels / 4);
}

static void paintNumber(const struct picture* p, uint8_t* to, uint32_t number) {
    for (unsigned block = 0; block < 32; ++block) {
        const int one = (number >> (31 - block)) & 1;
        const unsigned left = (block + 1) * p->width / 34, right = (block + 2) * p->width / 34;
        const unsigned top = p->height * 80 / 100, middle = p->height * 86 / 100, bottom = p->height * 92 / 100;
        fill(to, p, left, top, right, middle, one ? 235 : 16);
        fill(to, p, left, middle, right, bottom, one ? 16 : 235);
    }
}

static void paintRaw(const struct canvas* canvas, uint32_t number, uint8_t* to) {
    const struct picture* p = &canvas->of;
    memcpy(to, canvas->still, rawBytes(p));
    const unsigned bar = number * 8 % (p->width * 15 / 16);
    fill(to, p, bar, 0, bar + p->width / 16, p->height, 235);
    paintNumber(p, to, number);
}

static uint8_t clamp(int value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value); }

/// One pixel as blue, green, red (ITU-R BT.601).
static void toRgb(int y, int u, int v, uint8_t bgr[3]) {
    const int c = 298 * (y - 16) + 128, d = u - 128, e = v - 128;
    bgr[0] = clamp((c + 516 * d) >> 8);
    bgr[1] = clamp((c - 100 * d - 208 * e) >> 8);
    bgr[2] = clamp((c + 409 * e) >> 8);
}

/// YUYV in another of the formats of 4:2:2, grey or RGB; answers its bytes.
static size_t repack(const struct picture* p, const uint8_t* from, uint8_t* to) {
    const size_t pixels = (size_t)p->width * p->height;
    for (size_t i = 0; i < pixels; ++i) {
        const uint8_t y = from[2 * i], *pair = from + (i & ~(size_t)1) * 2;
        uint8_t bgr[4] = {0, 0, 0, 0};  // the last one is no alpha, but nothing
        toRgb(y, pair[1], pair[3], bgr);
        switch (p->format) {
            case V4L2_PIX_FMT_GREY: to[i] = clamp(((y - 16) * 255 + 109) / 219); break;
            case V4L2_PIX_FMT_YVYU: to[2 * i] = y, to[2 * i + 1] = i % 2 ? pair[1] : pair[3]; break;
            case V4L2_PIX_FMT_NV16: to[i] = y, to[pixels + i] = i % 2 ? pair[3] : pair[1]; break;
            case V4L2_PIX_FMT_RGB565:
                to[2 * i] = (uint8_t)((bgr[1] >> 2) << 5 | bgr[0] >> 3);
                to[2 * i + 1] = (uint8_t)((bgr[2] & 0xf8) | bgr[1] >> 5);
                break;
            default: memcpy(to + 4 * i, bgr, 4);  // BGR32, XBGR32
        }
    }
    if (p->format == V4L2_PIX_FMT_GREY) return pixels;
    return p->format == V4L2_PIX_FMT_BGR32 || p->format == V4L2_PIX_FMT_XBGR32 ? pixels * 4 : pixels * 2;
}

static int isRepacked(const struct picture* p) {
    return p->format != V4L2_PIX_FMT_YUYV && p->format != V4L2_PIX_FMT_YUV420 && p->format != V4L2_PIX_FMT_MJPEG;
}

/// YUYV into planes of 4:2:0.
static void split(const struct picture* p, const uint8_t* from, AVFrame* to) {
    for (unsigned y = 0; y < p->height; ++y)
        for (unsigned x = 0; x < p->width; ++x) {
            const uint8_t* at = from + ((size_t)y * p->width + x) * 2;
            to->data[0][(size_t)y * (size_t)to->linesize[0] + x] = at[0];
            if (y % 2 == 0) to->data[x % 2 ? 2 : 1][(size_t)(y / 2) * (size_t)to->linesize[1] + x / 2] = at[1];
        }
}

static int makeJpegs(struct canvas* canvas) {
    const struct picture* p = &canvas->of;
    AVCodecContext* coder = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_MJPEG));
    coder->width = (int)p->width, coder->height = (int)(p->height + p->padding);
    coder->pix_fmt = AV_PIX_FMT_YUVJ420P;
    coder->time_base = (AVRational){1, 30};
    coder->flags |= AV_CODEC_FLAG_QSCALE;
    coder->thread_count = 1;
    AVFrame* frame = av_frame_alloc();
    AVPacket* packet = av_packet_alloc();
    uint8_t* raw = malloc(rawBytes(p));
    int good = avcodec_open2(coder, NULL, NULL) == 0;
    for (unsigned i = 0; good && i < kJpegs; ++i) {
        frame->format = coder->pix_fmt, frame->width = coder->width, frame->height = coder->height;
        frame->quality = FF_QP2LAMBDA * 3;
        good = av_frame_get_buffer(frame, 0) == 0;
        if (!good) break;
        paintRaw(canvas, i, raw);
        split(p, raw, frame);
        for (unsigned y = p->height; y < p->height + p->padding; ++y)
            memset(frame->data[0] + (size_t)y * (size_t)frame->linesize[0], 255, p->width);
        good = avcodec_send_frame(coder, frame) == 0 && avcodec_receive_packet(coder, packet) == 0;
        if (good) {
            canvas->jpegs[i].length = (size_t)packet->size;
            canvas->jpegs[i].bytes = malloc((size_t)packet->size);
            memcpy(canvas->jpegs[i].bytes, packet->data, (size_t)packet->size);
        }
        av_packet_unref(packet);
        av_frame_unref(frame);
    }
    free(raw);
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&coder);
    return good;
}

static struct canvas* find(const struct picture* what) {
    struct canvas* canvas = canvases;
    while (canvas && memcmp(&canvas->of, what, sizeof *what) != 0) canvas = canvas->next;
    return canvas;
}

int prepare(const struct picture* what) {
    pthread_mutex_lock(&guard);
    int good = 1;
    if (!find(what)) {
        struct canvas* canvas = calloc(1, sizeof *canvas);
        canvas->of = *what;
        canvas->still = malloc(rawBytes(what));
        paintStill(what, canvas->still);
        good = what->format != V4L2_PIX_FMT_MJPEG || makeJpegs(canvas);
        canvas->next = canvases;
        canvases = canvas;
    }
    pthread_mutex_unlock(&guard);
    return good;
}

size_t paint(const struct picture* what, uint32_t number, uint8_t* to) {
    pthread_mutex_lock(&guard);
    const struct canvas* canvas = find(what);
    pthread_mutex_unlock(&guard);
    if (what->format == V4L2_PIX_FMT_MJPEG) {
        memcpy(to, canvas->jpegs[number % kJpegs].bytes, canvas->jpegs[number % kJpegs].length);
        return canvas->jpegs[number % kJpegs].length;
    }
    if (isRepacked(what)) {
        uint8_t* raw = malloc(rawBytes(what));
        paintRaw(canvas, number, raw);
        const size_t bytes = repack(what, raw, to);
        free(raw);
        return bytes;
    }
    paintRaw(canvas, number, to);
    return rawBytes(what);
}
