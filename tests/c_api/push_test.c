/* SPDX-License-Identifier: MIT */
/* One push from C, from beginning to end:  push_test DIRECTORY  (where it may write). */
#include "check.h"

static long size_of(const char* path) {
    FILE* file = fopen(path, "rb");
    if (!file) return -1;
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    fclose(file);
    return size;
}

static int begins_with(const char* path, const char* bytes) {
    char begin[8] = {0};
    FILE* file = fopen(path, "rb");
    if (!file) return 0;
    const size_t count = fread(begin, 1, sizeof begin - 1, file);
    fclose(file);
    return count >= strlen(bytes) && memcmp(begin, bytes, strlen(bytes)) == 0;
}

/* --- events on the library's thread, a file as the server ------------------------------------------------------ */

typedef struct snapshot_result {
    mailbox* box;
    char path[512];
    int width, height;
} snapshot_result;

static void on_snapshot(livepusher_t* pusher, int code, const char* message, const char* json, void* user) {
    snapshot_result* result = user;
    char number[16];
    CHECK(code == 0 && strcmp(message, "snapshot:ok") == 0);
    CHECK(member(json, "tempImagePath", result->path, sizeof result->path) != NULL);
    CHECK(member(json, "width", number, sizeof number) != NULL);
    result->width = atoi(number);
    CHECK(member(json, "height", number, sizeof number) != NULL);
    result->height = atoi(number);
    on_result(pusher, code, message, json, result->box);
}

static void on_preview(livepusher_t* pusher, const livepusher_video_frame* frame, void* user) {
    CHECK(pusher != NULL && frame->format == LIVEPUSHER_PIXEL_I420);
    CHECK(frame->width > 0 && frame->height > frame->width && frame->pts > 0);
    CHECK(frame->planes[0] != NULL && frame->planes[1] != NULL && frame->planes[2] != NULL && frame->strides[0] >= frame->width);
    mailbox_put(user, "a picture");
}

/* Each captured picture is replaced by a small one, of luma 90; the upper half of what is encoded becomes 200. */
static void on_captured(livepusher_t* pusher, livepusher_render_frame* frame, void* user) {
    static uint8_t luma[64 * 64];
    static uint8_t chroma[32 * 32];
    CHECK(pusher != NULL && user != NULL);
    memset(luma, 90, sizeof luma);
    for (int y = 0; y < 64; ++y) memset(luma + 64 * y + 48, 150, 16); /* at the right, which is the left once mirrored */
    memset(chroma, 128, sizeof chroma);
    frame->width = frame->height = 64;
    frame->planes[0] = luma;
    frame->planes[1] = frame->planes[2] = chroma;
    frame->strides[0] = 64;
    frame->strides[1] = frame->strides[2] = 32;
    frame->rotation = 0;
    frame->mirrored = 1;
}

static void on_before_encode(livepusher_t* pusher, livepusher_render_frame* frame, void* user) {
    CHECK(pusher != NULL && user != NULL && frame->width == 180 && frame->height == 320);
    CHECK(livepusher_destroy(pusher) == LIVEPUSHER_CODE_InvalidState);
    for (int y = 0; y < frame->height / 2; ++y) memset(frame->planes[0] + y * frame->strides[0], 200, (size_t)frame->width);
}

static void on_picture(livepusher_t* pusher, int code, const char* message, const livepusher_video_frame* frame, void* user) {
    CHECK(code == 0 && frame != NULL);
    if (frame) {
        CHECK(frame->width == 180 && frame->height == 320);
        CHECK(frame->planes[0][10 * frame->strides[0] + 90] == 200);
        CHECK(frame->planes[0][310 * frame->strides[0] + 90] == 90);
        /* mirrored as on_captured says, and back again once the remoteMirror that was set before has come to the pictures */
        const int left = frame->planes[0][310 * frame->strides[0]], right = frame->planes[0][310 * frame->strides[0] + 179];
        CHECK(frame->mirrored == 0 && (left > 90) != (right > 90));
    }
    on_result(pusher, code, message, "", user);
}

static void on_no_picture(livepusher_t* pusher, int code, const char* message, const livepusher_video_frame* frame, void* user) {
    CHECK(code != 0 && frame == NULL);
    on_result(pusher, code, message, "", user);
}

/* Destroying a pusher where it calls is refused; any other call is welcome there. */
static void on_start(livepusher_t* pusher, int code, const char* message, const char* json, void* user) {
    CHECK(livepusher_destroy(pusher) == LIVEPUSHER_CODE_InvalidState);
    CHECK(strstr(livepusher_last_error(), "callback") != NULL);
    CHECK(livepusher_call(pusher, "setZoom", "{\"zoom\":2}", on_result, user) == 0);
    on_result(pusher, code, message, json, user);
}

static void push_to_a_file(const char* directory) {
    char options[1024];
    char path[512];
    snprintf(path, sizeof path, "%s/c_api.flv", directory);
    remove(path); /* of an earlier run: a recording never overwrites one */
    snprintf(options, sizeof options,
             "{\"properties\":{\"url\":\"%s\",\"mode\":\"QVGA\",\"videoPreset\":\"ultrafast\",\"snapshotDirectory\":\"%s\","
             "\"netStatusInterval\":0.5,\"enableVideoCustomRender\":true},\"source\":\"test\"}",
             path, directory);
    mailbox box;
    mailbox_init(&box);
    livepusher_callbacks callbacks;
    livepusher_callbacks_init(&callbacks);
    callbacks.user = &box;
    callbacks.on_event = on_event;
    callbacks.on_preview_frame = on_preview;
    callbacks.on_captured = on_captured;
    callbacks.on_before_encode = on_before_encode;
    callbacks.render_budget_ms = 20000; /* however slow the machine, however slow a checker makes it */
    livepusher_t* pusher = livepusher_create_with(options, &callbacks, NULL);
    CHECK(pusher != NULL);
    if (!pusher) return;

    CHECK(livepusher_snapshot_frame(pusher, LIVEPUSHER_SNAPSHOT_VIEW, on_no_picture, &box) == 0);
    CHECK(mailbox_wait(&box, " snapshot:fail ", 1));
    CHECK(livepusher_start(pusher, on_start, &box) == 0);
    CHECK(mailbox_wait(&box, "0 start:ok", 1));
    CHECK(mailbox_wait(&box, " setZoom:", 1));
    CHECK(mailbox_wait(&box, "{\"event\":\"statechange\",\"code\":1007,", 1));
    CHECK(mailbox_wait(&box, "{\"event\":\"netstatus\",\"info\":{\"videoBitrate\":", 1));
    CHECK(mailbox_wait(&box, "a picture", 3));
    CHECK(mailbox_count(&box, "\"code\":1002,") == 1);
    CHECK(mailbox_count(&box, "{\"event\":\"attached\",") == 1);
    int state = -1;
    CHECK(livepusher_get_state(pusher, &state) == 0 && state == LIVEPUSHER_STATE_PUSHING);

    /* a live change, one that is refused while pushing, and several at once */
    CHECK(livepusher_set_property(pusher, "max-bitrate", "250", on_result, &box) == 0);
    CHECK(livepusher_set_property(pusher, "mode", "HD", on_result, &box) == 0);
    CHECK(livepusher_set_properties(pusher, "{\"muted\":true,\"remoteMirror\":true}", on_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 update:ok", 1));
    CHECK(mailbox_count(&box, "0 setProperty:ok") == 1);
    CHECK(mailbox_count(&box, "20002 setProperty:fail ") == 1);
    CHECK(mailbox_wait(&box, "\"code\":4999,", 1));
    char* text = NULL;
    CHECK(livepusher_get_property(pusher, "maxBitrate", &text) == 0 && strcmp(text, "250") == 0);
    livepusher_free(text);
    CHECK(livepusher_get_properties(pusher, &text) == 0 && strstr(text, "\"muted\":true") != NULL);
    livepusher_free(text);
    CHECK(livepusher_resolve(pusher, &text) == 0 && strstr(text, "\"maxBitrate\":250") != NULL);
    livepusher_free(text);
    CHECK(livepusher_get_net_status(pusher, &text) == 0 && strstr(text, "\"videoFrames\":") != NULL);
    livepusher_free(text);

    snapshot_result picture = {.box = &box};
    CHECK(livepusher_snapshot(pusher, LIVEPUSHER_SNAPSHOT_COMPRESSED, LIVEPUSHER_SNAPSHOT_STREAM, on_snapshot, &picture) == 0);
    CHECK(mailbox_wait(&box, "0 snapshot:ok", 1));
    CHECK(picture.width == 180 && picture.height == 320 && begins_with(picture.path, "\xff\xd8"));
    CHECK(remove(picture.path) == 0);
    CHECK(livepusher_call(pusher, "snapshot", "{\"quality\":\"raw\",\"sourceType\":\"view\"}", on_snapshot, &picture) == 0);
    CHECK(mailbox_wait(&box, "0 snapshot:ok", 2));
    CHECK(begins_with(picture.path, "\x89PNG"));
    CHECK(remove(picture.path) == 0);

    CHECK(livepusher_snapshot_frame(pusher, LIVEPUSHER_SNAPSHOT_STREAM, on_picture, &box) == 0);
    CHECK(mailbox_wait(&box, "0 snapshot:ok", 3));
    CHECK(livepusher_host_navigated(pusher, "push", on_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 hostNavigated:ok", 1));
    CHECK(livepusher_add_target(pusher, "{\"id\":\"second\",\"url\":\"rtmp://127.0.0.1:1/live/key\"}", on_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 addTarget:ok", 1));
    CHECK(livepusher_update_target(pusher, "{\"id\":\"second\",\"reconnect\":\"off\"}", on_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 updateTarget:ok", 1));
    CHECK(livepusher_remove_target(pusher, "second", on_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 removeTarget:ok", 1));

    /* a slow machine takes its time for the file's first second */
    for (int looks = 1; size_of(path) <= 1000 && looks < 60; ++looks)
        CHECK(mailbox_wait(&box, "{\"event\":\"netstatus\",\"info\":{\"videoBitrate\":", looks));
    CHECK(livepusher_pause(pusher, on_result, &box) == 0);
    CHECK(livepusher_resume(pusher, on_result, &box) == 0);
    CHECK(livepusher_stop(pusher, on_result, &box) == 0);
    CHECK(mailbox_wait(&box, "0 stop:ok", 1));
    CHECK(mailbox_count(&box, "0 pause:ok") == 1 && mailbox_count(&box, "0 resume:ok") == 1);
    CHECK(begins_with(path, "FLV\x01\x05") && size_of(path) > 1000);
    CHECK(livepusher_start(pusher, NULL, NULL) == 0); /* nobody wants to know; destroy comes in the middle of it */
    CHECK(livepusher_destroy(pusher) == 0);
    CHECK(mailbox_count(&box, " start:") == 1 && mailbox_count(&box, " setZoom:") == 1);
    mailbox_free(&box);
}

/* --- the application's own loop and its own pictures ----------------------------------------------------------- */

enum { kMostTasks = 256 };

typedef struct task_queue {
    pthread_mutex_t mutex;
    pthread_cond_t posted;
    livepusher_task_fn run[kMostTasks];
    void* task[kMostTasks];
    int begin, end;
    pthread_t loop;
    int elsewhere; /* callbacks that came on another thread */
    int event_count, stopped;
} task_queue;

static void post(livepusher_task_fn run, void* task, void* user) {
    task_queue* queue = user;
    pthread_mutex_lock(&queue->mutex);
    queue->run[queue->end % kMostTasks] = run;
    queue->task[queue->end++ % kMostTasks] = task;
    CHECK(queue->end - queue->begin <= kMostTasks);
    pthread_cond_signal(&queue->posted);
    pthread_mutex_unlock(&queue->mutex);
}

/* Runs one task; waits for it where `wait` is not 0. Returns whether there was one. */
static int run_one(task_queue* queue, int wait) {
    pthread_mutex_lock(&queue->mutex);
    while (wait && queue->begin == queue->end) pthread_cond_wait(&queue->posted, &queue->mutex);
    const int found = queue->begin != queue->end;
    const int at = queue->begin % kMostTasks;
    if (found) ++queue->begin;
    pthread_mutex_unlock(&queue->mutex);
    if (found) queue->run[at](queue->task[at]);
    return found;
}

static void on_loop_event(livepusher_t* pusher, const char* event, int code, const char* json, void* user) {
    (void)code;
    task_queue* queue = user;
    CHECK(pusher != NULL && event != NULL && json != NULL);
    queue->elsewhere += !pthread_equal(pthread_self(), queue->loop);
    ++queue->event_count;
}

static void on_loop_result(livepusher_t* pusher, int code, const char* message, const char* json, void* user) {
    on_loop_event(pusher, message, code, json, user);
    CHECK(code == 0);
    ((task_queue*)user)->stopped += strcmp(message, "stop:ok") == 0;
}

static void push_own_pictures(const char* directory) {
    static uint8_t pixels[64 * 64 * 4];
    static int16_t samples[480];
    char options[1024];
    char path[512];
    snprintf(path, sizeof path, "%s/c_api_own.flv", directory);
    remove(path);
    snprintf(options, sizeof options,
             "{\"properties\":{\"url\":\"%s\",\"videoWidth\":64,\"videoHeight\":64,\"fps\":30,\"audioQuality\":\"low\"},"
             "\"source\":\"app\"}",
             path);
    static task_queue queue;
    pthread_mutex_init(&queue.mutex, NULL);
    pthread_cond_init(&queue.posted, NULL);
    queue.loop = pthread_self();
    livepusher_callbacks callbacks;
    livepusher_callbacks_init(&callbacks);
    callbacks.user = &queue;
    callbacks.on_event = on_loop_event;
    callbacks.executor = post;
    char* error = NULL;
    livepusher_t* pusher = livepusher_create_with(options, &callbacks, &error);
    CHECK(pusher != NULL && error == NULL);
    if (!pusher) return;
    CHECK(livepusher_start(pusher, on_loop_result, &queue) == 0);

    const livepusher_video_frame frame = {LIVEPUSHER_PIXEL_RGBA, 64, 64, {pixels, NULL, NULL}, {256, 0, 0}, 0, 0, 0, 0};
    const livepusher_audio_block block = {LIVEPUSHER_SAMPLE_S16, 48000, 1, samples, 480, 0};
    const struct timespec frame_time = {0, 10 * 1000 * 1000};
    for (int taken = 0; taken < 60;) {
        while (run_one(&queue, 0)) {
        }
        memset(pixels, taken * 4, sizeof pixels);
        const int picture = livepusher_push_video_frame(pusher, &frame);
        const int sound = livepusher_push_audio_block(pusher, &block);
        CHECK(picture == 0 || picture == LIVEPUSHER_CODE_InvalidState); /* the source opens in its own time */
        CHECK(sound == 0 || sound == LIVEPUSHER_CODE_InvalidState);
        taken += picture == 0 && sound == 0;
        nanosleep(&frame_time, NULL);
    }
    CHECK(livepusher_stop(pusher, on_loop_result, &queue) == 0);
    while (!queue.stopped) run_one(&queue, 1);
    CHECK(livepusher_start_preview(pusher, on_loop_result, &queue) == 0); /* its result may stay in the queue */
    CHECK(livepusher_destroy(pusher) == 0);
    const int heard = queue.event_count;
    while (run_one(&queue, 0)) {
    }
    CHECK(queue.event_count == heard); /* what was still posted has become nothing */
    CHECK(heard > 3 && queue.elsewhere == 0);
    CHECK(begins_with(path, "FLV\x01\x05") && size_of(path) > 1000);
    pthread_cond_destroy(&queue.posted);
    pthread_mutex_destroy(&queue.mutex);
}

int main(int argc, char** argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    push_to_a_file(argv[1]);
    push_own_pictures(argv[1]);
    return failures == 0 ? 0 : 1;
}
