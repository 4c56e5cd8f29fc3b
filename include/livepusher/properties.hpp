// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/export.hpp>
#include <livepusher/target.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace livepusher {

/// Whose defaults hold where nothing is set.
enum class Profile {
    livePusher,    ///< the live-pusher component's
    liveRoomPush,  ///< the live-room-push component's: mode SD, autopush true; takes the account's members too
};
/// Quality preset: size, bitrates and how much delay is worth. The sizes are those of 9:16, upright.
enum class Mode {
    QVGA,  ///< 180x320, 100..300 kbps
    HVGA,  ///< 270x480, 200..600 kbps
    SD,    ///< 360x640, 300..800 kbps
    HD,    ///< 540x960, 600..1500 kbps
    FHD,   ///< 720x1280, 600..1800 kbps
    RTC,   ///< 360x640, 200..1000 kbps, lowest delay
};
/// Which camera starts.
enum class DevicePosition {
    front,  ///< towards the user
    back,   ///< away from the user
};
/// How the pushed picture lies.
enum class Orientation {
    vertical,    ///< upright: width < height
    horizontal,  ///< landscape: width > height
};
/// Width to height of the pushed picture, upright; turned when it is horizontal.
enum class Aspect {
    portrait9x16,  ///< spelled "9:16"
    portrait3x4,   ///< spelled "3:4"
};
/// How sound is encoded.
enum class AudioQuality {
    high,  ///< 48 kHz, stereo, 96 kbps
    low,   ///< 16 kHz, mono, 32 kbps
};
/// Which role the audio devices take for the sound server.
enum class AudioVolumeType {
    automatic,  ///< the library chooses; spelled "auto"
    media,      ///< as music
    voicecall,  ///< as a call
};
/// How skin smoothing looks.
enum class BeautyStyle {
    smooth,  ///< strong and even
    nature,  ///< keeps the skin's texture
};
/// Colour filter; spelled as here.
enum class Filter { standard, pink, nostalgia, blues, romantic, cool, fresher, solor, aestheticism, whitening, cerisered };
/// Whether the local view is mirrored.
enum class LocalMirror {
    automatic,  ///< that of a front camera is; spelled "auto"
    enable,     ///< it is
    disable,    ///< it is not
};
/// How a picture of another aspect fills the pushed size.
enum class VideoFit {
    fillCrop,  ///< all of the size; what stands out is cut off
    contain,   ///< all of the picture; black beside it
};
/// In which modes bitrate and size follow the network.
enum class Adaptation {
    always,  ///< in all
    rtc,     ///< in RTC alone: the vendor's behaviour
    off,     ///< in none: the bitrate stays at maxBitrate
};
/// Whose network bitrate and size follow where a push has several targets: of those that get its own picture.
enum class Steer {
    first,  ///< that of the first which is connected: `url`, then `targets` in their order
    all,    ///< the slowest one that is connected
};
/// Which of a microphone's two channels are heard.
enum class MicChannels {
    automatic,  ///< both, or where one of them is dead the other one on both sides; spelled "auto"
    stereo,     ///< both as they are
    left,       ///< the first one, on both sides
    right,      ///< the second one, on both sides
    mono,       ///< the mean of the two, on both sides
};
/// What the picture is encoded as.
enum class VideoCodec {
    h264,  ///< H.264: every server and player takes it
    hevc,  ///< H.265, for files and for servers of Enhanced RTMP that take it (`enhancedRtmp`)
    av1,   ///< AV1, the same
};
/// What encodes the picture.
enum class VideoEncoderType {
    automatic,  ///< hardware where some works here, else software; spelled "auto"
    hardware,   ///< hardware; where none works, Code::HardwareEncoderFailed and software
    software,   ///< software alone
};
/// In which corner of the pushed picture the small one of a composed source lies ("screen+camera").
enum class InsetPosition { topLeft, topRight, bottomLeft, bottomRight };
/// When the fallback of the sources stands in.
enum class FallbackOn {
    lost,    ///< no picture comes (of a push without one: no sound), whatever the reason
    ended,   ///< a source has come to its end
    frozen,  ///< it is the same picture all the time
    black,   ///< the picture is black
    silent,  ///< there is no sound above -60 dBFS
};
/// What sound is encoded as.
enum class AudioCodec {
    aac,   ///< AAC-LC: every server and player takes it
    opus,  ///< Opus, for files and for servers of Enhanced RTMP that take it (`enhancedRtmp`)
};
/// How codecs that plain RTMP has no word for (H.265, AV1, Opus) go to rtmp and rtmps urls, which takes Enhanced RTMP.
enum class EnhancedRtmp {
    off,        ///< not at all: refused before anything is tried; also spelled "false"
    automatic,  ///< to a server that names them in its answer to connect, and, with a warning, to one that names none of the
                ///< kind, as most do that take them; nothing is offered where H.264 and AAC go. Spelled "auto"
    require,    ///< to a server that names them; offered in any case, so that servers may ask to reconnect. Also spelled "true"
    assume,     ///< to every server, whatever it says; offered in any case
};
/// When the host's navigation enters picture-in-picture.
enum class PictureInPictureEvent {
    push,  ///< as another page opens
    pop,   ///< as this page closes
};

/// Everything that can be set. [live] follows a change at the next frame; [encoder] also live: the
/// encoder restarts between two frames; [session] is refused while pushing. Members that are
/// optional take their value from `profile` or `mode` until they are set. Ranges and spellings: docs/properties.md,
/// made from the same table as the checks.
struct Properties {
    std::string url;                        ///< [session] rtmp(s)://, http(s)://….flv or a .flv, .mp4, .mkv or .ts file
    std::string streamKey;                  ///< [session] beside a server's rtmp(s) url, sent as it is; empty: the url holds it
    std::vector<Target> targets;            ///< [live] where the push goes besides
    Steer steer = Steer::first;             ///< [live] which targets bitrate and size follow
    Profile profile = Profile::livePusher;  ///< [session] whose defaults hold
    std::optional<Mode> mode;               ///< [session] quality preset; unset: RTC, or by profile SD
    std::optional<bool> autopush;           ///< [session] start by itself as soon as a url is set; unset: by profile
    bool muted = false;                     ///< [live] older way to say enableMic = false
    bool enableCamera = true;               ///< [live] false before start: no video track
    bool enableMic = true;                  ///< [live] false: silence keeps the track's timing
    bool autoFocus = true;                  ///< [live] continuous autofocus
    bool zoom = false;                      ///< [live] the user may zoom, by the mouse wheel over the preview's window
    DevicePosition devicePosition = DevicePosition::front;         ///< [session] which camera starts
    std::optional<Orientation> orientation;                        ///< [encoder] unset: vertical, or as the explicit size is
    Aspect aspect = Aspect::portrait9x16;                          ///< [encoder] read as 16:9 or 4:3 when horizontal
    std::optional<int> videoWidth;                                 ///< [encoder] px, even; unset: from mode, aspect, orientation
    std::optional<int> videoHeight;                                ///< [encoder] px, even; unset: from mode, aspect, orientation
    int fps = 15;                                                  ///< [encoder] frames per second
    std::optional<int> minBitrate;                                 ///< [live] kbps; unset: from mode
    std::optional<int> maxBitrate;                                 ///< [live] kbps; unset: from mode
    AudioQuality audioQuality = AudioQuality::high;                ///< [session] 48 kHz stereo or 16 kHz mono
    AudioVolumeType audioVolumeType = AudioVolumeType::automatic;  ///< [live] role of the audio devices
    bool backgroundMute = false;                                   ///< [live] silence while in the background
    std::string waitingImage;                                      ///< [live] path or http(s) URL
    std::string waitingImageHash;                                  ///< [live] MD5 in hex of waitingImage
    int beauty = 0;                                                ///< [live] skin smoothing
    BeautyStyle beautyStyle = BeautyStyle::smooth;                 ///< [live]
    int whiteness = 0;                                             ///< [live] skin brightening
    Filter filter = Filter::standard;                              ///< [live] colour filter
    bool customEffect = false;                                     ///< [session] turns on the four below
    double skinWhiteness = 0;                                      ///< [live] needs customEffect
    double skinSmoothness = 0;                                     ///< [live] needs customEffect
    double faceThinness = 0;                                       ///< [live] needs customEffect
    double eyeBigness = 0;                                         ///< [live] needs customEffect
    bool remoteMirror = false;                                     ///< [live] mirrors the pushed picture
    LocalMirror localMirror = LocalMirror::automatic;              ///< [live] mirrors the preview only
    int audioReverbType = 0;                                       ///< [live]
    int voiceChangerType = 0;                                      ///< [live]
    bool enableAgc = false;                                        ///< [live] automatic gain control
    bool enableAns = false;                                        ///< [live] noise suppression
    bool enableVideoCustomRender = false;                          ///< [session] the application may change each frame
    std::vector<PictureInPictureEvent> pictureInPictureMode;       ///< [live]
    bool debug = false;                                            ///< [live] statistics over the preview, debug log

    // Extensions beyond the documents.
    double gop = 2.0;                          ///< [encoder] s between key frames
    bool adaptResolution = true;               ///< [live] let adaptation change the size
    VideoFit videoFit = VideoFit::fillCrop;    ///< [live] how a picture of another aspect fills the pushed size
    std::string videoPreset = "veryfast";      ///< [encoder] software preset, ultrafast .. slow
    VideoCodec videoCodec = VideoCodec::h264;  ///< [session] what the picture is encoded as
    VideoEncoderType videoEncoder = VideoEncoderType::automatic;              ///< [session] hardware or software
    bool waitForDevices = false;                                              ///< [session] those that aren't there: for ever
    std::vector<FallbackOn> fallbackOn{FallbackOn::lost, FallbackOn::ended};  ///< [session] when Sources::fallback stands in
    double fallbackAfter = 2.0;                                               ///< [session] s of it before that
    double focus = 0;                                                         ///< [live] with autoFocus false: 0 far .. 1 near
    InsetPosition insetPosition = InsetPosition::bottomRight;                 ///< [live] of a composed source's small picture
    double insetWidth = 0.25;                                                 ///< [live] its width, 0.1..0.5 of the pushed width
    bool deinterlace = true;                           ///< [session] of interlaced files and network cameras
    AudioCodec audioCodec = AudioCodec::aac;           ///< [session] what sound is encoded as
    MicChannels micChannels = MicChannels::automatic;  ///< [live] which channels of a microphone are heard
    bool bgmDucking = false;                           ///< [live] music steps back while someone speaks
    double filterStrength = 1.0;                       ///< [live] how much of the filter: 0 none .. 1 all
    std::string filterFile;                            ///< [live] a .cube table of the application's own, after `filter`
    std::string watermark;                             ///< [live] a PNG, with alpha, laid over the picture; empty: none
    double watermarkX = 0.75;                          ///< [live] its left edge, 0..1 of the pushed width
    double watermarkY = 0.05;                          ///< [live] its upper edge, 0..1 of the pushed height
    double watermarkWidth = 0.2;                       ///< [live] 0..1 of the pushed width; its height follows
    std::string faceModels;                      ///< [session] directory of the face models; empty: where they were installed
    std::optional<int> audioBitrate;             ///< [session] kbps; unset: 96 (high) or 32 (low)
    int pauseTimeout = 300;                      ///< [live] s of pause or background before Code::SuspendedTooLong; 0: never
    double netStatusInterval = 1.0;              ///< [live] s between two netstatus events
    int audioVolumeInterval = 300;               ///< [live] ms between two audiovolumenotify events
    std::string reconnect = "default";           ///< [session] "default", "vendor", "off", or "COUNTxSECONDS"
    Adaptation adaptation = Adaptation::always;  ///< [live] in which modes bitrate and size follow the network
    std::string proxy;  ///< [session] "socks5://host:port" or "http://host:port", with "user:password@" before the host where
                        ///< needed; empty: none; a secret
    std::string networkInterface;  ///< [session] name or address of the interface to connect from; empty: the system's choice
    EnhancedRtmp enhancedRtmp = EnhancedRtmp::automatic;  ///< [session] how H.265, AV1 and Opus go to rtmp and rtmps urls
    std::string caFile;      ///< [session] PEM of the CAs to trust for rtmps and https; empty: the system's
    bool overwrite = false;  ///< [session] recordings and file targets replace what is there; false: they take the next free name
    int recordSplit = 0;     ///< [session] 0..86400 s until a recording or file target goes on in another file; 0: never
    bool captureClock = false;      ///< [session] key frames carry when they were captured, in UTC (docs/capture-time.md)
    int replaySeconds = 0;          ///< [session] 0..600 s of what is pushed, kept for saveReplay(); 0: none
    std::string snapshotDirectory;  ///< [live] where snapshot() writes; empty: the system's temporary directory

    // Of the vendor's cloud account, with profile liveRoomPush: kept for programs that have them, without effect.
    std::string liveAppID;    ///< [session] kept only
    std::string version;      ///< [session] kept only
    std::string sdkAppID;     ///< [session] kept only
    std::string accountType;  ///< [session] kept only
    std::string userID;       ///< [session] kept only
    std::string userSig;      ///< [session] kept only; a secret
    std::string roomID;       ///< [session] kept only
    std::string nickName;     ///< [session] kept only
    std::string avatar;       ///< [session] kept only

    bool operator==(const Properties&) const = default;  ///< whether all are the same
};

/// When a change of a property takes effect.
enum class Applies {
    Live,     ///< at the next frame
    Encoder,  ///< while pushing too: the encoder restarts between two frames
    Session,  ///< before start only: refused while pushing or playing
};

/// What a property is about: the headings of `livepusher push --help`.
enum class PropertyGroup {
    Stream,   ///< the push, or what is played, as a whole
    Picture,  ///< the picture, its source and its encoder, or its decoder
    Sound,    ///< sound, likewise
    Effects,  ///< what changes the look of the picture
    Network,  ///< connections
    Account,  ///< the vendor's cloud account: of a push with profile liveRoomPush only; without effect
};

LIVEPUSHER_API std::string_view toString(Applies applies);      ///< "live", "encoder", "session". [any-thread]
LIVEPUSHER_API std::string_view toString(PropertyGroup group);  ///< "Stream", ... as the enumerator. [any-thread]

/// One row of a table of properties, a pusher's or a player's.
struct PropertyInfo {
    std::string_view name;                  ///< camelCase
    std::string kebabName;                  ///< the command line's spelling
    std::vector<std::string_view> aliases;  ///< older names, accepted everywhere
    std::string type;                       ///< "bool", "int", "number", "string", "list" or "enum"
    std::string allowed;                    ///< for people: "1..60", "high, low"
    std::string defaultValue;               ///< as formatProperty() gives it; empty: by mode
    std::string_view whenUnset;             ///< where `defaultValue` is empty and it is neither text nor list: what holds then
    PropertyGroup group;                    ///< what it is about
    Applies applies;                        ///< when a change takes effect
    bool extension;                         ///< not in the live-pusher, or the live-room-play, documents
    bool effects;                           ///< an EffectChain takes it too, and so does `livepusher effects`
    bool account;                           ///< of the vendor's cloud account (PropertyGroup::Account): without effect
    bool secret;                            ///< holds a key or password: not to be shown
    std::string_view description;           ///< one line
};

/// The whole table, in the order of `Properties`. Static lifetime. [any-thread]
LIVEPUSHER_API std::span<const PropertyInfo> allProperties();

/// Sets one property from text, by any of its names. Bad names, types and values are refused with a
/// message that names the property, the value and what is allowed, and leave `properties` as it
/// was. Empty text unsets an optional one. Rules between properties are checked by validate().
LIVEPUSHER_API Result<void> setProperty(Properties& properties, std::string_view name, std::string_view value);

/// The value of one property as text that setProperty() takes back; unset is empty.
LIVEPUSHER_API Result<std::string> formatProperty(const Properties& properties, std::string_view name);

/// Checks every range and the rules between properties (minBitrate <= maxBitrate, the effects that
/// need customEffect, the url's scheme).
LIVEPUSHER_API Result<void> validate(const Properties& properties);

/// What a set of properties really means.
struct Resolved {
    Mode mode = Mode::RTC;                    ///< as set, or the profile's
    bool autopush = false;                    ///< as set, or the profile's
    int width = 0;                            ///< px, of the pushed picture
    int height = 0;                           ///< px, of the pushed picture
    int minWidth = 0;                         ///< px, the smallest that adaptation may choose
    int minHeight = 0;                        ///< px, the smallest that adaptation may choose
    int fps = 0;                              ///< frames per second
    double gop = 0;                           ///< s
    int startBitrate = 0;                     ///< kbps, video
    int minBitrate = 0;                       ///< kbps, video
    int maxBitrate = 0;                       ///< kbps, video
    int audioSampleRate = 0;                  ///< Hz
    int audioChannels = 0;                    ///< 1 or 2
    int audioBitrate = 0;                     ///< kbps
    AudioCodec audioCodec = AudioCodec::aac;  ///< what sound is encoded as
    bool lowLatency = false;                  ///< no look-ahead, no B-frames
    bool video = true;                        ///< whether a push has a video track
    bool audio = true;                        ///< whether a push has an audio track
    std::vector<std::string> notes;           ///< what was ignored, or decided elsewhere, and why
};

/// Explicit values beat the mode, the mode beats the defaults. `properties` must be valid.
LIVEPUSHER_API Resolved resolve(const Properties& properties);

}  // namespace livepusher
