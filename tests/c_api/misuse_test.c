/* SPDX-License-Identifier: MIT */
/* Whatever a caller does wrong is refused in words; nothing crashes and no callback comes for it. */
#include "check.h"

static void null_pushers(void) {
    char* text = NULL;
    int state = 0;
    livepusher_video_frame frame = {0};
    livepusher_audio_block block = {0};
    typedef int (*method)(livepusher_t*, livepusher_result_fn, void*);
    const method methods[] = {livepusher_start,
                              livepusher_stop,
                              livepusher_pause,
                              livepusher_resume,
                              livepusher_start_preview,
                              livepusher_stop_preview,
                              livepusher_switch_camera,
                              livepusher_toggle_torch,
                              livepusher_pause_bgm,
                              livepusher_resume_bgm,
                              livepusher_stop_bgm,
                              livepusher_get_max_zoom,
                              livepusher_enter_background,
                              livepusher_exit_background,
                              livepusher_begin_interruption,
                              livepusher_end_interruption,
                              livepusher_enter_picture_in_picture,
                              livepusher_exit_picture_in_picture};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; ++i) CHECK_REFUSED(methods[i](NULL, on_result, NULL), "pusher");
    CHECK_REFUSED(livepusher_call(NULL, "start", NULL, NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_snapshot(NULL, 0, 0, NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_play_bgm(NULL, "a.mp3", 0, NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_set_bgm_volume(NULL, 1, NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_set_mic_volume(NULL, 1, NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_set_zoom(NULL, 1, NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_send_message(NULL, "x", NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_set_property(NULL, "fps", "20", NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_set_properties(NULL, "{}", NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_get_property(NULL, "fps", &text), "pusher");
    CHECK_REFUSED(livepusher_get_properties(NULL, &text), "pusher");
    CHECK_REFUSED(livepusher_resolve(NULL, &text), "pusher");
    CHECK_REFUSED(livepusher_get_state(NULL, &state), "pusher");
    CHECK_REFUSED(livepusher_get_net_status(NULL, &text), "pusher");
    CHECK_REFUSED(livepusher_push_video_frame(NULL, &frame), "pusher");
    CHECK_REFUSED(livepusher_push_audio_block(NULL, &block), "pusher");
    CHECK_REFUSED(livepusher_host_navigated(NULL, "push", NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_add_target(NULL, "{}", NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_save_replay(NULL, "a.mp4", NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_update_target(NULL, "{}", NULL, NULL), "pusher");
    CHECK_REFUSED(livepusher_remove_target(NULL, "a", NULL, NULL), "pusher");
    CHECK(livepusher_snapshot_frame(NULL, 0, NULL, NULL) == LIVEPUSHER_CODE_InvalidArgument);
    CHECK(text == NULL);
    CHECK(livepusher_destroy(NULL) == 0);
    livepusher_free(NULL);
    livepusher_callbacks_init(NULL);
}

static void bad_options(void) {
    const char* const wrong[] = {"{",
                                 "[]",
                                 "17",
                                 "{\"sauce\":1}",
                                 "{\"properties\":{\"fps\":90}}",
                                 "{\"properties\":{\"beuaty\":1}}",
                                 "{\"properties\":{\"fps\":\"20\"}}",
                                 "{\"sources\":{\"loop\":1}}",
                                 "{\"source\":\"\"}",
                                 "{\"recordPath\":1}",
                                 "{\"properties\":{\"url\":\"\xff\"}}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        char* error = NULL;
        CHECK(livepusher_create(wrong[i], NULL, NULL, &error) == NULL);
        CHECK(error != NULL && strcmp(error, livepusher_last_error()) == 0);
        livepusher_free(error);
        CHECK(livepusher_create(wrong[i], NULL, NULL, NULL) == NULL);
    }
    char* error = NULL;
    CHECK(livepusher_create("{\"properties\":{\"url\":\"http://secret-key\"}}", NULL, NULL, &error) == NULL);
    CHECK(error != NULL && strstr(error, "secret-key") == NULL);
    livepusher_free(error);

    livepusher_callbacks callbacks;
    livepusher_callbacks_init(&callbacks);
    callbacks.size += 8;
    CHECK(livepusher_create_with(NULL, &callbacks, NULL) == NULL);
    CHECK(strstr(livepusher_last_error(), "size") != NULL);
    livepusher_callbacks_init(&callbacks);
    callbacks.render_budget_ms = -1;
    CHECK(livepusher_create_with(NULL, &callbacks, NULL) == NULL);
    CHECK(strstr(livepusher_last_error(), "render_budget_ms -1") != NULL);
    CHECK(livepusher_create_with(NULL, NULL, NULL) == NULL);
    CHECK(strstr(livepusher_last_error(), "callbacks") != NULL);
}

static void bad_arguments(livepusher_t* pusher) {
    CHECK_REFUSED(livepusher_call(pusher, NULL, NULL, on_result, NULL), "method");
    CHECK_REFUSED(livepusher_call(pusher, "puase", NULL, on_result, NULL), "unknown method \"puase\"");
    CHECK_REFUSED(livepusher_call(pusher, "pause", "{", on_result, NULL), "not valid JSON");
    CHECK_REFUSED(livepusher_call(pusher, "pause", "[]", on_result, NULL), "must be a JSON object");
    CHECK_REFUSED(livepusher_call(pusher, "pause", "{\"now\":true}", on_result, NULL), "unknown option \"now\"");
    CHECK_REFUSED(livepusher_call(pusher, "playBGM", NULL, on_result, NULL), "url is missing");
    CHECK_REFUSED(livepusher_call(pusher, "setZoom", "{\"zoom\":\"near\"}", on_result, NULL), "must be a number");
    CHECK_REFUSED(livepusher_snapshot(pusher, 2, 0, on_result, NULL), "quality 2");
    CHECK_REFUSED(livepusher_snapshot(pusher, 0, -1, on_result, NULL), "source -1");
    CHECK_REFUSED(livepusher_snapshot_frame(pusher, 0, NULL, NULL), "done");
    CHECK_REFUSED(livepusher_host_navigated(pusher, NULL, on_result, NULL), "event");
    CHECK_REFUSED(livepusher_add_target(pusher, NULL, on_result, NULL), "target");
    CHECK_REFUSED(livepusher_save_replay(pusher, NULL, on_result, NULL), "path");
    CHECK_REFUSED(livepusher_add_target(pusher, "{", on_result, NULL), "JSON");
    CHECK_REFUSED(livepusher_update_target(pusher, "{\"url\":\"a.flv\"}", on_result, NULL), "id is missing");
    CHECK_REFUSED(livepusher_remove_target(pusher, NULL, on_result, NULL), "id");
    CHECK_REFUSED(livepusher_host_navigated(pusher, "pull", on_result, NULL), "event \"pull\": must be push or pop");
    CHECK_REFUSED(livepusher_play_bgm(pusher, NULL, 0, on_result, NULL), "url");
    CHECK_REFUSED(livepusher_send_message(pusher, NULL, on_result, NULL), "msg");
    CHECK_REFUSED(livepusher_set_property(pusher, NULL, "20", on_result, NULL), "name");
    CHECK_REFUSED(livepusher_set_property(pusher, "fps", NULL, on_result, NULL), "value");
    CHECK_REFUSED(livepusher_set_property(pusher, "fsp", "20", on_result, NULL), "did you mean fps?");
    CHECK_REFUSED(livepusher_set_property(pusher, "fps", "90", on_result, NULL), "fps \"90\": must be 1..60");
    CHECK_REFUSED(livepusher_set_properties(pusher, NULL, on_result, NULL), "properties");
    CHECK_REFUSED(livepusher_set_properties(pusher, "{\"fps\":20,\"beauty\":99}", on_result, NULL), "beauty");
    CHECK_REFUSED(livepusher_set_properties(pusher, "{\"fps\":20", on_result, NULL), "not valid JSON");

    char* text = NULL;
    CHECK_REFUSED(livepusher_get_property(pusher, NULL, &text), "name");
    CHECK_REFUSED(livepusher_get_property(pusher, "fsp", &text), "did you mean fps?");
    CHECK_REFUSED(livepusher_get_property(pusher, "fps", NULL), "value");
    CHECK_REFUSED(livepusher_get_properties(pusher, NULL), "json");
    CHECK_REFUSED(livepusher_resolve(pusher, NULL), "json");
    CHECK_REFUSED(livepusher_get_state(pusher, NULL), "state");
    CHECK_REFUSED(livepusher_get_net_status(pusher, NULL), "json");
    CHECK_REFUSED(livepusher_describe_properties(NULL), "json");
    CHECK_REFUSED(livepusher_list_devices(NULL), "json");
    CHECK_REFUSED(livepusher_list_encoders(NULL), "json");
    CHECK_REFUSED(livepusher_resolve_properties("{\"fps\":0}", &text), "fps");
    CHECK_REFUSED(livepusher_resolve_properties("{\"minBitrate\":900,\"maxBitrate\":300}", &text), "minBitrate");
    CHECK_REFUSED(livepusher_set_log_level(6), "level 6");
    CHECK(text == NULL);
}

static void bad_pictures(livepusher_t* pusher) {
    static const uint8_t pixels[64 * 64 * 4];
    const livepusher_video_frame good = {LIVEPUSHER_PIXEL_RGBA, 64, 64, {pixels, NULL, NULL}, {256, 0, 0}, 0, 0, 0, 0};
    livepusher_video_frame frame = good;
    CHECK_REFUSED(livepusher_push_video_frame(pusher, NULL), "frame");
    frame.format = 3;
    CHECK_REFUSED(livepusher_push_video_frame(pusher, &frame), "format 3");
    frame = good;
    frame.rotation = 45;
    CHECK_REFUSED(livepusher_push_video_frame(pusher, &frame), "rotation 45");
    CHECK(livepusher_push_video_frame(pusher, &good) == LIVEPUSHER_CODE_InvalidState); /* "app" is not the source */

    livepusher_coded_video unit = {LIVEPUSHER_H264, pixels, sizeof pixels, 0, 0};
    CHECK_REFUSED(livepusher_push_coded_video(pusher, NULL), "unit");
    CHECK(livepusher_push_coded_video(pusher, &unit) == LIVEPUSHER_CODE_InvalidState); /* nor is "coded" */
    unit.codec = 2;
    CHECK_REFUSED(livepusher_push_coded_video(pusher, &unit), "codec 2");
    unit.codec = LIVEPUSHER_HEVC;
    unit.data = NULL;
    CHECK_REFUSED(livepusher_push_coded_video(pusher, &unit), "data");

    const float samples[480 * 2] = {0};
    livepusher_audio_block block = {7, 48000, 2, samples, 480, 0};
    CHECK_REFUSED(livepusher_push_audio_block(pusher, NULL), "block");
    CHECK_REFUSED(livepusher_push_audio_block(pusher, &block), "format 7");
    block.format = LIVEPUSHER_SAMPLE_FLOAT;
    CHECK(livepusher_push_audio_block(pusher, &block) == LIVEPUSHER_CODE_InvalidState);
}

static void words_of_the_library(void) {
    CHECK(strcmp(livepusher_version(), LIVEPUSHER_VERSION_STRING) == 0);
    CHECK(strcmp(livepusher_version(), PROJECT_VERSION) == 0);
    char numbers[32];
    snprintf(numbers, sizeof numbers, "%d.%d.%d", LIVEPUSHER_VERSION_MAJOR, LIVEPUSHER_VERSION_MINOR, LIVEPUSHER_VERSION_PATCH);
    CHECK(strcmp(numbers, LIVEPUSHER_VERSION_STRING) == 0);
    CHECK(strcmp(livepusher_code_name(LIVEPUSHER_CODE_PushBegan), "PushBegan") == 0);
    CHECK(LIVEPUSHER_CODE_PushBegan == 1002 && LIVEPUSHER_CODE_CameraFailed == -1301);
    CHECK(livepusher_code_text(0) != NULL && livepusher_code_advice(0) != NULL);
    CHECK(livepusher_code_name(4711) == NULL && livepusher_code_text(4711) == NULL && livepusher_code_advice(4711) == NULL);
    CHECK(strcmp(livepusher_state_name(LIVEPUSHER_STATE_PUSHING), "pushing") == 0);
    CHECK(livepusher_state_name(-1) == NULL && livepusher_state_name(99) == NULL);
    CHECK(livepusher_now() > 0);
    char* json = NULL;
    CHECK(livepusher_describe_properties(&json) == 0);
    CHECK(json != NULL && strstr(json, "\"name\":\"waitingImage\"") != NULL);
    livepusher_free(json);
    CHECK(livepusher_resolve_properties("{\"mode\":\"HD\"}", &json) == 0);
    CHECK(json != NULL && strstr(json, "\"width\":540,\"height\":960") != NULL);
    livepusher_free(json);
}

static void on_log(int level, const char* text, void* user) {
    mailbox_put(user, level >= LIVEPUSHER_LOG_TRACE && level <= LIVEPUSHER_LOG_OFF ? text : "no level");
}

/* A method that fails says so by its result, and each does so once. */
static void methods_out_of_place(livepusher_t* pusher, mailbox* box) {
    CHECK(livepusher_pause(pusher, on_result, box) == 0);
    CHECK(livepusher_call(pusher, "resume", NULL, on_result, box) == 0);
    CHECK(livepusher_set_properties(pusher, "{\"minBitrate\":900,\"maxBitrate\":300}", on_result, box) == 0);
    CHECK(livepusher_snapshot(pusher, LIVEPUSHER_SNAPSHOT_RAW, LIVEPUSHER_SNAPSHOT_VIEW, on_result, box) == 0);
    CHECK(livepusher_start(pusher, on_result, box) == 0); /* no url */
    CHECK(livepusher_stop(pusher, on_result, box) == 0);
    CHECK(mailbox_wait(box, "0 stop:ok", 1));
    CHECK(mailbox_count(box, "20002 pause:fail ") == 1);
    CHECK(mailbox_count(box, "20002 resume:fail ") == 1);
    CHECK(mailbox_count(box, "20001 update:fail ") == 1);
    CHECK(mailbox_count(box, " snapshot:fail ") == 1);
    CHECK(mailbox_count(box, " start:fail ") == 1);
}

int main(void) {
    CHECK(strcmp(livepusher_last_error(), "") == 0);
    null_pushers();
    bad_options();
    words_of_the_library();

    mailbox box;
    mailbox_init(&box);
    CHECK(livepusher_set_log_level(LIVEPUSHER_LOG_TRACE) == 0);
    CHECK(livepusher_set_log_handler(on_log, &box) == 0);
    livepusher_t* pusher = livepusher_create("{\"source\":\"test\"}", on_event, &box, NULL);
    CHECK(pusher != NULL);
    bad_arguments(pusher);
    bad_pictures(pusher);
    methods_out_of_place(pusher, &box);
    char* fps = NULL;
    CHECK(livepusher_get_property(pusher, "fps", &fps) == 0 && strcmp(fps, "15") == 0); /* nothing refused has changed it */
    livepusher_free(fps);
    CHECK(livepusher_destroy(pusher) == 0);
    CHECK(livepusher_set_log_handler(NULL, NULL) == 0);
    CHECK(mailbox_count(&box, "no level") == 0);
    mailbox_free(&box);
    return failures == 0 ? 0 : 1;
}
