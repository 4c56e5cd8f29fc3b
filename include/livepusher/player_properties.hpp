// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/export.hpp>
#include <livepusher/properties.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace livepusher {

/// For what a stream is played: which delay holds where none is set.
enum class PlayMode {
    live,  ///< an even picture first: 1 to 3 s behind
    RTC,   ///< a talk: 0.2 to 0.8 s behind
};
/// How the picture fills the view.
enum class ObjectFit {
    contain,   ///< all of the picture; black beside it
    fillCrop,  ///< all of the view; what stands out is cut off
};
/// Where sound is heard.
enum class SoundMode {
    speaker,  ///< the default device, as media
    ear,      ///< a handset, headset or headphones where the sound server has them, as a call
};
/// What decodes the picture.
enum class VideoDecoderType {
    automatic,  ///< software for H.264 up to 1080p30 and all below 1080p, else hardware where some works here; spelled "auto"
    hardware,   ///< VAAPI, CUDA or VDPAU; where none can be opened, Code::HardwareDecoderFailed and software
    software,   ///< software alone
};

/// Everything that can be set of a player. [live] follows a change at once; [session] is refused while it plays. Members that
/// are optional take their value from `mode` until they are set. Ranges and spellings: docs/player-properties.md, made from the
/// same table as the checks.
struct PlayerProperties {
    std::string playUrl;             ///< [session] rtmp(s)://, http(s)://….flv or the path of an .flv file; a secret
    PlayMode mode = PlayMode::live;  ///< [live] which delay holds
    std::optional<double> minCache;  ///< [live] s, least delay that is aimed at; unset: 1, RTC 0.2
    std::optional<double> maxCache;  ///< [live] s, most delay that is aimed at; unset: 3, RTC 0.8
    Orientation orientation = Orientation::vertical;          ///< [live] horizontal: turned by 270° clockwise
    ObjectFit objectFit = ObjectFit::contain;                 ///< [live] how the picture fills the view
    bool muted = false;                                       ///< [live] silent, within 20 ms
    SoundMode soundMode = SoundMode::speaker;                 ///< [live] where sound is heard
    bool autoplay = false;                                    ///< [session] start by itself as soon as a playUrl is set
    bool autoPauseIfNavigate = true;                          ///< [live] pause as hostNavigated(push) is told
    bool autoPauseIfOpenNative = true;                        ///< [live] pause as hostOpenedNative() is told
    std::vector<PictureInPictureEvent> pictureInPictureMode;  ///< [live] which navigation enters picture-in-picture
    bool backgroundMute = true;                               ///< [live] silent in the background
    bool debug = false;                                       ///< [live] statistics over the picture, debug log
    std::string liveAppID;                                    ///< [session] of the vendor's account: kept only
    std::string version;                                      ///< [session] of the vendor's account: kept only

    // Extensions beyond the documents.
    double volume = 1.0;                                          ///< [live] 0..1; the gain is volume²
    VideoDecoderType videoDecoder = VideoDecoderType::automatic;  ///< [session] hardware or software
    double minSpeed = 0.97;                                       ///< [live] slowest that it plays to reach the delay aimed at
    double maxSpeed = 1.10;                                       ///< [live] fastest that it plays for it
    int stutterThreshold = 500;                                   ///< [live] ms without a new picture until Code::PlayStuttered
    double endLinger = 5.0;             ///< [live] s that a publisher may be gone before the stream has ended
    double dataTimeout = 10.0;          ///< [session] s without a byte of media until a connection counts as lost
    std::string audioDevice;            ///< [session] a sink's name, "hw:…" of ALSA, "none"; empty: the default
    std::string reconnect = "default";  ///< [session] "default", "vendor", "off", or "COUNTxSECONDS"
    bool enhancedRtmp = true;           ///< [session] tell RTMP servers what is decoded here
    std::string caFile;                 ///< [session] PEM of the CAs to trust for rtmps and https
    std::string proxy;                  ///< [session] as Properties::proxy; a secret
    std::string networkInterface;       ///< [session] to connect from; empty: the system's choice
    double netStatusInterval = 1.0;     ///< [live] s between two netstatus events
    int audioVolumeInterval = 300;      ///< [live] ms between two audiovolumenotify events
    double clockOffset = 0;             ///< [live] s that this machine's clock is ahead of the sender's
    std::string snapshotDirectory;      ///< [live] where snapshot() writes; empty: the system's temporary directory

    bool operator==(const PlayerProperties&) const = default;  ///< whether all are the same
};

/// The whole table, in the order of `PlayerProperties`. Static lifetime. [any-thread]
LIVEPUSHER_API std::span<const PropertyInfo> allPlayerProperties();

/// As setProperty() of Properties.
LIVEPUSHER_API Result<void> setProperty(PlayerProperties& properties, std::string_view name, std::string_view value);

/// As formatProperty() of Properties.
LIVEPUSHER_API Result<std::string> formatProperty(const PlayerProperties& properties, std::string_view name);

/// Checks every range and the rules between properties (minCache <= maxCache, minSpeed <= 1 <= maxSpeed).
LIVEPUSHER_API Result<void> validate(const PlayerProperties& properties);

/// What a player's properties come to.
struct PlayerResolved {
    double minCache = 0;  ///< s
    double maxCache = 0;  ///< s
};

/// Explicit values beat the mode, the mode beats the defaults. `properties` must be valid.
LIVEPUSHER_API PlayerResolved resolve(const PlayerProperties& properties);

}  // namespace livepusher
