/* SPDX-License-Identifier: MIT */
/* A player from C: what is wrong is refused in words, and a file plays from beginning to end:  player_test DIRECTORY  (where it
 * may write). */
#include "check.h"

#include <livepusher/livepusher_player.h>

static void on_player_event(livepusher_player_t* player, const char* event, int code, const char* json, void* user) {
    CHECK(player != NULL);
    CHECK((code != 0) == (strcmp(event, "statechange") == 0 || strcmp(event, "error") == 0));
    mailbox_put(user, json);
}

static void on_player_result(livepusher_player_t* player, int code, const char* message, const char* json, void* user) {
    char line[1200];
    CHECK(player != NULL && strstr(json, "{\"event\":\"result\",\"method\":") == json);
    snprintf(line, sizeof line, "%d %s", code, message);
    mailbox_put(user, line);
}

/* --- what is refused -------------------------------------------------------------------------------------------- */

static void null_players(void) {
    char* text = NULL;
    int state = 0;
    typedef int (*method)(livepusher_player_t*, livepusher_player_result_fn, void*);
    const method methods[] = {livepusher_player_start,
                              livepusher_player_pause,
                              livepusher_player_resume,
                              livepusher_player_exit_full_screen,
                              livepusher_player_enter_picture_in_picture,
                              livepusher_player_exit_picture_in_picture,
                              livepusher_player_enter_background,
                              livepusher_player_exit_background,
                              livepusher_player_host_opened_native,
                              livepusher_player_host_returned};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; ++i)
        CHECK_REFUSED(methods[i](NULL, on_player_result, NULL), "player: must not be null");
    CHECK_REFUSED(livepusher_player_call(NULL, "start", NULL, NULL, NULL), "player");
    CHECK_REFUSED(livepusher_player_stop(NULL, 1, NULL, NULL), "player");
    CHECK_REFUSED(livepusher_player_mute(NULL, 1, NULL, NULL), "player");
    CHECK_REFUSED(livepusher_player_request_full_screen(NULL, 0, NULL, NULL), "player");
    CHECK_REFUSED(livepusher_player_snapshot(NULL, 0, 0, NULL, NULL), "player");
    CHECK_REFUSED(livepusher_player_snapshot_frame(NULL, 0, NULL, NULL), "player");
    CHECK_REFUSED(livepusher_player_host_navigated(NULL, "push", NULL, NULL), "player");
    CHECK_REFUSED(livepusher_player_set_property(NULL, "volume", "1", NULL, NULL), "player");
    CHECK_REFUSED(livepusher_player_set_properties(NULL, "{}", NULL, NULL), "player");
    CHECK_REFUSED(livepusher_player_get_property(NULL, "volume", &text), "player");
    CHECK_REFUSED(livepusher_player_get_properties(NULL, &text), "player");
    CHECK_REFUSED(livepusher_player_resolve(NULL, &text), "player");
    CHECK_REFUSED(livepusher_player_get_state(NULL, &state), "player");
    CHECK_REFUSED(livepusher_player_get_net_status(NULL, &text), "player");
    CHECK(text == NULL);
    CHECK(livepusher_player_destroy(NULL) == 0);
    livepusher_player_callbacks_init(NULL);
}

static void bad_player_options(void) {
    const char* const wrong[] = {"{",
                                 "[]",
                                 "{\"source\":\"test\"}",
                                 "{\"properties\":{\"volume\":2}}",
                                 "{\"properties\":{\"fps\":20}}",
                                 "{\"properties\":{\"playUrl\":\"srt://host:9000\"}}",
                                 "{\"recordPath\":1}",
                                 "{\"window\":7}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        char* error = NULL;
        CHECK(livepusher_player_create(wrong[i], NULL, NULL, &error) == NULL);
        CHECK(error != NULL && strcmp(error, livepusher_last_error()) == 0);
        livepusher_free(error);
        CHECK(livepusher_player_create(wrong[i], NULL, NULL, NULL) == NULL);
    }
    char* error = NULL;
    CHECK(livepusher_player_create("{\"properties\":{\"url\":\"http://host/secret-key.m3u8\"}}", NULL, NULL, &error) == NULL);
    CHECK(error != NULL && strstr(error, "HLS") != NULL && strstr(error, "secret-key") == NULL);
    livepusher_free(error);

    livepusher_player_callbacks callbacks;
    livepusher_player_callbacks_init(&callbacks);
    CHECK(callbacks.size == sizeof callbacks && callbacks.on_event == NULL && callbacks.resolve_url == NULL);
    callbacks.size -= 8;
    CHECK(livepusher_player_create_with(NULL, &callbacks, NULL) == NULL);
    CHECK(strstr(livepusher_last_error(), "begin with livepusher_player_callbacks_init()") != NULL);
    CHECK(livepusher_player_create_with(NULL, NULL, NULL) == NULL);
    CHECK(strstr(livepusher_last_error(), "callbacks") != NULL);
}

static void bad_player_arguments(livepusher_player_t* player) {
    CHECK_REFUSED(livepusher_player_call(player, NULL, NULL, on_player_result, NULL), "method");
    CHECK_REFUSED(livepusher_player_call(player, "play", NULL, on_player_result, NULL), "unknown method \"play\"");
    CHECK_REFUSED(livepusher_player_call(player, "stop", "{\"now\":true}", on_player_result, NULL), "it takes clearLastFrame");
    CHECK_REFUSED(livepusher_player_call(player, "mute", "{\"muted\":1}", on_player_result, NULL), "must be true or false");
    CHECK_REFUSED(livepusher_player_mute(player, 2, on_player_result, NULL), "muted 2");
    CHECK_REFUSED(livepusher_player_mute(player, -2, on_player_result, NULL), "muted -2");
    CHECK_REFUSED(livepusher_player_snapshot(player, 2, 0, on_player_result, NULL), "quality 2");
    CHECK_REFUSED(livepusher_player_snapshot(player, 0, -1, on_player_result, NULL), "source -1");
    CHECK_REFUSED(livepusher_player_snapshot_frame(player, 0, NULL, NULL), "done");
    CHECK_REFUSED(livepusher_player_host_navigated(player, NULL, on_player_result, NULL), "event");
    CHECK_REFUSED(livepusher_player_host_navigated(player, "pull", on_player_result, NULL), "must be push or pop");
    CHECK_REFUSED(livepusher_player_set_property(player, NULL, "1", on_player_result, NULL), "name");
    CHECK_REFUSED(livepusher_player_set_property(player, "volume", NULL, on_player_result, NULL), "value");
    CHECK_REFUSED(livepusher_player_set_property(player, "volum", "1", on_player_result, NULL), "did you mean volume?");
    CHECK_REFUSED(livepusher_player_set_property(player, "volume", "2", on_player_result, NULL), "must be 0..1");
    CHECK_REFUSED(livepusher_player_set_properties(player, NULL, on_player_result, NULL), "properties");
    CHECK_REFUSED(livepusher_player_set_properties(player, "{\"volume\":1,\"maxSpeed\":2}", on_player_result, NULL), "maxSpeed");

    char* text = NULL;
    CHECK_REFUSED(livepusher_player_get_property(player, NULL, &text), "name");
    CHECK_REFUSED(livepusher_player_get_property(player, "volum", &text), "did you mean volume?");
    CHECK_REFUSED(livepusher_player_get_property(player, "volume", NULL), "value");
    CHECK_REFUSED(livepusher_player_get_properties(player, NULL), "json");
    CHECK_REFUSED(livepusher_player_resolve(player, NULL), "json");
    CHECK_REFUSED(livepusher_player_get_state(player, NULL), "state");
    CHECK_REFUSED(livepusher_player_get_net_status(player, NULL), "json");
    CHECK_REFUSED(livepusher_player_describe_properties(NULL), "json");
    CHECK_REFUSED(livepusher_player_resolve_properties("{\"minCache\":5}", &text), "must not be above maxCache 3 of mode live");
    CHECK(text == NULL);
}

static void words_of_players(void) {
    char* text = NULL;
    CHECK(strcmp(livepusher_player_state_name(LIVEPUSHER_PLAYER_IDLE), "idle") == 0);
    CHECK(strcmp(livepusher_player_state_name(LIVEPUSHER_PLAYER_ENDED), "ended") == 0);
    CHECK(livepusher_player_state_name(-1) == NULL && livepusher_player_state_name(6) == NULL);
    CHECK(livepusher_player_describe_properties(&text) == 0 && strstr(text, "\"kebabName\":\"play-url\"") != NULL);
    livepusher_free(text);
    CHECK(livepusher_player_resolve_properties("{\"mode\":\"RTC\"}", &text) == 0);
    CHECK(strcmp(text, "{\"minCache\":0.2,\"maxCache\":0.8}") == 0);
    livepusher_free(text);
}

/* --- while nothing is played ------------------------------------------------------------------------------------ */

static void idle_player(void) {
    mailbox box;
    mailbox_init(&box);
    livepusher_player_t* player = livepusher_player_create(NULL, on_player_event, &box, NULL);
    CHECK(player != NULL);
    if (!player) return;
    CHECK(mailbox_wait(&box, "{\"event\":\"attached\",", 1));
    bad_player_arguments(player);
    CHECK(livepusher_player_start(player, on_player_result, &box) == 0);
    CHECK(mailbox_wait(&box, "20001 start:fail playUrl is ", 1));
    CHECK(livepusher_player_pause(player, on_player_result, &box) == 0);
    CHECK(mailbox_wait(&box, "20002 pause:fail ", 1));
    CHECK(livepusher_player_mute(player, -1, on_player_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 mute:ok", 1));
    char* text = NULL;
    CHECK(livepusher_player_get_property(player, "muted", &text) == 0 && strcmp(text, "true") == 0);
    livepusher_free(text);
    CHECK(livepusher_player_set_property(player, "min-cache", "5", on_player_result, &box) == 0);
    CHECK(mailbox_wait(&box, "20001 setProperty:fail minCache 5: must not be above maxCache 3 of mode live", 1));
    CHECK(livepusher_player_set_properties(player, "{\"minCache\":0.5,\"volume\":0.5}", on_player_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 update:ok", 1));
    CHECK(livepusher_player_resolve(player, &text) == 0 && strcmp(text, "{\"minCache\":0.5,\"maxCache\":3.0}") == 0);
    livepusher_free(text);
    CHECK(livepusher_player_get_properties(player, &text) == 0 && strstr(text, "\"volume\":0.5") != NULL);
    livepusher_free(text);
    CHECK(livepusher_player_get_net_status(player, &text) == 0 && strstr(text, "\"audioCacheThreshold\":") != NULL);
    livepusher_free(text);
    int state = -1;
    CHECK(livepusher_player_get_state(player, &state) == 0 && state == LIVEPUSHER_PLAYER_IDLE);
    CHECK(livepusher_player_destroy(player) == 0);
    mailbox_free(&box);
}

/* --- a file, from beginning to end ------------------------------------------------------------------------------ */

/* Three seconds of the test picture and its beeps. */
static void make_file(const char* path) {
    char options[1024];
    remove(path);
    snprintf(options, sizeof options,
             "{\"properties\":{\"url\":\"%s\",\"mode\":\"QVGA\",\"videoPreset\":\"ultrafast\",\"fps\":15,\"gop\":1,"
             "\"netStatusInterval\":0.5},\"source\":\"test\"}",
             path);
    mailbox box;
    mailbox_init(&box);
    livepusher_t* pusher = livepusher_create(options, on_event, &box, NULL);
    CHECK(pusher != NULL);
    if (!pusher) return;
    CHECK(livepusher_start(pusher, on_result, &box) == 0);
    CHECK(mailbox_wait(&box, "{\"event\":\"netstatus\",", 6));
    CHECK(livepusher_stop(pusher, on_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 stop:ok", 1));
    CHECK(livepusher_destroy(pusher) == 0);
    mailbox_free(&box);
}

static char file[512];

static int on_resolve(livepusher_player_t* player, const char* play_url, char* text, size_t size, void* user) {
    CHECK(player != NULL && user != NULL && size > 4096 && text[0] == '\0');
    const int known = strcmp(play_url, "rtmp://where/is/it") == 0;
    snprintf(text, size, "%s", known ? file : "nobody knows it");
    return known ? 0 : -1;
}

static void on_video(livepusher_player_t* player, const livepusher_video_frame* frame, void* user) {
    CHECK(frame->format == LIVEPUSHER_PIXEL_I420 && frame->width == 180 && frame->height == 320);
    CHECK(frame->planes[0] != NULL && frame->planes[1] != NULL && frame->planes[2] != NULL && frame->strides[0] >= frame->width);
    CHECK(livepusher_player_destroy(player) == LIVEPUSHER_CODE_InvalidState);
    mailbox_put(user, "a picture");
}

static void on_audio(livepusher_player_t* player, const livepusher_heard_audio* block, void* user) {
    CHECK(player != NULL && block->samples != NULL && block->frames > 0 && block->heard_at > 0);
    CHECK(block->sample_rate >= 8000 && block->channels >= 1 && block->channels <= 2);
    mailbox_put(user, "some sound");
}

static void on_play_started(livepusher_player_t* player, int code, const char* message, const char* json, void* user) {
    CHECK(livepusher_player_destroy(player) == LIVEPUSHER_CODE_InvalidState);
    CHECK(strstr(livepusher_last_error(), "livepusher_player_destroy: not from inside a callback of the same player") != NULL);
    on_player_result(player, code, message, json, user);
}

static void on_picture(livepusher_player_t* player, int code, const char* message, const livepusher_video_frame* frame,
                       void* user) {
    CHECK(code == 0 && frame != NULL);
    if (frame) CHECK(frame->width == 180 && frame->height == 320);
    on_player_result(player, code, message, "{\"event\":\"result\",\"method\":", user);
}

static void on_no_picture(livepusher_player_t* player, int code, const char* message, const livepusher_video_frame* frame,
                          void* user) {
    CHECK(code != 0 && frame == NULL);
    on_player_result(player, code, message, "{\"event\":\"result\",\"method\":", user);
}

static void play_a_file(const char* directory) {
    char options[1024];
    snprintf(file, sizeof file, "%s/c_api_player.flv", directory);
    make_file(file);
    snprintf(options, sizeof options,
             "{\"properties\":{\"playUrl\":\"rtmp://where/is/it\",\"mode\":\"RTC\",\"audioDevice\":\"none\","
             "\"netStatusInterval\":0.5,\"snapshotDirectory\":\"%s\"}}",
             directory);
    mailbox box;
    mailbox_init(&box);
    livepusher_player_callbacks callbacks;
    livepusher_player_callbacks_init(&callbacks);
    callbacks.user = &box;
    callbacks.on_event = on_player_event;
    callbacks.on_video_frame = on_video;
    callbacks.on_audio_block = on_audio;
    callbacks.resolve_url = on_resolve;
    char* error = NULL;
    livepusher_player_t* player = livepusher_player_create_with(options, &callbacks, &error);
    CHECK(player != NULL && error == NULL);
    if (!player) return;

    CHECK(livepusher_player_snapshot_frame(player, LIVEPUSHER_SNAPSHOT_STREAM, on_no_picture, &box) == 0);
    CHECK(mailbox_wait(&box, " snapshot:fail ", 1));
    CHECK(livepusher_player_start(player, on_play_started, &box) == 0);
    CHECK(mailbox_wait(&box, "0 start:ok", 1));
    CHECK(mailbox_wait(&box, "a picture", 3));
    CHECK(mailbox_wait(&box, "some sound", 3));
    CHECK(mailbox_wait(&box, "\"code\":2004,", 1) && mailbox_count(&box, "\"code\":2001,") == 1);
    CHECK(livepusher_player_set_property(player, "playUrl", "other.flv", on_player_result, &box) == 0);
    CHECK(mailbox_wait(&box, "20002 setProperty:fail playUrl: can't change while it plays", 1));
    CHECK(livepusher_player_request_full_screen(player, 90, on_player_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 requestFullScreen:ok", 1));
    CHECK(livepusher_player_exit_full_screen(player, on_player_result, &box) == 0);
    CHECK(livepusher_player_snapshot_frame(player, LIVEPUSHER_SNAPSHOT_STREAM, on_picture, &box) == 0);
    CHECK(mailbox_wait(&box, "0 snapshot:ok", 1));
    CHECK(livepusher_player_snapshot(player, LIVEPUSHER_SNAPSHOT_COMPRESSED, LIVEPUSHER_SNAPSHOT_VIEW, on_player_result, &box) ==
          0);
    CHECK(mailbox_wait(&box, "0 snapshot:ok", 2));
    CHECK(mailbox_wait(&box, "{\"event\":\"netstatus\",\"info\":{\"videoBitrate\":", 1));
    CHECK(mailbox_wait(&box, "\"code\":2006,", 1)); /* the file's end */
    int state = -1;
    CHECK(livepusher_player_get_state(player, &state) == 0 && state == LIVEPUSHER_PLAYER_ENDED);
    CHECK(livepusher_player_stop(player, 1, on_player_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 stop:ok", 1));
    CHECK(livepusher_player_get_state(player, &state) == 0 && state == LIVEPUSHER_PLAYER_IDLE);

    CHECK(livepusher_player_set_property(player, "src", "rtmp://nobody/knows/it", on_player_result, &box) == 0);
    CHECK(livepusher_player_set_property(player, "reconnect", "off", on_player_result, &box) == 0);
    CHECK(livepusher_player_start(player, on_player_result, &box) == 0);
    CHECK(mailbox_wait(&box, "-2302 start:fail ", 1) && mailbox_count(&box, "\"code\":-2302,") == 1);
    CHECK(livepusher_player_start(player, NULL, NULL) == 0); /* nobody wants to know; destroy comes in the middle of it */
    CHECK(livepusher_player_destroy(player) == 0);
    CHECK(mailbox_count(&box, " start:") == 2);
    mailbox_free(&box);
    CHECK(remove(file) == 0);
}

int main(int argc, char** argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    null_players();
    bad_player_options();
    words_of_players();
    idle_player();
    play_a_file(argv[1]);
    return failures == 0 ? 0 : 1;
}
