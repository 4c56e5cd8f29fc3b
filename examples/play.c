/* SPDX-License-Identifier: MIT */
/* Plays a live stream and prints what happens until it ends or Ctrl-C:  play URL [OPTIONS]
 * URL is rtmp://HOST/APP/STREAM, http(s)://HOST/PATH/STREAM.flv, or the path of an .flv file. OPTIONS is a JSON object as
 * livepusher_player_create() takes it: '{"window":{"title":"Play"},"properties":{"mode":"RTC"}}' shows the picture.
 * Exit code: 0 it was played, 1 it was not, 2 wrong usage. */
#define _POSIX_C_SOURCE 200809L
#include <livepusher/livepusher_player.h>

#include <semaphore.h>
#include <signal.h>
#include <stdio.h>

static sem_t wake; /* posted when it is time to go on: Ctrl-C, the stream's end, a failure, stopped */
static int failed;

static void on_signal(int signal) {
    (void)signal;
    sem_post(&wake);
}

static void on_event(livepusher_player_t* player, const char* event, int code, const char* json, void* user) {
    (void)player;
    (void)event;
    (void)user;
    puts(json);
    fflush(stdout);
    if (code == LIVEPUSHER_CODE_PlayGivenUp) failed = 1;
    if (code == LIVEPUSHER_CODE_PlayGivenUp || code == LIVEPUSHER_CODE_PlayEnded) sem_post(&wake);
}

static void on_started(livepusher_player_t* player, int code, const char* message, const char* json, void* user) {
    (void)player;
    (void)json;
    (void)user;
    if (code == 0 || code == LIVEPUSHER_CODE_Cancelled) return; /* cancelled: our own stop came first */
    fprintf(stderr, "%s (%s)\n", message, livepusher_code_advice(code));
    failed = 1;
    sem_post(&wake);
}

static void on_stopped(livepusher_player_t* player, int code, const char* message, const char* json, void* user) {
    (void)player;
    (void)code;
    (void)message;
    (void)json;
    sem_post(user);
}

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: %s URL [OPTIONS]\n", argv[0]);
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

    livepusher_player_t* player = livepusher_player_create(argc == 3 ? argv[2] : NULL, on_event, NULL, NULL);
    if (!player || livepusher_player_set_property(player, "playUrl", argv[1], NULL, NULL) != 0) {
        fprintf(stderr, "%s\n", livepusher_last_error());
        livepusher_player_destroy(player);
        return 2;
    }
    livepusher_player_start(player, on_started, NULL);
    while (sem_wait(&wake) != 0) {
    }
    livepusher_player_stop(player, 1, on_stopped, &stopped);
    while (sem_wait(&stopped) != 0) {
    }
    livepusher_player_destroy(player);
    return failed;
}
