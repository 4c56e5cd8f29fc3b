/* SPDX-License-Identifier: MIT */
/**
 * @file livepusher.h
 * The live-pusher contract for C and for every language that can call C. A player of live streams: livepusher_player.h.
 *
 * What holds for all of it:
 * - **Text** is UTF-8 and ends with a NUL. What a function takes is copied before it returns. What a callback is given is
 *   valid until the callback returns. What comes back through a `char**` is the caller's: livepusher_free() it.
 * - **Return values** are codes (::livepusher_code): 0 is done or accepted. Anything else is a refusal: nothing was done,
 *   a result callback given to that call is never called, and livepusher_last_error() has the reason in words.
 *   A null pointer where none may be, malformed JSON, an unknown name, a value out of range: refused so, at once.
 * - **Results** of methods come by callback, exactly once for each accepted call, in the order in which the methods ended,
 *   never from inside the call. Methods only post a command: none waits for network, device or disk.
 * - **Threads**: every function may be called from any thread, also from a callback (livepusher_destroy() excepted).
 *   Callbacks run one at a time on the library's event thread, or where the application's executor runs them; those for
 *   pictures run on threads of their own. A callback may take its time: the stream goes on.
 * - **Exceptions**: none leaves the library. Callbacks must not throw and must not longjmp().
 */
#ifndef LIVEPUSHER_LIVEPUSHER_H
#define LIVEPUSHER_LIVEPUSHER_H

#include <livepusher/export.h>
#include <livepusher/version.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Every number that an event, a result or a return value can carry: LIVEPUSHER_CODE_Ok (0), LIVEPUSHER_CODE_PushBegan
 * (1002) and so on. docs/codes.md tells what each means and what to do about it. */
typedef enum livepusher_code {
#define X(name, number, severity, event, fault, sender, text, advice, cause) LIVEPUSHER_CODE_##name = number,
#include <livepusher/codes.def>
#undef X
} livepusher_code;

/** What a pusher is doing. */
typedef enum livepusher_state {
    LIVEPUSHER_STATE_IDLE = 0,
    LIVEPUSHER_STATE_PREVIEWING = 1,
    LIVEPUSHER_STATE_CONNECTING = 2,
    LIVEPUSHER_STATE_PUSHING = 3,
    LIVEPUSHER_STATE_PAUSED = 4,
    LIVEPUSHER_STATE_RECONNECTING = 5
} livepusher_state;

/** How a snapshot is written. */
typedef enum livepusher_snapshot_quality {
    LIVEPUSHER_SNAPSHOT_RAW = 0,       /**< PNG, lossless */
    LIVEPUSHER_SNAPSHOT_COMPRESSED = 1 /**< JPEG */
} livepusher_snapshot_quality;

/** Which picture a snapshot takes. */
typedef enum livepusher_snapshot_source {
    LIVEPUSHER_SNAPSHOT_STREAM = 0, /**< the pushed one */
    LIVEPUSHER_SNAPSHOT_VIEW = 1    /**< the local view, mirrored as the preview is */
} livepusher_snapshot_source;

/** How the pixels of a ::livepusher_video_frame lie. */
typedef enum livepusher_pixel_format {
    LIVEPUSHER_PIXEL_I420 = 0, /**< planes Y, U, V */
    LIVEPUSHER_PIXEL_NV12 = 1, /**< planes Y, UV */
    LIVEPUSHER_PIXEL_RGBA = 2  /**< one plane of bytes R G B A */
} livepusher_pixel_format;

/** Type of the samples of a ::livepusher_audio_block. */
typedef enum livepusher_sample_format {
    LIVEPUSHER_SAMPLE_FLOAT = 0, /**< float, -1..1 */
    LIVEPUSHER_SAMPLE_S16 = 1    /**< int16_t */
} livepusher_sample_format;

/** From which line on the library logs. */
typedef enum livepusher_log_level {
    LIVEPUSHER_LOG_TRACE = 0,
    LIVEPUSHER_LOG_DEBUG = 1,
    LIVEPUSHER_LOG_INFO = 2,
    LIVEPUSHER_LOG_WARNING = 3,
    LIVEPUSHER_LOG_ERROR = 4,
    LIVEPUSHER_LOG_OFF = 5
} livepusher_log_level;

/** One picture: 8 bit, limited range. Zeros are good defaults for what comes after `strides`. */
typedef struct livepusher_video_frame {
    int format;               /**< ::livepusher_pixel_format */
    int width;                /**< px, even, 16..8192 */
    int height;               /**< px, even, 16..8192 */
    const uint8_t* planes[3]; /**< as `format` has them */
    int strides[3];           /**< bytes from row to row */
    int rotation;             /**< clockwise turn that it still needs to stand upright: 0, 90, 180 or 270 */
    int bt601;                /**< colour matrix of I420 and NV12: 0 BT.709, 1 BT.601 */
    int mirrored;             /**< 1: it needs left and right exchanged too, before the turn */
    int64_t pts;              /**< us on livepusher_now()'s clock; 0: the moment of the call */
} livepusher_video_frame;

/** What a ::livepusher_coded_video is coded as. */
typedef enum livepusher_video_codec {
    LIVEPUSHER_H264 = 0, /**< H.264 */
    LIVEPUSHER_HEVC = 1  /**< H.265 */
} livepusher_video_codec;

/** All NAL units of one coded picture, with start codes (Annex B) or with 4-byte lengths. */
typedef struct livepusher_coded_video {
    int codec;           /**< ::livepusher_video_codec, the same for all */
    const uint8_t* data; /**< parameter sets may come along or in a call of their own, before the first key frame */
    size_t size;         /**< bytes */
    int64_t pts;         /**< us on livepusher_now()'s clock; 0: the moment of the call */
    int64_t dts;         /**< the same, where pictures are reordered; 0: as pts */
} livepusher_coded_video;

/** One I420 picture that a custom render callback may change. */
typedef struct livepusher_render_frame {
    int width;          /**< px, even, 16..8192 */
    int height;         /**< px, even, 16..8192 */
    uint8_t* planes[3]; /**< Y, U, V */
    int strides[3];     /**< bytes from row to row */
    int rotation;       /**< clockwise turn that it still needs to stand upright: 0, 90, 180 or 270 */
    int bt601;          /**< colour matrix: 0 BT.709, 1 BT.601 */
    int mirrored;       /**< 1: it needs left and right exchanged too, before the turn */
    int64_t pts;        /**< us on livepusher_now()'s clock; a change of it is ignored */
} livepusher_render_frame;

/** Interleaved samples. */
typedef struct livepusher_audio_block {
    int format;       /**< ::livepusher_sample_format */
    int sample_rate;  /**< Hz, 8000..192000 */
    int channels;     /**< 1..8 */
    const void* data; /**< `frames * channels` samples */
    size_t frames;    /**< samples of one channel */
    int64_t pts;      /**< us on livepusher_now()'s clock, of the first sample; 0: now minus the block's length */
} livepusher_audio_block;

/** A pusher: one stream, captured, beautified, encoded and published. */
typedef struct livepusher_handle livepusher_t;

/**
 * Takes every event. [events]
 * @param pusher  whose it is; already usable, also before livepusher_create() has returned
 * @param event   "statechange", "netstatus", "error", "bgmstart", "bgmprogress", "bgmcomplete", "audiovolumenotify",
 *                "attached", "enterpictureinpicture", "leavepictureinpicture", or "sourceended": a file has come to its end
 * @param code    of statechange and error, a ::livepusher_code; 0 with the others
 * @param json    one object on one line, with `event` first and `time` (ms since 1970) last:
 *                {"event":"statechange","code":1002,"message":"...","time":...}; docs/c-api.md lists all
 */
typedef void (*livepusher_event_fn)(livepusher_t* pusher, const char* event, int code, const char* json, void* user);

/**
 * Takes the result of one method call. [events]
 * @param code     a ::livepusher_code; 0 is success
 * @param message  "start:ok", or "start:fail " and the reason
 * @param json     {"event":"result","method":"start","ok":true,"errCode":0,"errMsg":"start:ok","time":...}; what a method
 *                 returns beyond that is in it too: `tempImagePath`, `width` and `height` of a snapshot
 */
typedef void (*livepusher_result_fn)(livepusher_t* pusher, int code, const char* message, const char* json, void* user);

/** Takes one picture, which is valid until the callback returns. [preview] */
typedef void (*livepusher_frame_fn)(livepusher_t* pusher, const livepusher_video_frame* frame, void* user);

/** Takes a snapshot that was not written to a file: `frame` is null unless `code` is 0. [events] */
typedef void (*livepusher_snapshot_fn)(livepusher_t* pusher, int code, const char* message, const livepusher_video_frame* frame,
                                       void* user);

/** Changes a picture on its way: its pixels in place, or, by other planes, strides and size in `frame`, replaces it; what
 * these point to is copied when the callback returns. One that takes longer than the budget, or leaves what can't be a picture,
 * changes nothing: the stream goes on with the picture as it was, and `renderLate` of netstatus counts it. [render] */
typedef void (*livepusher_render_fn)(livepusher_t* pusher, livepusher_render_frame* frame, void* user);

/** What an executor is given to run, with the `task` that came with it. */
typedef void (*livepusher_task_fn)(void* task);

/** Has `run(task)` called soon, exactly once, in the order given, one at a time, not from inside this call: posts it to the
 * application's own event loop. Tasks still waiting when the pusher is destroyed do nothing but free their memory. Called
 * from any of the library's threads. */
typedef void (*livepusher_executor_fn)(livepusher_task_fn run, void* task, void* user);

/** Takes every line the library logs, at a ::livepusher_log_level: without newline, without any stream key. Called from any of
 * the library's threads, also from two at once; it must not call the library. */
typedef void (*livepusher_log_fn)(int level, const char* text, void* user);

/** All callbacks of a pusher; null is none. Begin with livepusher_callbacks_init(). */
typedef struct livepusher_callbacks {
    size_t size;                           /**< sizeof(livepusher_callbacks), so that later versions may add to it */
    void* user;                            /**< handed to each callback below */
    livepusher_event_fn on_event;          /**< every event */
    livepusher_frame_fn on_preview_frame;  /**< the picture for the local view; a slow one misses frames */
    livepusher_executor_fn executor;       /**< where callbacks run; null: on an event thread of the library's own */
    livepusher_render_fn on_captured;      /**< with enableVideoCustomRender: each frame as the source gave it */
    livepusher_render_fn on_before_encode; /**< with enableVideoCustomRender: after all effects, in the pushed size */
    int render_budget_ms;                  /**< how long the stream waits for one of these two; 0: half a frame's time */
} livepusher_callbacks;

/** @name Library */
/** @{ */

/** Version of the library that is running: "0.1.0". Static. [any-thread] */
LIVEPUSHER_API const char* livepusher_version(void);

/** Why the last call of this thread that was refused was refused; "" before any. Valid until the next refusal on this thread.
 * [any-thread] */
LIVEPUSHER_API const char* livepusher_last_error(void);

/** Frees what the library returned through a `char**`; null is allowed. [any-thread] */
LIVEPUSHER_API void livepusher_free(void* text);

/** Now, in us, on the steady clock that every `pts` is read from. [any-thread] */
LIVEPUSHER_API int64_t livepusher_now(void);

/** Name of a code, "PushBegan"; null for a number that is in no table. Static. [any-thread] */
LIVEPUSHER_API const char* livepusher_code_name(int code);

/** One line: what a code means; null as above. Static. [any-thread] */
LIVEPUSHER_API const char* livepusher_code_text(int code);

/** One line: what an application should do about a code; null as above. Static. [any-thread] */
LIVEPUSHER_API const char* livepusher_code_advice(int code);

/** Name of a ::livepusher_state, "pushing"; null for a number that is none. Static. [any-thread] */
LIVEPUSHER_API const char* livepusher_state_name(int state);

/** Sends the library's log to `handler`; null restores the default, stderr. The one setting that all pushers of a process
 * share. [any-thread] */
LIVEPUSHER_API int livepusher_set_log_handler(livepusher_log_fn handler, void* user);

/** Lines below `level`, a ::livepusher_log_level, are not made at all. Default: LIVEPUSHER_LOG_WARNING. [any-thread] */
LIVEPUSHER_API int livepusher_set_log_level(int level);

/** The table of properties as a JSON array: name, kebabName, aliases, type, allowed, defaultValue, whenUnset,
 * applies ("live", "encoder" or "session"), extension, account, secret, description. For bindings that make their own
 * names of it. [any-thread] */
LIVEPUSHER_API int livepusher_describe_properties(char** json);

/** What there is to capture from, as a JSON object: {"cameras":[...],"microphones":[...],"screens":[...],"notes":[...]}, each
 * device with its id, name and what it can; notes say why nothing of a kind could be listed. Takes up to some 2 s. [any-thread]
 */
LIVEPUSHER_API int livepusher_list_devices(char** json);

/** The video encoders that this build knows as a JSON array: codec, name, hardware, works, problem, milliseconds. Each is tried
 * with some frames, hardware in a process of its own: up to 2 s for one that hangs. [any-thread] */
LIVEPUSHER_API int livepusher_list_encoders(char** json);

/** What a set of properties, a JSON object, really means: size, frame rate, bitrates, and what is ignored and why; without a
 * pusher. Refused when the properties are not valid together. [any-thread] */
LIVEPUSHER_API int livepusher_resolve_properties(const char* properties, char** json);

/** @} */
/** @name Life */
/** @{ */

/**
 * Makes a pusher. Nothing is opened or sent before livepusher_start() or livepusher_start_preview() (or at once with the
 * property autopush).
 * @param options  JSON, null for none: {"properties":{"url":"rtmp://host/app/key","mode":"HD"},
 *                 "sources":{"video":"camera","audio":"mic","loop":false},"recordPath":"copy.flv",
 *                 "window":{"title":"Preview","width":0,"height":0}}, each part optional; "window" opens one for the preview;
 *                 "source":"file:clip.mp4" in place of "sources" stands for picture and sound
 * @param on_event  null: no events
 * @param user      handed to on_event
 * @param error     where the reason goes when it fails, to be freed; may be null; set to null on success
 * @return null when options are refused or the system has no memory or thread to spare
 * [any-thread]
 */
LIVEPUSHER_API livepusher_t* livepusher_create(const char* options, livepusher_event_fn on_event, void* user, char** error);

/** livepusher_create() with all callbacks; `callbacks` is copied. [any-thread] */
LIVEPUSHER_API livepusher_t* livepusher_create_with(const char* options, const livepusher_callbacks* callbacks, char** error);

/** All null and zero, with `size` set. [any-thread] */
LIVEPUSHER_API void livepusher_callbacks_init(livepusher_callbacks* callbacks);

/**
 * Stops, closes, joins every thread and frees `pusher`; at most 2 s. What is open is answered first (an executor of the
 * application's own may have kept some for later: those are lost), other calls are refused from now on, and when it returns
 * no callback is running or will run. What is still queued for the network is not waited for: livepusher_stop() does that.
 * Refused (InvalidState, nothing happens) from inside a callback of this pusher, where it would wait for itself. No other
 * call with this pusher may be going on or follow. Null is allowed. [any-thread but a callback]
 */
LIVEPUSHER_API int livepusher_destroy(livepusher_t* pusher);

/** @} */
/**
 * @name Methods
 * `done` may be null; it is given `user`. What each does, and in which state: docs/methods.md.
 */
/** @{ */

/** Calls any of the methods by its documented name ("playBGM"), its options in a JSON object ({"url":"song.mp3","loop":true};
 * null for none): what a binding needs when it doesn't want a function for each. [any-thread] */
LIVEPUSHER_API int livepusher_call(livepusher_t* pusher, const char* method, const char* options, livepusher_result_fn done,
                                   void* user);

/** Opens what is not open, starts the preview, connects and pushes. Success once publishing has begun. [any-thread] */
LIVEPUSHER_API int livepusher_start(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Stops pushing and the preview, sends for up to 1 s what is queued, closes. [any-thread] */
LIVEPUSHER_API int livepusher_stop(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Sends the waiting image and silence instead of camera and microphone. [any-thread] */
LIVEPUSHER_API int livepusher_pause(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Sends live pictures and sound again. [any-thread] */
LIVEPUSHER_API int livepusher_resume(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Opens the source for the local view, without pushing. [any-thread] */
LIVEPUSHER_API int livepusher_start_preview(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Ends the local view; a push goes on. [any-thread] */
LIVEPUSHER_API int livepusher_stop_preview(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Front camera to back camera, or back. [any-thread] */
LIVEPUSHER_API int livepusher_switch_camera(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Torch on or off. [any-thread] */
LIVEPUSHER_API int livepusher_toggle_torch(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Writes the picture of this moment to a file in the property snapshotDirectory: a ::livepusher_snapshot_quality of a
 * ::livepusher_snapshot_source. [any-thread] */
LIVEPUSHER_API int livepusher_snapshot(livepusher_t* pusher, int quality, int source, livepusher_result_fn done, void* user);
/** The picture of this moment in memory: no file is written. `done` is needed. [any-thread] */
LIVEPUSHER_API int livepusher_snapshot_frame(livepusher_t* pusher, int source, livepusher_snapshot_fn done, void* user);
/** Mixes music from a file's path or an http(s) URL into the sound, again and again when `loop` is not 0. [any-thread] */
LIVEPUSHER_API int livepusher_play_bgm(livepusher_t* pusher, const char* url, int loop, livepusher_result_fn done, void* user);
/** Holds the music where it is. [any-thread] */
LIVEPUSHER_API int livepusher_pause_bgm(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Goes on with the music. [any-thread] */
LIVEPUSHER_API int livepusher_resume_bgm(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Ends the music. [any-thread] */
LIVEPUSHER_API int livepusher_stop_bgm(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Goes on `position` ms from the music's beginning. [any-thread] */
LIVEPUSHER_API int livepusher_seek_bgm(livepusher_t* pusher, int64_t position, livepusher_result_fn done, void* user);
/** Loudness of the music, 0..1. [any-thread] */
LIVEPUSHER_API int livepusher_set_bgm_volume(livepusher_t* pusher, double volume, livepusher_result_fn done, void* user);
/** Loudness of the microphone, 0..1. [any-thread] */
LIVEPUSHER_API int livepusher_set_mic_volume(livepusher_t* pusher, double volume, livepusher_result_fn done, void* user);
/** Zoom of the camera, 1 or more. [any-thread] */
LIVEPUSHER_API int livepusher_set_zoom(livepusher_t* pusher, double zoom, livepusher_result_fn done, void* user);
/** The most that livepusher_set_zoom() takes. [any-thread] */
LIVEPUSHER_API int livepusher_get_max_zoom(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Sends 1..1024 bytes of text with the next picture. [any-thread] */
LIVEPUSHER_API int livepusher_send_message(livepusher_t* pusher, const char* msg, livepusher_result_fn done, void* user);
/** The local view goes to a small window. [any-thread] */
LIVEPUSHER_API int livepusher_enter_picture_in_picture(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** The local view comes back from its small window. [any-thread] */
LIVEPUSHER_API int livepusher_exit_picture_in_picture(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Tells that the application's own navigation left (`event` "push") or closed ("pop") the page with the preview: enters
 * picture-in-picture when the property pictureInPictureMode has the event. [any-thread] */
LIVEPUSHER_API int livepusher_host_navigated(livepusher_t* pusher, const char* event, livepusher_result_fn done, void* user);
/** Tells that the application is in the background now: waiting image instead of the camera. [any-thread] */
LIVEPUSHER_API int livepusher_enter_background(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Tells that the application is in the foreground again. [any-thread] */
LIVEPUSHER_API int livepusher_exit_background(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Tells that a phone call or the like has begun: capture is suspended. [any-thread] */
LIVEPUSHER_API int livepusher_begin_interruption(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Tells that it is over. [any-thread] */
LIVEPUSHER_API int livepusher_end_interruption(livepusher_t* pusher, livepusher_result_fn done, void* user);
/** Writes the last `replaySeconds` of the push to a file. [any-thread] */
LIVEPUSHER_API int livepusher_save_replay(livepusher_t* pusher, const char* path, livepusher_result_fn done, void* user);
/** Adds a place that the push goes to, also while pushing: {"id":"second","url":"rtmp://…"}, and as docs/targets.md has it.
 * What becomes of it its events tell, which hold "target". [any-thread] */
LIVEPUSHER_API int livepusher_add_target(livepusher_t* pusher, const char* target, livepusher_result_fn done, void* user);
/** Changes the place of that "id": the members that are given. [any-thread] */
LIVEPUSHER_API int livepusher_update_target(livepusher_t* pusher, const char* target, livepusher_result_fn done, void* user);
/** Takes the place of that id out. [any-thread] */
LIVEPUSHER_API int livepusher_remove_target(livepusher_t* pusher, const char* id, livepusher_result_fn done, void* user);

/** @} */
/**
 * @name Properties
 * By their camelCase, kebab-case or older names; docs/properties.md has the table. Names, types and ranges are checked at once
 * (a refusal); rules between properties, and what may not change while pushing, decide the result.
 */
/** @{ */

/** Sets one property from text: "30", "true", "pink"; "" unsets one that is optional. [any-thread] */
LIVEPUSHER_API int livepusher_set_property(livepusher_t* pusher, const char* name, const char* value, livepusher_result_fn done,
                                           void* user);

/** Sets all properties of a JSON object, {"fps":30,"beauty":5}, or none of them; null is the default. [any-thread] */
LIVEPUSHER_API int livepusher_set_properties(livepusher_t* pusher, const char* properties, livepusher_result_fn done, void* user);

/** The value of a property in force, as livepusher_set_property() takes it, url and streamKey too. [any-thread] */
LIVEPUSHER_API int livepusher_get_property(const livepusher_t* pusher, const char* name, char** value);

/** All properties in force as a JSON object that livepusher_set_properties() takes; null is unset. With the stream
 * key: not for a log. [any-thread] */
LIVEPUSHER_API int livepusher_get_properties(const livepusher_t* pusher, char** json);

/** What the properties in force really mean: livepusher_resolve_properties() of them. [any-thread] */
LIVEPUSHER_API int livepusher_resolve(const livepusher_t* pusher, char** json);

/** @} */
/** @name What it is doing */
/** @{ */

/** A ::livepusher_state, as of the last command done. [any-thread] */
LIVEPUSHER_API int livepusher_get_state(const livepusher_t* pusher, int* state);

/** The figures last measured, as a JSON object: `info` of the netstatus event. [any-thread] */
LIVEPUSHER_API int livepusher_get_net_status(const livepusher_t* pusher, char** json);

/** @} */
/** @name The application's own pictures and sound (the source "app") */
/** @{ */

/** Takes a picture; copied before it returns. Refused: InvalidArgument for what can't be one; InvalidState when the source is not
 * running. [any-thread] */
LIVEPUSHER_API int livepusher_push_video_frame(livepusher_t* pusher, const livepusher_video_frame* frame);

/** Takes a coded picture for the source "coded"; copied before it returns. Refused as above. [any-thread] */
LIVEPUSHER_API int livepusher_push_coded_video(livepusher_t* pusher, const livepusher_coded_video* unit);

/** Takes sound; copied before it returns. Refused as above. [any-thread] */
LIVEPUSHER_API int livepusher_push_audio_block(livepusher_t* pusher, const livepusher_audio_block* block);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
