/* SPDX-License-Identifier: MIT */
/**
 * @file livepusher_player.h
 * The live-room-play contract for C: a player of live streams. What livepusher.h says of text, return values, results, threads
 * and exceptions holds here word for word, of a player in place of a pusher.
 */
#ifndef LIVEPUSHER_LIVEPUSHER_PLAYER_H
#define LIVEPUSHER_LIVEPUSHER_PLAYER_H

#include <livepusher/livepusher.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a player is doing. */
typedef enum livepusher_player_state {
    LIVEPUSHER_PLAYER_IDLE = 0,
    LIVEPUSHER_PLAYER_CONNECTING = 1,
    LIVEPUSHER_PLAYER_LOADING = 2, /**< too little is there to play on; the picture stays */
    LIVEPUSHER_PLAYER_PLAYING = 3,
    LIVEPUSHER_PLAYER_PAUSED = 4,
    LIVEPUSHER_PLAYER_ENDED = 5 /**< played to the stream's end */
} livepusher_player_state;

/** A player: one stream, received, decoded, and shown and heard in its time. */
typedef struct livepusher_player_handle livepusher_player_t;

/** Sound as it is heard. */
typedef struct livepusher_heard_audio {
    const float* samples; /**< interleaved, -1..1 */
    size_t frames;        /**< samples of one channel */
    int sample_rate;      /**< Hz */
    int channels;         /**< in each frame */
    int64_t heard_at;     /**< us on livepusher_now()'s clock, when the first is heard */
} livepusher_heard_audio;

/**
 * Takes every event. [events]
 * @param player  whose it is; already usable, also before livepusher_player_create() has returned
 * @param event   "statechange", "netstatus", "error", "fullscreenchange", "audiovolumenotify", "attached",
 *                "enterpictureinpicture", "leavepictureinpicture", "windowclosed": the user closed the window, or
 *                "message": the stream holds one
 * @param code    of statechange and error, a ::livepusher_code; 0 with the others
 * @param json    one object on one line, with `event` first and `time` (ms since 1970) last; docs/c-api.md lists all
 */
typedef void (*livepusher_player_event_fn)(livepusher_player_t* player, const char* event, int code, const char* json,
                                           void* user);

/** Takes the result of one method call, as ::livepusher_result_fn does. [events] */
typedef void (*livepusher_player_result_fn)(livepusher_player_t* player, int code, const char* message, const char* json,
                                            void* user);

/** Takes a picture at the moment that it is due, upright or turned as `orientation` has it; valid until the callback returns.
 * Its `pts` is the media time. A slow one misses pictures and holds nothing up. [video] */
typedef void (*livepusher_player_frame_fn)(livepusher_player_t* player, const livepusher_video_frame* frame, void* user);

/** Takes sound as it goes to the device, muted or not, about 10 ms a time; valid until the callback returns. One that is slow
 * by more than 200 ms misses some. [audio] */
typedef void (*livepusher_player_audio_fn)(livepusher_player_t* player, const livepusher_heard_audio* block, void* user);

/** Takes a snapshot that was not written to a file: `frame` is null unless `code` is 0. [events] */
typedef void (*livepusher_player_snapshot_fn)(livepusher_player_t* player, int code, const char* message,
                                              const livepusher_video_frame* frame, void* user);

/** Finds out where to play from, before each connection: writes the address in place of `play_url` into `text`, at most `size`
 * bytes with the NUL, and returns 0; or writes why there is none and returns anything else (-2302 tells it). It may block, and
 * runs on a thread of its own. */
typedef int (*livepusher_player_resolve_fn)(livepusher_player_t* player, const char* play_url, char* text, size_t size,
                                            void* user);

/** All callbacks of a player; null is none. Begin with livepusher_player_callbacks_init(). */
typedef struct livepusher_player_callbacks {
    size_t size;                               /**< sizeof(livepusher_player_callbacks), so that later versions may add to it */
    void* user;                                /**< handed to each callback below */
    livepusher_player_event_fn on_event;       /**< every event */
    livepusher_player_frame_fn on_video_frame; /**< the picture, for an application that draws it by itself */
    livepusher_player_audio_fn on_audio_block; /**< the sound */
    livepusher_executor_fn executor;           /**< where callbacks run; null: on an event thread of the library's own */
    livepusher_player_resolve_fn resolve_url;  /**< null: playUrl is the address */
} livepusher_player_callbacks;

/** @name Library */
/** @{ */

/** Name of a ::livepusher_player_state, "playing"; null for a number that is none. Static. [any-thread] */
LIVEPUSHER_API const char* livepusher_player_state_name(int state);

/** The table of a player's properties, as livepusher_describe_properties() has the pusher's. [any-thread] */
LIVEPUSHER_API int livepusher_player_describe_properties(char** json);

/** What a set of a player's properties, a JSON object, really means: {"minCache":1.0,"maxCache":3.0}; without a player. Refused
 * when the properties are not valid together. [any-thread] */
LIVEPUSHER_API int livepusher_player_resolve_properties(const char* properties, char** json);

/** @} */
/** @name Life */
/** @{ */

/**
 * Makes a player. Nothing is opened before livepusher_player_start() (or at once with the property autoplay).
 * @param options  JSON, null for none: {"properties":{"playUrl":"rtmp://host/app/stream","mode":"RTC"},
 *                 "recordPath":"copy.flv","window":{"title":"Player","width":0,"height":0}}, each part optional; "window" opens
 *                 one for the picture; "recordPath" also writes what is received
 * @param on_event  null: no events
 * @param user      handed to on_event
 * @param error     where the reason goes when it fails, to be freed; may be null; set to null on success
 * @return null when options are refused or the system has no memory or thread to spare
 * [any-thread]
 */
LIVEPUSHER_API livepusher_player_t* livepusher_player_create(const char* options, livepusher_player_event_fn on_event, void* user,
                                                             char** error);

/** livepusher_player_create() with all callbacks; `callbacks` is copied. [any-thread] */
LIVEPUSHER_API livepusher_player_t* livepusher_player_create_with(const char* options,
                                                                  const livepusher_player_callbacks* callbacks, char** error);

/** All null and zero, with `size` set. [any-thread] */
LIVEPUSHER_API void livepusher_player_callbacks_init(livepusher_player_callbacks* callbacks);

/** Stops, closes, joins every thread and frees `player`; at most 2 s, unless a callback takes longer. As livepusher_destroy() in
 * all else: refused from inside a callback of this player; null is allowed. [any-thread but a callback] */
LIVEPUSHER_API int livepusher_player_destroy(livepusher_player_t* player);

/** @} */
/**
 * @name Methods
 * `done` may be null; it is given `user`. What each does, and in which state: docs/player-methods.md.
 */
/** @{ */

/** Calls any of the methods by its documented name ("requestFullScreen"), its options in a JSON object ({"direction":90}; null
 * for none): what a binding needs when it doesn't want a function for each. [any-thread] */
LIVEPUSHER_API int livepusher_player_call(livepusher_player_t* player, const char* method, const char* options,
                                          livepusher_player_result_fn done, void* user);

/** Connects and plays. Success once it plays. [any-thread] */
LIVEPUSHER_API int livepusher_player_start(livepusher_player_t* player, livepusher_player_result_fn done, void* user);
/** Ends it, at any moment; `clear_last_frame` 0: the last picture stays. [any-thread] */
LIVEPUSHER_API int livepusher_player_stop(livepusher_player_t* player, int clear_last_frame, livepusher_player_result_fn done,
                                          void* user);
/** The picture stays, nothing is heard; the connection and reading go on. [any-thread] */
LIVEPUSHER_API int livepusher_player_pause(livepusher_player_t* player, livepusher_player_result_fn done, void* user);
/** Plays the newest, not what was missed. [any-thread] */
LIVEPUSHER_API int livepusher_player_resume(livepusher_player_t* player, livepusher_player_result_fn done, void* user);
/** Sets the property muted: 0 or 1; -1: the other way round. [any-thread] */
LIVEPUSHER_API int livepusher_player_mute(livepusher_player_t* player, int muted, livepusher_player_result_fn done, void* user);
/** The window fills the screen: `direction` 0 as it is, 90 turned counter-clockwise, -90 clockwise. Without a window of the
 * library's own the event fullscreenchange asks the application to do it. [any-thread] */
LIVEPUSHER_API int livepusher_player_request_full_screen(livepusher_player_t* player, int direction,
                                                         livepusher_player_result_fn done, void* user);
/** The window is as before. [any-thread] */
LIVEPUSHER_API int livepusher_player_exit_full_screen(livepusher_player_t* player, livepusher_player_result_fn done, void* user);
/** Writes the picture of this moment to a file in the property snapshotDirectory: a ::livepusher_snapshot_quality of a
 * ::livepusher_snapshot_source, which is the picture as it was decoded, or turned as `orientation` has it. [any-thread] */
LIVEPUSHER_API int livepusher_player_snapshot(livepusher_player_t* player, int quality, int source,
                                              livepusher_player_result_fn done, void* user);
/** The picture of this moment in memory: no file is written. `done` is needed. [any-thread] */
LIVEPUSHER_API int livepusher_player_snapshot_frame(livepusher_player_t* player, int source, livepusher_player_snapshot_fn done,
                                                    void* user);
/** The picture goes to a small window. [any-thread] */
LIVEPUSHER_API int livepusher_player_enter_picture_in_picture(livepusher_player_t* player, livepusher_player_result_fn done,
                                                              void* user);
/** The picture comes back from its small window. [any-thread] */
LIVEPUSHER_API int livepusher_player_exit_picture_in_picture(livepusher_player_t* player, livepusher_player_result_fn done,
                                                             void* user);
/** Tells that the application is in the background now: silence with backgroundMute, and no pictures but in the small window.
 * [any-thread] */
LIVEPUSHER_API int livepusher_player_enter_background(livepusher_player_t* player, livepusher_player_result_fn done, void* user);
/** Tells that the application is in the foreground again: the newest is played. [any-thread] */
LIVEPUSHER_API int livepusher_player_exit_background(livepusher_player_t* player, livepusher_player_result_fn done, void* user);
/** Tells that the application's own navigation left (`event` "push") or closed ("pop") the page with the picture:
 * picture-in-picture when the property pictureInPictureMode has the event, else a pause by autoPauseIfNavigate. [any-thread] */
LIVEPUSHER_API int livepusher_player_host_navigated(livepusher_player_t* player, const char* event,
                                                    livepusher_player_result_fn done, void* user);
/** Tells that the application opened a page of another program: a pause by autoPauseIfOpenNative. [any-thread] */
LIVEPUSHER_API int livepusher_player_host_opened_native(livepusher_player_t* player, livepusher_player_result_fn done,
                                                        void* user);
/** Tells that the application is back on the page with the picture: resumes what the two above paused. [any-thread] */
LIVEPUSHER_API int livepusher_player_host_returned(livepusher_player_t* player, livepusher_player_result_fn done, void* user);

/** @} */
/**
 * @name Properties
 * By their camelCase, kebab-case or older names; docs/player-properties.md has the table. Names, types and ranges are checked at
 * once (a refusal); rules between properties, and what may not change while it plays, decide the result.
 */
/** @{ */

/** Sets one property from text: "0.5", "true", "RTC"; "" unsets one that is optional. [any-thread] */
LIVEPUSHER_API int livepusher_player_set_property(livepusher_player_t* player, const char* name, const char* value,
                                                  livepusher_player_result_fn done, void* user);

/** Sets all properties of a JSON object, {"minCache":0.5,"volume":1}, or none of them; null is the default. [any-thread] */
LIVEPUSHER_API int livepusher_player_set_properties(livepusher_player_t* player, const char* properties,
                                                    livepusher_player_result_fn done, void* user);

/** The value of a property in force, as livepusher_player_set_property() takes it, playUrl too. [any-thread] */
LIVEPUSHER_API int livepusher_player_get_property(const livepusher_player_t* player, const char* name, char** value);

/** All properties in force as a JSON object that livepusher_player_set_properties() takes; null is unset. With playUrl and
 * proxy: not for a log. [any-thread] */
LIVEPUSHER_API int livepusher_player_get_properties(const livepusher_player_t* player, char** json);

/** What the properties in force really mean: livepusher_player_resolve_properties() of them. [any-thread] */
LIVEPUSHER_API int livepusher_player_resolve(const livepusher_player_t* player, char** json);

/** @} */
/** @name What it is doing */
/** @{ */

/** A ::livepusher_player_state, as of the last command done. [any-thread] */
LIVEPUSHER_API int livepusher_player_get_state(const livepusher_player_t* player, int* state);

/** The figures last measured, as a JSON object: `info` of the netstatus event. [any-thread] */
LIVEPUSHER_API int livepusher_player_get_net_status(const livepusher_player_t* player, char** json);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
