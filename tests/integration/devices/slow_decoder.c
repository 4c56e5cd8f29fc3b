// SPDX-License-Identifier: MIT
// Preloaded into a program, makes the decoding of a file's or stream's pictures take time, whatever the machine:
// SLOW_DECODER_MS for each.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libavcodec/avcodec.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int avcodec_send_packet(AVCodecContext* context, const AVPacket* packet) {
    char thread[16] = "";
    const char* told = getenv("SLOW_DECODER_MS");
    const long ms = told ? atol(told) : 0;
    const int played = pthread_getname_np(pthread_self(), thread, sizeof thread) == 0 && strcmp(thread, "picture") == 0;
    if (played && packet && context->codec_type == AVMEDIA_TYPE_VIDEO) {
        const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
        nanosleep(&pause, NULL);
    }
    __typeof__(&avcodec_send_packet) real = (__typeof__(&avcodec_send_packet))dlsym(RTLD_NEXT, "avcodec_send_packet");
    return real(context, packet);
}
