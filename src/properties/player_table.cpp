// SPDX-License-Identifier: MIT
#include "properties/play_url.hpp"
#include "properties/rows.hpp"
#include "properties/table.hpp"

#include <string>
#include <vector>

namespace livepusher::properties {

namespace {

constexpr double kSlowest = 0.8, kFastest = 1.25;  // the time stretcher's

bool isPlayUrl(const std::string& s) { return s.empty() || parsePlayUrl(s); }

struct PlayerRows : RowsOf<PlayerProperties> {
    static Row<P> account(std::string_view name, std::string P::*member) {
        return {name, Account, text(member, "text"), kSession, "of the vendor's cloud account: kept, without effect"};
    }
    static std::vector<Row<P>> make();
};

std::vector<Row<PlayerProperties>> PlayerRows::make() {
    const std::string urlHelp =
        "rtmp://host[:port]/app/stream, rtmps://…, http(s)://host/path/stream.flv or the path of a .flv file";
    return {
        secret(also({"src", "url"},
                    {"playUrl", Stream,
                     explained(pasted(text(&P::playUrl, urlHelp, isPlayUrl), base::Url::withoutWrapping), parsePlayUrl), kSession,
                     "where to play from"})),
        {"mode", Stream, enumeration(&P::mode, {"live", "RTC"}), kLive,
         "which delay holds where minCache and maxCache are not set: live, an even picture, or RTC, a talk"},
        unset("1, or 0.2 in mode RTC", {"minCache", Stream, number(&P::minCache, 0.05, 10.0), kLive,
                                        "s of delay that is aimed at while the network is even"}),
        unset("3, or 0.8 in mode RTC", {"maxCache", Stream, number(&P::maxCache, 0.1, 30.0), kLive,
                                        "s of delay that is aimed at when the network is at its most uneven"}),
        {"orientation", Picture, enumeration(&P::orientation, {"vertical", "horizontal"}), kLive,
         "vertical: as it is decoded; horizontal: turned by 270° clockwise"},
        {"objectFit", Picture, enumeration(&P::objectFit, {"contain", "fillCrop"}), kLive,
         "a picture of another aspect is shown whole between bars, or cropped"},
        {"muted", Sound, boolean(&P::muted), kLive, "nothing is heard"},
        {"soundMode", Sound, enumeration(&P::soundMode, {"speaker", "ear"}), kLive,
         "where sound is heard; ear: from a handset, headset or headphones where the sound server has them"},
        {"autoplay", Stream, boolean(&P::autoplay), kSession, "start by itself as soon as a playUrl is set"},
        {"autoPauseIfNavigate", Stream, boolean(&P::autoPauseIfNavigate), kLive,
         "hostNavigated(push) pauses, hostReturned() resumes; not where picture-in-picture takes over"},
        {"autoPauseIfOpenNative", Stream, boolean(&P::autoPauseIfOpenNative), kLive,
         "hostOpenedNative() pauses, hostReturned() resumes"},
        pictureInPictureMode(),
        {"backgroundMute", Sound, boolean(&P::backgroundMute), kLive, "silence while in the background"},
        {"debug", Stream, boolean(&P::debug), kLive, "the statistics written over the picture; debug log level"},
        account("liveAppID", &P::liveAppID),
        account("version", &P::version),

        own({"volume", Sound, number(&P::volume, 0.0, 1.0), kLive, "loudness; the gain is its square"}),
        own({"videoDecoder", Picture, enumeration(&P::videoDecoder, {"auto", "hardware", "software"}), kSession,
             "what decodes the picture; auto: software for H.264 up to 1080p30 and all below 1080p, else hardware where some "
             "works here; hardware: VAAPI, CUDA or VDPAU, and software where none does"}),
        own({"minSpeed", Stream, number(&P::minSpeed, kSlowest, 1.0), kLive,
             "the slowest that it plays to reach the delay aimed at; 1 is the stream's own speed"}),
        own({"maxSpeed", Stream, number(&P::maxSpeed, 1.0, kFastest), kLive, "the fastest that it plays for the same"}),
        own({"stutterThreshold", Stream, number(&P::stutterThreshold, 100, 60000), kLive,
             "ms without a new picture (without one: sound) after which 2105 tells it"}),
        own({"endLinger", Network, number(&P::endLinger, 0.0, 60.0), kLive,
             "s that a publisher may be gone and come back before the stream has ended"}),
        own({"dataTimeout", Network, number(&P::dataTimeout, 1.0, 300.0), kSession,
             "s without a byte of media after which a connection counts as lost"}),
        own({"audioDevice", Sound, text(&P::audioDevice, "a sink's name, hw:… of ALSA, or none"), kSession,
             "where sound goes; empty: the default device; none: nowhere, and it still plays in time"}),
        reconnect(),
        own({"enhancedRtmp", Network, boolean(&P::enhancedRtmp), kSession,
             "tell rtmp and rtmps servers which codecs are decoded here, and hear them when they ask to reconnect"}),
        caFile(),
        proxy(),
        networkInterface(),
        netStatusInterval(),
        audioVolumeInterval(),
        own({"clockOffset", Network, number(&P::clockOffset, -86400.0, 86400.0), kLive,
             "s that this machine's clock is ahead of the sender's, for glassDelay of a stream with captureClock"}),
        snapshotDirectory(),
    };
}

}  // namespace

template <>
std::span<const Row<PlayerProperties>> table<PlayerProperties>() {
    static const std::vector<Row<PlayerProperties>> rows = PlayerRows::make();
    return rows;
}

}  // namespace livepusher::properties
