// SPDX-License-Identifier: MIT
#include "capture/fallback/fallback_spec.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/place.hpp"
#include "capture/spec.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

Error bad(std::string_view option, std::string_view text, const std::string& what) {
    return {Code::InvalidArgument, std::string(option) + " \"" + base::publicName(text) + "\": " + what};
}

bool isPicture(std::string_view place) {
    const auto path = base::isUrl(place) ? place.substr(0, place.find_first_of("?#")) : place;
    const auto ending = base::lower(path.substr(std::min(path.rfind('.'), path.size())));
    constexpr std::array<std::string_view, 5> kEndings{".png", ".jpg", ".jpeg", ".webp", ".bmp"};
    return std::ranges::find(kEndings, ending) != kEndings.end();
}

}  // namespace

std::string withKind(std::string_view text) {
    const auto scheme = base::schemeOf(text);
    if (scheme.empty() && findSource(text.substr(0, text.find_first_of(":+")))) return std::string(text);
    const bool camera = scheme == "rtsp" || scheme == "rtsps";
    return (camera ? "camera:" : isPicture(text) ? "image:" : "file:") + std::string(text);
}

Result<FallbackSpec> parseFallback(const Sources& sources) {
    FallbackSpec made;
    made.sources = {.video = withKind(sources.fallback), .audio = "none", .loop = true};
    made.sources.frontCamera = sources.frontCamera;
    made.sources.backCamera = sources.backCamera;
    const auto video = parseVideoSpec(made.sources.video);
    if (!video) return bad("fallback", sources.fallback, video.error().message);
    if (video->kind == SourceKind::App || video->kind == SourceKind::Coded || video->kind == SourceKind::None)
        return bad("fallback", sources.fallback, "must be a picture, a clip, a URL, a camera, a screen or test");
    if (video->target == "-") return bad("fallback", sources.fallback, "stdin can't be begun again: must be a file");
    made.keepSound = sources.fallbackAudio == "keep";
    if (made.keepSound) return made;
    if (sources.fallbackAudio.empty()) {
        if (traitsOf(video->kind).forAudio) made.sources.audio = made.sources.video;
        return made;
    }
    made.sources.audio = sources.fallbackAudio == "none" ? sources.fallbackAudio : withKind(sources.fallbackAudio);
    const auto audio = parseAudioSpec(made.sources.audio);
    if (!audio) return bad("fallbackAudio", sources.fallbackAudio, audio.error().message);
    if (audio->kind == SourceKind::App || audio->target == "-")
        return bad("fallbackAudio", sources.fallbackAudio, "must be a file, a URL, a microphone, system, test, none or keep");
    return made;
}

}  // namespace livepusher::capture
