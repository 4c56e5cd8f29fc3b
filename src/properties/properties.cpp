// SPDX-License-Identifier: MIT
#include <livepusher/properties.hpp>

#include "net/url.hpp"
#include "properties/by_name.hpp"
#include "properties/targets.hpp"

#include <algorithm>
#include <array>

namespace livepusher {

namespace {

/// A key beside a URL that takes none, or makes no push of it.
Result<void> checkStreamKey(const Properties& p) {
    if (p.url.empty() || p.streamKey.empty()) return {};
    if (const auto url = base::Url::parse(p.url, p.streamKey); !url) return url.error();
    return {};
}

/// What stands in the way of that codec at a url of that scheme; empty: nothing. Plain RTMP has no word for Opus, H.265 and AV1;
/// Enhanced RTMP has. MPEG-TS, which goes over SRT, has none for AV1.
std::string whyNot(const Properties& p, base::Url::Scheme scheme, bool basic, bool av1, const char* plain) {
    using enum base::Url::Scheme;
    if (av1 && scheme == Srt) return "an srt url takes MPEG-TS, which holds h264 and hevc: choose one of them";
    if (basic || p.enhancedRtmp != EnhancedRtmp::off || (scheme != Rtmp && scheme != Rtmps)) return {};
    return std::string(
               "an rtmp or rtmps url takes it only by Enhanced RTMP, and enhancedRtmp is off: set auto, require or assume, or ") +
           plain;
}

Result<void> checkCodecs(const Properties& p) {
    if (p.url.empty()) return {};
    const auto format = [&](const char* name) {
        return std::string(name) + " " + properties::find<Properties>(name)->field.format(p);
    };
    for (const auto& target : properties::allTargets(p)) {
        const auto* own = properties::findTarget(p, target.id);
        for (const auto& text : target.urls) {
            const auto url = base::Url::parse(text);
            if (!url) continue;
            const bool av1 = p.videoCodec == VideoCodec::av1, h264 = p.videoCodec == VideoCodec::h264;
            const bool aac = *target.audioCodec == AudioCodec::aac;
            if (const auto why = whyNot(p, url->scheme(), h264, av1, "videoCodec=h264"); !why.empty())
                return Error{Code::InvalidArgument, format("videoCodec") + ": " + why};
            if (const auto why = whyNot(p, url->scheme(), aac, false, "audioCodec=aac"); !why.empty())
                return Error{
                    Code::InvalidArgument,
                    (own && own->audioCodec ? "targets: " + target.id + ".audioCodec opus" : format("audioCodec")) + ": " + why};
        }
    }
    return {};
}

}  // namespace

std::string_view toString(Applies applies) {
    constexpr std::array<std::string_view, 3> kWords{"live", "encoder", "session"};
    return kWords[static_cast<std::size_t>(applies)];
}

std::string_view toString(PropertyGroup group) {
    constexpr std::array<std::string_view, 6> kWords{"Stream", "Picture", "Sound", "Effects", "Network", "Account"};
    return kWords[static_cast<std::size_t>(group)];
}

std::span<const PropertyInfo> allProperties() {
    static const std::vector<PropertyInfo> infos(properties::table<Properties>().begin(), properties::table<Properties>().end());
    return infos;
}

Result<void> setProperty(Properties& properties, std::string_view name, std::string_view value) {
    return properties::setByName(properties, name, value);
}

Result<std::string> formatProperty(const Properties& properties, std::string_view name) {
    return properties::formatByName(properties, name);
}

Result<void> validate(const Properties& p) {
    if (auto valid = properties::checkEach(p); !valid) return valid;
    if (p.minBitrate && p.maxBitrate && *p.minBitrate > *p.maxBitrate)
        return Error{Code::InvalidArgument, "minBitrate " + std::to_string(*p.minBitrate) + ": must not be above maxBitrate " +
                                                std::to_string(*p.maxBitrate)};
    if (auto taken = checkStreamKey(p); !taken) return taken;
    if (auto possible = properties::checkTargets(p); !possible) return possible;
    if (auto carried = checkCodecs(p); !carried) return carried;
    const Properties defaults;
    for (const auto& row : properties::table<Properties>())
        if (row.account && p.profile != Profile::liveRoomPush && !row.field.equal(p, defaults))
            return Error{Code::InvalidArgument, std::string(row.name) + ": belongs to profile=liveRoomPush"};
    for (const auto name : {"skinWhiteness", "skinSmoothness", "faceThinness", "eyeBigness"}) {
        const auto text = properties::find<Properties>(name)->field.format(p);
        if (!p.customEffect && text != "0")
            return Error{Code::InvalidArgument, std::string(name) + " " + text + ": needs customEffect=true before start"};
    }
    return {};
}

}  // namespace livepusher
