/* SPDX-License-Identifier: MIT */
/* What the tests in C are made of: checks that count, and a mailbox that callbacks write to and tests wait on. */
#ifndef CHECK_H
#define CHECK_H

#define _POSIX_C_SOURCE 200809L

#include <livepusher/livepusher.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int failures = 0;

#define CHECK(condition)                                                                                                 \
    do {                                                                                                                 \
        if (!(condition)) {                                                                                              \
            fprintf(stderr, "%s:%d: %s\n    last error: %s\n", __FILE__, __LINE__, #condition, livepusher_last_error()); \
            ++failures;                                                                                                  \
        }                                                                                                                \
    } while (0)

/* The call is refused with InvalidArgument, and the reason holds `words`. */
#define CHECK_REFUSED(call, words)                               \
    do {                                                         \
        CHECK((call) == LIVEPUSHER_CODE_InvalidArgument);        \
        CHECK(strstr(livepusher_last_error(), (words)) != NULL); \
    } while (0)

/* One test's mailbox: every event and result as a line of text, in the order of arrival. */
typedef struct mailbox {
    pthread_mutex_t mutex;
    pthread_cond_t arrived;
    char* text;
    size_t length;
} mailbox;

static inline void mailbox_init(mailbox* box) {
    memset(box, 0, sizeof *box);
    pthread_mutex_init(&box->mutex, NULL);
    pthread_cond_init(&box->arrived, NULL);
}

static inline void mailbox_free(mailbox* box) {
    pthread_cond_destroy(&box->arrived);
    pthread_mutex_destroy(&box->mutex);
    free(box->text);
}

static inline void mailbox_put(mailbox* box, const char* line) {
    const size_t added = strlen(line) + 1;
    pthread_mutex_lock(&box->mutex);
    box->text = realloc(box->text, box->length + added + 1);
    if (!box->text) abort();
    memcpy(box->text + box->length, line, added - 1);
    box->length += added;
    box->text[box->length - 1] = '\n';
    box->text[box->length] = '\0';
    pthread_cond_broadcast(&box->arrived);
    pthread_mutex_unlock(&box->mutex);
}

static inline int count_of(const char* text, const char* words) {
    int count = 0;
    for (; text && (text = strstr(text, words)) != NULL; text += strlen(words)) ++count;
    return count;
}

static inline int mailbox_count(mailbox* box, const char* words) {
    pthread_mutex_lock(&box->mutex);
    const int count = count_of(box->text, words);
    pthread_mutex_unlock(&box->mutex);
    return count;
}

/* Waits until `words` have come `times`; 0 after far too long. */
static inline int mailbox_wait(mailbox* box, const char* words, int times) {
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 60;
    int late = 0;
    pthread_mutex_lock(&box->mutex);
    while (count_of(box->text, words) < times && !late) late = pthread_cond_timedwait(&box->arrived, &box->mutex, &deadline) != 0;
    const int found = count_of(box->text, words) >= times;
    if (!found)
        fprintf(stderr, "waited in vain for %d times \"%s\" in:\n%s\n", times, words, box->text ? box->text : "(nothing)");
    pthread_mutex_unlock(&box->mutex);
    return found;
}

static inline void on_event(livepusher_t* pusher, const char* event, int code, const char* json, void* user) {
    (void)pusher;
    CHECK((code != 0) == (strcmp(event, "statechange") == 0 || strcmp(event, "error") == 0));
    mailbox_put(user, json);
}

static inline void on_result(livepusher_t* pusher, int code, const char* message, const char* json, void* user) {
    (void)pusher;
    (void)json;
    char line[1200];
    snprintf(line, sizeof line, "%d %s", code, message);
    mailbox_put(user, line);
}

/* The value of `"name":` in one line of JSON, without quotes; for what the library writes. */
static inline char* member(const char* json, const char* name, char* value, size_t size) {
    char key[64];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char* found = strstr(json, key);
    if (!found) return NULL;
    found += strlen(key);
    const int quoted = *found == '"';
    const size_t length = quoted ? strcspn(found + 1, "\"") : strcspn(found, ",}");
    if (length + 1 > size) return NULL;
    memcpy(value, found + quoted, length);
    value[length] = '\0';
    return value;
}

#endif
