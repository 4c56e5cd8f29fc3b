// SPDX-License-Identifier: MIT
#include "properties/table.hpp"

#include "base/ascii.hpp"
#include "base/pasted.hpp"
#include "net/stream_key.hpp"
#include "net/url.hpp"
#include "properties/rows.hpp"
#include "properties/targets.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::properties {

namespace {

constexpr auto kEncoder = Applies::Encoder;

bool even(int v) { return v % 2 == 0; }
bool isVoice(int v) { return v != 5; }
bool isHash(const std::string& s) {
    return s.empty() || (s.size() == 32 && std::ranges::all_of(s, [](unsigned char c) { return std::isxdigit(c); }));
}
Result<base::Url> parseUrl(std::string_view s) { return base::Url::parse(s); }
bool isUrl(const std::string& s) { return s.empty() || parseUrl(s); }
bool isStreamKey(const std::string& s) { return base::parseStreamKey(s).has_value(); }
const Names kPresets{"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"};
bool isPreset(const std::string& s) { return std::ranges::find(kPresets, s) != kPresets.end(); }

struct PusherRows : RowsOf<Properties> {
    /// It was a switch once: true is what it did then.
    static Field<P> enhancedRtmpField() {
        auto field = enumeration(&P::enhancedRtmp, {"off", "auto", "require", "assume"});
        field.parse = [keep = field.parse](P& p, std::string_view text) {
            if (text == "true" || text == "on" || text == "1") text = "require";
            if (text == "false" || text == "0") text = "off";
            return keep(p, text);
        };
        field.takesBool = true;
        return field;
    }
    static Row<P> account(std::string_view name, std::string Properties::*member) {
        return {name, Account, text(member, "text"), kSession,
                "of the vendor's cloud account, with profile=liveRoomPush: kept, without effect"};
    }
    static std::vector<Row<P>> make();
};

std::vector<Row<Properties>> PusherRows::make() {
    const std::string urlHelp =
        "rtmp://host[:port]/app/key, rtmps://…, srt://host:port?streamid=…, http(s)://host/path/key.flv or the path of a .flv, "
        ".mp4, .mkv or .ts file";
    return {
        secret(also({"pushUrl"},
                    {"url", Stream, explained(pasted(text(&P::url, urlHelp, isUrl), base::Url::withoutWrapping), parseUrl),
                     kSession, "where to push"})),
        own(secret(
            {"streamKey", Stream,
             explained(
                 pasted(text(&P::streamKey, "the key alone, at most 4096 bytes on one line", isStreamKey), base::withoutWrapping),
                 base::parseStreamKey),
             kSession,
             "the stream's key or name where a service gives it beside the server's URL: sent as it is, to an rtmp or rtmps "
             "url, or as an srt url's streamid"})),
        own(secret(also({"target"}, {"targets", Stream, targetsField(), kLive,
                                     "where to push besides, each on its own: again for a further url of an ID, which is tried "
                                     "when the one before is lost; members: streamKey, reconnect, preferFirst, backup, "
                                     "videoWidth, videoHeight, fps, maxBitrate"}))),
        own({"steer", Stream, enumeration(&P::steer, {"first", "all"}), kLive,
             "with several targets bitrate and size follow the first that is connected, or the slowest of all"}),
        own({"profile", Stream, enumeration(&P::profile, {"livePusher", "liveRoomPush"}), kSession,
             "whose defaults hold: the live-pusher component's, or live-room-push's (mode SD, autopush true)"}),
        unset("RTC, or SD by profile", {"mode", Stream, enumeration(&P::mode, {"QVGA", "HVGA", "SD", "HD", "FHD", "RTC"}),
                                        kSession, "quality preset: size and bitrates where they are not set"}),
        unset("false, or true by profile",
              {"autopush", Stream, boolean(&P::autopush), kSession, "start by itself as soon as a url is set"}),
        {"muted", Sound, boolean(&P::muted), kLive, "silence instead of the microphone (older way to say enableMic=false)"},
        {"enableCamera", Picture, boolean(&P::enableCamera), kLive,
         "false before start: no video track; false later: black takes the picture's place"},
        {"enableMic", Sound, boolean(&P::enableMic), kLive, "false: silence keeps the audio track's timing"},
        {"autoFocus", Picture, boolean(&P::autoFocus), kLive, "continuous autofocus where the camera has it"},
        {"zoom", Picture, boolean(&P::zoom), kLive, "the user may zoom, by the mouse wheel over the preview's window"},
        {"devicePosition", Picture, enumeration(&P::devicePosition, {"front", "back"}), kSession,
         "which camera starts; later by switchCamera()"},
        {"orientation", Picture, enumeration(&P::orientation, {"vertical", "horizontal"}), kEncoder,
         "upright or landscape; unset: vertical, or as the explicit size is"},
        {"aspect", Picture, enumeration(&P::aspect, {"9:16", "3:4"}), kEncoder,
         "aspect of the picture; horizontal reads it as 16:9 or 4:3"},
        forEffects({"videoWidth", Picture, number(&P::videoWidth, 64, 4096, "64..4096, even", even), kEncoder,
                    "width of the pushed picture in px; unset: by mode, aspect and orientation"}),
        forEffects({"videoHeight", Picture, number(&P::videoHeight, 64, 4096, "64..4096, even", even), kEncoder,
                    "height of the pushed picture in px; unset: by mode, aspect and orientation"}),
        {"fps", Picture, number(&P::fps, 1, 60), kEncoder, "frames per second (the documents end at 30)"},
        {"minBitrate", Stream, number(&P::minBitrate, 50, 50000), kLive,
         "lower bound of the video bitrate in kbps; unset: by mode"},
        {"maxBitrate", Stream, number(&P::maxBitrate, 50, 50000), kLive,
         "upper bound of the video bitrate in kbps; unset: by mode"},
        {"audioQuality", Sound, enumeration(&P::audioQuality, {"high", "low"}), kSession, "48 kHz stereo or 16 kHz mono"},
        {"audioVolumeType", Sound, enumeration(&P::audioVolumeType, {"auto", "media", "voicecall"}), kLive,
         "role that the audio devices take"},
        {"backgroundMute", Sound, boolean(&P::backgroundMute), kLive, "silence while in the background"},
        {"waitingImage", Picture, text(&P::waitingImage, "a path or an http(s) URL"), kLive,
         "JPEG, PNG or WebP pushed while paused or in the background, and as the picture of a file of sound alone"},
        also({"waiting-image-md5", "waitingImageMd5"},
             {"waitingImageHash", Picture, text(&P::waitingImageHash, "an MD5 in hex, 32 digits", isHash), kLive,
              "MD5 that waitingImage must have"}),
        forEffects({"beauty", Effects, number(&P::beauty, 0, 9), kLive, "skin smoothing, 0 off"}),
        forEffects({"beautyStyle", Effects, enumeration(&P::beautyStyle, {"smooth", "nature"}), kLive,
                    "strong and even, or with skin texture kept"}),
        forEffects({"whiteness", Effects, number(&P::whiteness, 0, 9), kLive, "skin brightening, 0 off"}),
        forEffects({"filter", Effects,
                    enumeration(&P::filter, {"standard", "pink", "nostalgia", "blues", "romantic", "cool", "fresher", "solor",
                                             "aestheticism", "whitening", "cerisered"}),
                    kLive, "colour filter"}),
        forEffects({"customEffect", Effects, boolean(&P::customEffect), kSession, "turns on the four effects below"}),
        forEffects(
            {"skinWhiteness", Effects, number(&P::skinWhiteness, 0.0, 1.0), kLive, "skin brightening; needs customEffect"}),
        forEffects(
            {"skinSmoothness", Effects, number(&P::skinSmoothness, 0.0, 1.0), kLive, "skin smoothing; needs customEffect"}),
        forEffects({"faceThinness", Effects, number(&P::faceThinness, 0.0, 1.0), kLive, "narrower cheeks; needs customEffect"}),
        forEffects({"eyeBigness", Effects, number(&P::eyeBigness, 0.0, 1.0), kLive, "bigger eyes; needs customEffect"}),
        forEffects(also({"mirror"}, {"remoteMirror", Picture, boolean(&P::remoteMirror), kLive, "mirrors the pushed picture"})),
        {"localMirror", Picture, enumeration(&P::localMirror, {"auto", "enable", "disable"}), kLive,
         "mirrors the preview only; auto: the front camera"},
        {"audioReverbType", Sound, number(&P::audioReverbType, 0, 7), kLive,
         "0 off, 1 KTV, 2 small room, 3 great hall, 4 deep, 5 sonorous, 6 metallic, 7 magnetic"},
        {"voiceChangerType", Sound, number(&P::voiceChangerType, 0, 11, "0..4, 6..11 (there is no 5)", isVoice), kLive,
         "0 off, 1 naughty child, 2 little girl, 3 middle-aged man, 4 heavy metal, 6 foreigner, 7 trapped beast, 8 fat "
         "guy, 9 strong current, 10 heavy machinery, 11 ethereal"},
        {"enableAgc", Sound, boolean(&P::enableAgc), kLive, "automatic gain control"},
        {"enableAns", Sound, boolean(&P::enableAns), kLive, "noise suppression"},
        {"enableVideoCustomRender", Picture, boolean(&P::enableVideoCustomRender), kSession,
         "the application may change each captured frame (ContextOptions::customRender)"},
        pictureInPictureMode(),
        {"debug", Stream, boolean(&P::debug), kLive, "the statistics written over the preview; debug log level"},
        own({"gop", Stream, number(&P::gop, 0.5, 10.0), kEncoder, "seconds between key frames"}),
        own({"adaptResolution", Network, boolean(&P::adaptResolution), kLive, "let adaptation change the size"}),
        own(forEffects({"videoFit", Picture, enumeration(&P::videoFit, {"fillCrop", "contain"}), kLive,
                        "a picture of another aspect is cropped, or shown whole between bars"})),
        own({"videoPreset", Picture, text(&P::videoPreset, join(kPresets), isPreset), kEncoder,
             "the software encoder's preset: less CPU or a better picture"}),
        own({"videoCodec", Picture, enumeration(&P::videoCodec, {"h264", "hevc", "av1"}), kSession,
             "what the picture is encoded as; hevc and av1 for files, HTTP, and servers of Enhanced RTMP that take it "
             "(enhancedRtmp)"}),
        own({"videoEncoder", Picture, enumeration(&P::videoEncoder, {"auto", "hardware", "software"}), kSession,
             "what encodes the picture; auto: hardware where some works here, else software"}),
        own({"fallbackOn", Stream, enumerationList(&P::fallbackOn, {"lost", "ended", "frozen", "black", "silent"}), kSession,
             "when the fallback of the sources stands in"}),
        own({"fallbackAfter", Stream, number(&P::fallbackAfter, 0.2, 60.0), kSession,
             "s that a source is lost, frozen, black or silent before the fallback stands in; one that has ended is followed at "
             "once"}),
        own({"waitForDevices", Stream, boolean(&P::waitForDevices), kSession,
             "a camera or microphone that can't be opened at the start is waited for without an end, under the waiting image or "
             "black; false: a camera for 10 s, before the stream begins"}),
        own({"focus", Picture, number(&P::focus, 0.0, 1.0), kLive,
             "with autoFocus=false: where the camera focuses, 0 far, 1 near"}),
        own({"insetPosition", Picture, enumeration(&P::insetPosition, {"topLeft", "topRight", "bottomLeft", "bottomRight"}),
             kLive, "the corner of a composed source's small picture (screen+camera)"}),
        own({"insetWidth", Picture, number(&P::insetWidth, 0.1, 0.5), kLive,
             "the small picture's width, of the pushed width; its height follows"}),
        own({"deinterlace", Picture, boolean(&P::deinterlace), kSession,
             "make whole pictures of interlaced files and network cameras"}),
        own(forEffects({"filterStrength", Effects, number(&P::filterStrength, 0.0, 1.0), kLive,
                        "how much of the colour filter: 0 none, 1 all"})),
        own(forEffects({"filterFile", Effects, text(&P::filterFile, "path of a .cube file", isPath), kLive,
                        "a colour table (.cube) of the application's own, applied after `filter`"})),
        own(forEffects(
            {"watermark", Picture, text(&P::watermark, "path of a PNG"), kLive, "a PNG, with alpha, laid over the picture"})),
        own(forEffects(
            {"watermarkX", Picture, number(&P::watermarkX, 0.0, 1.0), kLive, "the watermark's left edge, of the pushed width"})),
        own(forEffects({"watermarkY", Picture, number(&P::watermarkY, 0.0, 1.0), kLive,
                        "the watermark's upper edge, of the pushed height"})),
        own(forEffects({"watermarkWidth", Picture, number(&P::watermarkWidth, 0.01, 1.0), kLive,
                        "the watermark's width, of the pushed width; its height follows"})),
        own(forEffects({"faceModels", Effects, text(&P::faceModels, "a directory's path", isPath), kSession,
                        "where the models for faces lie; empty: where they were installed"})),
        own({"audioCodec", Sound, enumeration(&P::audioCodec, {"aac", "opus"}), kSession,
             "what sound is encoded as; opus for files, HTTP, and servers of Enhanced RTMP that take it (enhancedRtmp)"}),
        own({"micChannels", Sound, enumeration(&P::micChannels, {"auto", "stereo", "left", "right", "mono"}), kLive,
             "which of a microphone's two channels are heard; auto: both, or the one that is not dead on both sides"}),
        own({"bgmDucking", Sound, boolean(&P::bgmDucking), kLive, "music steps back while someone speaks"}),
        own({"audioBitrate", Sound, number(&P::audioBitrate, 16, 320), kSession, "kbps; unset: 96, or 32 with audioQuality low"}),
        own({"pauseTimeout", Stream, number(&P::pauseTimeout, 0, 86400), kLive,
             "seconds of pause before pushing stops with 5000; 0: never"}),
        netStatusInterval(),
        audioVolumeInterval(),
        reconnect(),
        own({"adaptation", Network, enumeration(&P::adaptation, {"always", "rtc", "off"}), kLive,
             "in which modes bitrate and size follow the network: all, RTC alone (as the vendor's SDK does), none"}),
        proxy(),
        networkInterface(),
        own({"enhancedRtmp", Network, enhancedRtmpField(), kSession,
             "how H.265, AV1 and Opus go to rtmp and rtmps urls: auto, to servers that name them and, with a warning, to those "
             "that "
             "are silent about them; require (or true), to those that name them; assume, to all; off (or false), to none. "
             "require "
             "and assume also let servers ask to reconnect where H.264 and AAC go"}),
        caFile(),
        own(forEffects(also(
            {"recordOverwrite"},
            {"overwrite", Stream, boolean(&P::overwrite), kSession,
             "a recording, or a file as the target, replaces what is there; false: it takes the next free name, NAME-2.flv"}))),
        own({"recordSplit", Stream, number(&P::recordSplit, 0, 86400), kSession,
             "seconds after which a recording, or a file as the target, goes on in another file, at the next key frame and from "
             "time zero on; 0: never"}),
        own({"captureClock", Stream, boolean(&P::captureClock), kSession,
             "each key frame of H.264 and HEVC carries when it was captured, in UTC"}),
        own({"replaySeconds", Stream, number(&P::replaySeconds, 0, 600), kSession,
             "seconds of what is pushed that are kept in memory, at most 256 MiB, for saveReplay(); 0: none"}),
        snapshotDirectory(),

        account("liveAppID", &P::liveAppID),
        account("version", &P::version),
        account("sdkAppID", &P::sdkAppID),
        account("accountType", &P::accountType),
        account("userID", &P::userID),
        secret(account("userSig", &P::userSig)),
        account("roomID", &P::roomID),
        account("nickName", &P::nickName),
        account("avatar", &P::avatar),
    };
}

}  // namespace

template <>
std::span<const Row<Properties>> table<Properties>() {
    static const std::vector<Row<Properties>> rows = PusherRows::make();
    return rows;
}

}  // namespace livepusher::properties
