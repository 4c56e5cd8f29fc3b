// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/events.hpp>
#include <livepusher/export.hpp>
#include <livepusher/media.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace livepusher {

/// What a player is doing.
enum class PlayerState {
    Idle,        ///< nothing
    Connecting,  ///< start() was called, nothing has come yet
    Loading,     ///< too little is there to play on; the picture stays
    Playing,     ///< live
    Paused,      ///< the picture stays and nothing is heard; reading goes on
    Ended,       ///< played to the stream's end
};
/// The enumerator's name, in small letters. Static lifetime. [any-thread]
LIVEPUSHER_API std::string_view toString(PlayerState state);

/// The last interval's figures of a player. What is 0 where it is not known says so.
struct PlayerNetStatus {
    int videoBitrate = 0;         ///< kbps of the pictures that were received
    int audioBitrate = 0;         ///< kbps of the sound that was received
    double videoFPS = 0;          ///< decoded pictures per second
    double videoGOP = 0;          ///< s between the last two key frames
    int netSpeed = 0;             ///< kbps received, all bytes
    int netJitter = 0;            ///< ms, RFC 3550's smoothed jitter of arrival against the stream's time
    int netQualityLevel = 0;      ///< 0 unknown, 1 best .. 5 a stall of late, 6 nothing comes
    int videoWidth = 0;           ///< px, of the decoded picture
    int videoHeight = 0;          ///< px, of the decoded picture
    int videoCache = 0;           ///< ms of pictures that wait to be shown (a pusher counts frames)
    int audioCache = 0;           ///< ms of sound that waits to be heard
    int vDecCacheSize = 0;        ///< pictures inside the decoder
    int vSumCacheSize = 0;        ///< pictures in buffer, decoder and before the screen
    int avPlayInterval = 0;       ///< ms, heard minus shown: above 0 sound is ahead
    int avRecvInterval = 0;       ///< ms, newest sound received minus newest picture
    int audioCacheThreshold = 0;  ///< ms of delay above which it is regulated: targetDelay + 20

    // Extensions beyond the documents.
    int delay = 0;                    ///< ms that what is played is behind the fastest way from the publisher to here
    int targetDelay = 0;              ///< ms that `delay` is brought to
    double speed = 1;                 ///< at which it plays
    int stalls = 0;                   ///< times that nothing was left to play, since start
    int stalledMs = 0;                ///< ms of them, since start
    int skips = 0;                    ///< times that media was left out to catch up, since start
    int skippedMs = 0;                ///< ms of them, since start
    std::uint64_t videoDrop = 0;      ///< pictures decoded and not shown, too late, since start
    std::uint64_t missing = 0;        ///< times that pictures were missing in the stream, since start
    int reconnects = 0;               ///< since start
    std::string serverIp{};           ///< of the connection; empty: there is none
    std::string decoder{};            ///< of the pictures, "H.264 libavcodec h264 1280x720"; empty: none
    int decodeLoad = 0;               ///< % of the time that decoding pictures takes of one core
    double cpuUsage = 0;              ///< process, % of one core
    std::uint64_t bytesReceived = 0;  ///< since start
    /// ms from a picture's capture to the screen, of a stream that is pushed with captureClock; empty: the stream doesn't tell.
    /// As right as both machines' clocks, and clockOffset, are.
    std::optional<int> glassDelay{};
};

/// `netstatus` of a player: every netStatusInterval from start() to the end.
struct PlayerNetStatusEvent {
    PlayerNetStatus info;  ///< of the interval just ended
};

/// `fullscreenchange`.
struct FullScreenChangeEvent {
    bool fullScreen = false;  ///< it is now
    int direction = 0;        ///< as requestFullScreen() had it: 0, 90, -90
};

/// A message within the stream, when its picture is shown (Code::MessageReceived).
struct PlayerMessageEvent {
    bool ours = false;                ///< sent by sendMessage(): `bytes` are its text, in UTF-8
    std::vector<std::uint8_t> bytes;  ///< else what the SEI holds, its UUID first
};

/// Sound as it is heard.
struct HeardAudio {
    const float* samples = nullptr;  ///< interleaved; valid during the call
    int frames = 0;                  ///< samples of a channel
    int sampleRate = 48000;          ///< Hz
    int channels = 2;
    Timestamp heardAt{};  ///< when the first is heard, on now()'s clock
};

/// What a player tells its application. Each may be empty. All but onVideoFrame and onAudioBlock run one at a time, in order,
/// on the event thread (or the application's executor), with no lock held; they may call any method, and one that sleeps does
/// not disturb the playing. None runs after the player's destructor has returned.
struct PlayerHandlers {
    std::function<void(const StateChangeEvent&)> onStateChange{};            ///< something happened; targetId is empty
    std::function<void(const PlayerNetStatusEvent&)> onNetStatus{};          ///< figures, once in netStatusInterval
    std::function<void(const ErrorEvent&)> onError{};                        ///< something is lost
    std::function<void(const FullScreenChangeEvent&)> onFullScreenChange{};  ///< full screen was entered or left, or is to be
    std::function<void(int level)> onAudioVolumeNotify{};                    ///< of what is heard, 0..100
    std::function<void()> onAttached{};                                      ///< the player is ready: the first event, once
    std::function<void()> onEnterPictureInPicture{};                         ///< the picture is in the small window
    std::function<void()> onLeavePictureInPicture{};                         ///< the picture is as before
    std::function<void()> onWindowClosed{};                                  ///< the user closed the window; it goes on playing
    std::function<void(const PlayerMessageEvent&)> onMessage{};              ///< the stream holds a message
    /// The picture at the moment that it is due, upright or turned as `orientation` has it, from a thread of its own: a slow
    /// handler misses pictures and holds nothing up. Its pts is the media time.
    std::function<void(const VideoFrame&)> onVideoFrame{};
    /// Sound as it goes to the device, muted or not, about 10 ms a time, from a thread of its own; one that is slow by more
    /// than 200 ms misses some.
    std::function<void(const HeardAudio&)> onAudioBlock{};
};

}  // namespace livepusher
