// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>
#include <livepusher/volume.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace livepusher {

/// Outcome of a method, as the documents have it.
struct MethodResult {
    int errCode = 0;     ///< a Code; 0 is success
    std::string errMsg;  ///< "start:ok", or "start:fail " and the reason
};
/// Takes the outcome of one call.
using Callback = std::function<void(const MethodResult&)>;

/// What a method calls back. Exactly one of success and fail is called, then complete, once each, on the
/// event thread, never from inside the call itself. Each may be empty.
struct CallOptions {
    Callback success{};   ///< errCode 0
    Callback fail{};      ///< the code and the reason
    Callback complete{};  ///< in either case, after the other
};

/// How snapshot() keeps a picture.
enum class SnapshotQuality {
    raw,         ///< PNG, without loss
    compressed,  ///< JPEG
};
/// Which picture snapshot() takes.
enum class SnapshotSource {
    stream,  ///< the pushed one
    view,    ///< the local view, mirrored as that is
};

/// What snapshot() made.
struct SnapshotResult {
    int errCode = 0;            ///< 0
    std::string errMsg;         ///< "snapshot:ok"
    std::string tempImagePath;  ///< the file written, in snapshotDirectory; the application's to delete
    int width = 0;              ///< px
    int height = 0;             ///< px
    VideoFrame frame;           ///< the picture itself
};

/// Options of snapshot().
struct SnapshotOptions {
    SnapshotQuality quality = SnapshotQuality::raw;        ///< PNG or JPEG
    SnapshotSource sourceType = SnapshotSource::stream;    ///< the pushed picture or the local view
    bool toFile = true;                                    ///< false: only SnapshotResult::frame, nothing is written
    std::function<void(const SnapshotResult&)> success{};  ///< as in CallOptions, with the picture
    Callback fail{};                                       ///< as in CallOptions
    Callback complete{};                                   ///< as in CallOptions
};

/// Options of playBGM().
struct PlayBgmOptions {
    std::string url;      ///< file path or http(s) URL
    bool loop = false;    ///< begin again at its end
    Callback success{};   ///< as in CallOptions
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

/// Options of seekBGM().
struct SeekBgmOptions {
    std::int64_t position = 0;  ///< ms from the piece's beginning; beyond its end: its end
    Callback success{};         ///< as in CallOptions
    Callback fail{};            ///< as in CallOptions
    Callback complete{};        ///< as in CallOptions
};

/// Options of setBGMVolume() and setMICVolume().
struct VolumeOptions {
    Volume volume = 1.0;  ///< 0..1
    Callback success{};   ///< as in CallOptions
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

/// Options of setZoom().
struct ZoomOptions {
    double zoom = 1.0;    ///< >= 1, a factor
    Callback success{};   ///< as in CallOptions
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

/// What getMaxZoom() found.
struct MaxZoomResult {
    int errCode = 0;     ///< 0
    std::string errMsg;  ///< "getMaxZoom:ok"
    double maxZoom = 1;  ///< the largest factor that setZoom() takes now
};

/// Options of getMaxZoom().
struct MaxZoomOptions {
    std::function<void(const MaxZoomResult&)> success{};  ///< as in CallOptions, with the factor
    Callback fail{};                                      ///< as in CallOptions
    Callback complete{};                                  ///< as in CallOptions
};

/// Options of sendMessage().
struct MessageOptions {
    std::string msg;      ///< 1..1024 bytes
    Callback success{};   ///< as in CallOptions
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

/// Options of saveReplay().
struct SaveReplayOptions {
    std::string path;     ///< of a .mp4, .mkv, .ts or .flv file; one that is there already is kept, and the next free name taken
    Callback success{};   ///< as in CallOptions, when the file is whole; Code::FileBegan has told its name
    Callback fail{};      ///< as in CallOptions
    Callback complete{};  ///< as in CallOptions
};

}  // namespace livepusher
