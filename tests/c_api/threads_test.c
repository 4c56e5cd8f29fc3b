/* SPDX-License-Identifier: MIT */
/* Calls from many threads, and from callbacks until the pusher is gone: each accepted call is answered once, no other is. */
#include "check.h"

enum { kThreads = 4, kCalls = 200, kChains = 3 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int accepted, answered, refused, destroyed;

/* Around each call: its result must not be counted before it is. */
static int call(livepusher_t* pusher, livepusher_result_fn done, int which) {
    static const char* const methods[] = {"pause", "resume", "stopPreview", "setZoom"};
    pthread_mutex_lock(&mutex);
    const int code = livepusher_call(pusher, methods[which % 4], which % 4 == 3 ? "{\"zoom\":1}" : NULL, done, NULL);
    accepted += code == 0;
    refused += code != 0;
    pthread_mutex_unlock(&mutex);
    return code;
}

static void count(void) {
    pthread_mutex_lock(&mutex);
    ++answered;
    CHECK(!destroyed);
    pthread_mutex_unlock(&mutex);
}

static void on_answer(livepusher_t* pusher, int code, const char* message, const char* json, void* user) {
    (void)pusher;
    (void)user;
    CHECK(code == LIVEPUSHER_CODE_InvalidState || code == LIVEPUSHER_CODE_NotAvailable || code == 0);
    CHECK(message != NULL && json != NULL);
    count();
}

/* Calls again from inside the result, for as long as that is possible. */
static void on_link(livepusher_t* pusher, int code, const char* message, const char* json, void* user) {
    (void)code;
    (void)message;
    (void)json;
    (void)user;
    count();
    if (call(pusher, on_link, 0) != 0) CHECK(strstr(livepusher_last_error(), "being destroyed") != NULL);
}

static void* caller(void* pusher) {
    for (int i = 0; i < kCalls; ++i) {
        int state = -1;
        CHECK(call(pusher, on_answer, i) == 0);
        CHECK(livepusher_get_state(pusher, &state) == 0 && state == LIVEPUSHER_STATE_IDLE);
        CHECK(livepusher_set_property(pusher, "fsp", "1", on_answer, NULL) == LIVEPUSHER_CODE_InvalidArgument);
        CHECK(strstr(livepusher_last_error(), "did you mean fps?") != NULL); /* this thread's own */
    }
    return NULL;
}

int main(void) {
    livepusher_t* pusher = livepusher_create("{\"source\":\"none\"}", NULL, NULL, NULL);
    CHECK(pusher != NULL);
    for (int i = 0; i < kChains; ++i) CHECK(call(pusher, on_link, 0) == 0);
    pthread_t threads[kThreads];
    for (int i = 0; i < kThreads; ++i) CHECK(pthread_create(&threads[i], NULL, caller, pusher) == 0);
    for (int i = 0; i < kThreads; ++i) pthread_join(threads[i], NULL);
    CHECK(livepusher_destroy(pusher) == 0);
    pthread_mutex_lock(&mutex);
    destroyed = 1;
    pthread_mutex_unlock(&mutex);
    CHECK(refused == kChains);
    CHECK(answered == accepted);
    CHECK(accepted >= kThreads * kCalls + kChains);
    return failures == 0 ? 0 : 1;
}
