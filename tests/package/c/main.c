/* SPDX-License-Identifier: MIT */
/* Pushes the test picture and tone for a second:  consumer FILE.flv
 * Exit code: 0 pushing began and stop succeeded, else 1. */
#define _POSIX_C_SOURCE 200809L

#include <livepusher/livepusher.h>

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static atomic_int began, stopped;

static void onEvent(livepusher_t* pusher, const char* event, int code, const char* json, void* user) {
    (void)pusher;
    (void)user;
    if (strcmp(event, "statechange") != 0) return;
    puts(json);
    if (code == LIVEPUSHER_CODE_PushBegan) began = 1;
}

static void onStopped(livepusher_t* pusher, int code, const char* message, const char* json, void* user) {
    (void)pusher;
    (void)json;
    (void)user;
    puts(message);
    stopped = code == LIVEPUSHER_CODE_Ok ? 1 : -1;
}

/* Waits for `flag`, at most ten seconds. */
static int came(atomic_int* flag) {
    const struct timespec moment = {0, 10 * 1000 * 1000};
    for (int i = 0; i < 1000 && *flag == 0; ++i) nanosleep(&moment, NULL);
    return *flag == 1;
}

int main(int argc, char** argv) {
    char options[1000];
    const struct timespec pushing = {1, 0};
    if (argc != 2) return 1;
    snprintf(options, sizeof options, "{\"properties\":{\"url\":\"%s\",\"mode\":\"QVGA\"},\"source\":\"test\"}", argv[1]);
    printf("headers %s, library %s\n", LIVEPUSHER_VERSION_STRING, livepusher_version());

    livepusher_t* pusher = livepusher_create(options, onEvent, NULL, NULL);
    if (!pusher || livepusher_start(pusher, NULL, NULL) != LIVEPUSHER_CODE_Ok || !came(&began)) {
        fprintf(stderr, "%s\n", livepusher_last_error());
        livepusher_destroy(pusher);
        return 1;
    }
    nanosleep(&pushing, NULL);
    const int ended = livepusher_stop(pusher, onStopped, NULL) == LIVEPUSHER_CODE_Ok && came(&stopped);
    livepusher_destroy(pusher);
    return ended ? 0 : 1;
}
