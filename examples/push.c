/* SPDX-License-Identifier: MIT */
/* Pushes a media file, or a test picture and tone, and prints what happens until Ctrl-C:  push URL [FILE]
 * URL is rtmp://HOST/APP/KEY, or the path of a file to write (.mp4, .mkv, .ts, .flv).
 * Exit code: 0 it was pushed, 1 it was not, 2 wrong usage. */
#define _POSIX_C_SOURCE 200809L
#include <livepusher/livepusher.h>

#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static sem_t wake; /* posted when it is time to go on: Ctrl-C, the file's end, a failure, stopped */
static int failed;

static void on_signal(int signal) {
    (void)signal;
    sem_post(&wake);
}

static void on_event(livepusher_t* pusher, const char* event, int code, const char* json, void* user) {
    (void)pusher;
    (void)user;
    puts(json);
    fflush(stdout);
    if (code == LIVEPUSHER_CODE_ConnectionGivenUp) failed = 1;
    if (code == LIVEPUSHER_CODE_ConnectionGivenUp || strcmp(event, "sourceended") == 0) sem_post(&wake);
}

static void on_started(livepusher_t* pusher, int code, const char* message, const char* json, void* user) {
    (void)pusher;
    (void)json;
    (void)user;
    if (code == 0 || code == LIVEPUSHER_CODE_Cancelled) return; /* cancelled: our own stop came first */
    fprintf(stderr, "%s (%s)\n", message, livepusher_code_advice(code));
    failed = 1;
    sem_post(&wake);
}

static void on_stopped(livepusher_t* pusher, int code, const char* message, const char* json, void* user) {
    (void)pusher;
    (void)code;
    (void)message;
    (void)json;
    sem_post(user);
}

/* {"source":"file:PATH"}, with what JSON wants escaped; to be freed. */
static char* source_options(const char* path) {
    char* json = malloc(strlen(path) * 2 + 32);
    if (!json) abort();
    char* end = json + sprintf(json, "{\"source\":\"file:");
    for (; *path; ++path) {
        if (*path == '"' || *path == '\\') *end++ = '\\';
        *end++ = *path;
    }
    strcpy(end, "\"}");
    return json;
}

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: %s URL [FILE]\n", argv[0]);
        return 2;
    }
    sem_t stopped;
    sem_init(&wake, 0, 0);
    sem_init(&stopped, 0, 0);
    struct sigaction action = {0};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART | (int)SA_RESETHAND; /* a second Ctrl-C ends it at once */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    char* options = argc == 3 ? source_options(argv[2]) : NULL;
    livepusher_t* pusher = livepusher_create(options ? options : "{\"source\":\"test\"}", on_event, NULL, NULL);
    free(options);
    if (!pusher || livepusher_set_property(pusher, "url", argv[1], NULL, NULL) != 0) {
        fprintf(stderr, "%s\n", livepusher_last_error());
        livepusher_destroy(pusher);
        return 2;
    }
    livepusher_start(pusher, on_started, NULL);
    while (sem_wait(&wake) != 0) {
    }
    livepusher_stop(pusher, on_stopped, &stopped); /* sends what is queued: destroying would not wait for that */
    while (sem_wait(&stopped) != 0) {
    }
    livepusher_destroy(pusher);
    return failed;
}
