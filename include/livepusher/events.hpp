// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/codes.hpp>
#include <livepusher/media.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace livepusher {

/// What a context is doing.
enum class State {
    Idle,          ///< nothing
    Previewing,    ///< captures for the local view alone
    Connecting,    ///< start() was called, publishing has not begun
    Pushing,       ///< live
    Paused,        ///< the waiting image goes out
    Reconnecting,  ///< the connection was lost and is made again
};
/// The enumerator's name. Static lifetime. [any-thread]
LIVEPUSHER_API std::string_view toString(State state);

/// `statechange`: something happened, as Code names it.
struct StateChangeEvent {
    int code = 0;            ///< a Code
    std::string message;     ///< for people
    std::string targetId{};  ///< of whom alone it tells: Target::id, "main", "record"; empty: of the whole push
};

/// `error`: something is lost until the application acts.
struct ErrorEvent {
    std::string errMsg;      ///< for people
    int errCode = 0;         ///< a Code
    std::string targetId{};  ///< as StateChangeEvent::targetId
};

/// The last interval's figures.
struct NetStatus {
    int videoBitrate = 0;     ///< kbps that the encoder made
    int audioBitrate = 0;     ///< kbps that the encoder made
    double videoFPS = 0;      ///< encoded frames per second
    double videoGOP = 0;      ///< s between the last two key frames
    int netSpeed = 0;         ///< kbps that left for the network, all bytes
    int netJitter = 0;        ///< ms, RFC 3550's smoothed jitter of the delay in sending
    int netQualityLevel = 0;  ///< 0 unknown, 1 best .. 6 unusable
    int videoWidth = 0;       ///< px, of the encoded picture
    int videoHeight = 0;      ///< px, of the encoded picture
    int videoCache = 0;       ///< frames encoded and not yet sent
    int audioCache = 0;       ///< frames encoded and not yet sent

    // Extensions beyond the documents.
    std::uint64_t videoDrop = 0;  ///< frames lost since start, on any way through
    std::uint64_t audioDrop = 0;  ///< frames lost since start, on any way through
    std::string serverIp;         ///< of the connection; empty: there is none
    double cpuUsage = 0;          ///< process, % of one core
    int queueDelay = 0;           ///< ms that a frame encoded now waits until the server has it, beyond an idle link's round trip
    int rtt = 0;                  ///< ms
    int reconnects = 0;           ///< since start
    std::uint64_t bytesSent = 0;  ///< since start
    std::uint64_t videoFrames = 0;  ///< encoded since start
    std::uint64_t audioFrames = 0;  ///< encoded since start
    int encodeLoad = 0;             ///< % of the time from frame to frame that encoding takes
    std::string videoPreset;        ///< the software encoder's in force: a faster one than videoPreset where it can't keep up
    std::uint64_t renderLate = 0;   ///< frames that went out as they were: a VideoCustomRender handler took too long
};

/// `netstatus`: every netStatusInterval while pushing or trying to. A push with several targets has one for all, and then one
/// for each.
struct NetStatusEvent {
    NetStatus info;          ///< of the interval just ended
    std::string targetId{};  ///< whose; empty: of all together
};

/// `bgmprogress`: at least twice a second.
struct BgmProgressEvent {
    std::int64_t progress = 0;  ///< ms
    std::int64_t duration = 0;  ///< ms
};

/// What a context tells its application. Each may be empty. All but onPreviewFrame run one at a
/// time, in order, on the event thread (or the application's executor), with no lock held; they may
/// call any method, and one that sleeps does not disturb the stream. None runs after the
/// context's destructor has returned.
struct Handlers {
    std::function<void(const StateChangeEvent&)> onStateChange{};  ///< something happened
    std::function<void(const NetStatusEvent&)> onNetStatus{};      ///< figures, once in netStatusInterval
    std::function<void(const ErrorEvent&)> onError{};              ///< something is lost
    std::function<void()> onBgmStart{};                            ///< the music began
    std::function<void(const BgmProgressEvent&)> onBgmProgress{};  ///< the music goes on
    std::function<void()> onBgmComplete{};                         ///< the music came to its end
    std::function<void(int level)> onAudioVolumeNotify{};          ///< microphone, 0..100
    std::function<void()> onAttached{};                            ///< the context is ready: the first event, once
    std::function<void()> onEnterPictureInPicture{};               ///< the preview is in the small window
    std::function<void()> onLeavePictureInPicture{};               ///< the preview is as before
    /// The picture for the local view, from a thread of its own: a slow handler misses frames and
    /// holds nothing up.
    std::function<void(const VideoFrame&)> onPreviewFrame{};
};

}  // namespace livepusher
