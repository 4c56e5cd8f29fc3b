// SPDX-License-Identifier: MIT
#include "capture/spec.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "base/place.hpp"
#include "net/public_name.hpp"

namespace livepusher::capture {
namespace {

constexpr std::string_view kVideoForms =
    "test, file:PATH-OR-URL, image:PATH-OR-URL, raw:PATH,WxH@FPS[,i420|nv12|rgba], camera[:ID-OR-URL], "
    "screen[:DISPLAY[+X,Y][,WxH][,window=ID-OR-TITLE][,cursor=off]], screen…+camera[:ID], coded[:PATH-OR-URL], app, none";
constexpr std::string_view kAudioForms =
    "test, file:PATH-OR-URL, pcm:PATH,RATE,CHANNELS, mic[:ID], system[:ID], mic…+system[:ID], app, none";
constexpr std::string_view kRawForm = "raw:PATH,WxH@FPS[,i420|nv12|rgba], as in raw:cam.yuv,1280x720@30,nv12";
constexpr std::string_view kPcmForm = "pcm:PATH,RATE,CHANNELS, as in pcm:mic.pcm,48000,2";
constexpr std::string_view kScreenForm =
    "screen[:DISPLAY[+X,Y][,WxH][,window=ID-OR-TITLE][,cursor=off]], as in screen::0.0+100,50,1280x720";

Error bad(std::string_view side, std::string_view text, const std::string& what) {
    return {Code::InvalidArgument, std::string(side) + " source \"" + base::publicName(text) + "\": " + what};
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// The source with the path or URL that `text` says: a file: URL becomes the path that it means.
Result<Spec> reading(std::string_view side, std::string_view whole, std::string_view text, Spec spec) {
    auto place = base::Place::parse(text);
    if (!place) return bad(side, whole, place.error().message);
    const bool samples = spec.kind == SourceKind::Raw || spec.kind == SourceKind::Pcm;
    if (samples && place->isUrl()) return bad(side, whole, "scheme \"" + place->scheme + "\": must be a path or a file:// URL");
    spec.target = std::move(place->text);
    return spec;
}

/// Cuts `text` at its last comma: what stands behind it, and `text` shortened to what stands before.
std::optional<std::string_view> takeLast(std::string_view& text) {
    const auto comma = text.rfind(',');
    if (comma == std::string_view::npos) return std::nullopt;
    const auto last = text.substr(comma + 1);
    text = text.substr(0, comma);
    return last;
}

bool parseSize(std::string_view text, Spec& spec) {
    const auto cross = text.find('x');
    if (cross == std::string_view::npos) return false;
    const auto width = number<int>(text.substr(0, cross));
    const auto height = number<int>(text.substr(cross + 1));
    if (!width || !height) return false;
    spec.width = *width;
    spec.height = *height;
    return true;
}

Result<void> checkSize(std::string_view source, std::string_view size, const Spec& spec) {
    const auto good = [](int length) { return length >= 16 && length <= 8192 && length % 2 == 0; };
    if (good(spec.width) && good(spec.height)) return {};
    return bad("video", source, "size " + std::string(size) + ": width and height must be even, 16..8192");
}

std::optional<PixelFormat> pixelFormat(std::string_view name) {
    if (name == "i420") return PixelFormat::I420;
    if (name == "nv12") return PixelFormat::NV12;
    if (name == "rgba") return PixelFormat::Rgba;
    return std::nullopt;
}

Spec ofKind(SourceKind kind, std::string_view target = {}) {
    Spec spec;
    spec.kind = kind;
    spec.target = target;
    return spec;
}

Result<Spec> parseRaw(std::string_view text, std::string_view rest) {
    auto spec = ofKind(SourceKind::Raw);
    auto last = takeLast(rest);
    if (last && last->find('@') == std::string_view::npos) {
        const auto format = pixelFormat(*last);
        if (!format) return bad("video", text, "pixel format \"" + std::string(*last) + "\": must be i420, nv12 or rgba");
        spec.format = *format;
        last = takeLast(rest);
    }
    const auto at = last ? last->find('@') : std::string_view::npos;
    if (at == std::string_view::npos || rest.empty() || !parseSize(last->substr(0, at), spec))
        return bad("video", text, "must be " + std::string(kRawForm));
    if (auto good = checkSize(text, last->substr(0, at), spec); !good) return good.error();
    const auto fps = number<double>(last->substr(at + 1));
    if (!fps || !(*fps >= 1 && *fps <= 240))
        return bad("video", text, "fps \"" + std::string(last->substr(at + 1)) + "\": must be 1..240");
    spec.fps = *fps;
    return reading("video", text, rest, std::move(spec));
}

Result<Spec> parsePcm(std::string_view text, std::string_view rest) {
    auto spec = ofKind(SourceKind::Pcm);
    const auto channels = takeLast(rest);
    const auto rate = channels ? takeLast(rest) : std::nullopt;
    if (!rate || rest.empty()) return bad("audio", text, "must be " + std::string(kPcmForm));
    const auto rateValue = number<int>(*rate);
    if (!rateValue || *rateValue < 8000 || *rateValue > 192000)
        return bad("audio", text, "rate \"" + std::string(*rate) + "\": must be 8000..192000 Hz");
    const auto channelsValue = number<int>(*channels);
    if (!channelsValue || *channelsValue < 1 || *channelsValue > 8)
        return bad("audio", text, "channels \"" + std::string(*channels) + "\": must be 1..8");
    spec.sampleRate = *rateValue;
    spec.channels = *channelsValue;
    return reading("audio", text, rest, std::move(spec));
}

Result<Spec> parseScreen(std::string_view text, std::string_view rest) {
    auto spec = ofKind(SourceKind::Screen);
    const auto form = [&] { return bad("video", text, "must be " + std::string(kScreenForm)); };
    // What has a name stands behind the rest; a window's title may hold anything but a comma.
    for (auto last = rest.rfind(','); last != std::string_view::npos; last = rest.rfind(',')) {
        const auto option = rest.substr(last + 1);
        if (option.starts_with("window=")) {
            spec.window = option.substr(7);
            if (spec.window.empty()) return bad("video", text, "window= needs a window's number (0x…) or a part of its title");
        } else if (option == "cursor=on" || option == "cursor=off") {
            spec.cursor = option == "cursor=on";
        } else if (option.find('=') != std::string_view::npos) {
            return form();
        } else {
            break;
        }
        rest = rest.substr(0, last);
    }
    const auto comma = rest.rfind(',');
    if (comma != std::string_view::npos && parseSize(rest.substr(comma + 1), spec)) {
        if (auto good = checkSize(text, rest.substr(comma + 1), spec); !good) return good.error();
        rest = rest.substr(0, comma);
    }
    if (const auto plus = rest.find('+'); plus != std::string_view::npos) {
        auto corner = rest.substr(plus + 1);
        const auto top = takeLast(corner);
        const auto topValue = top ? number<int>(*top) : std::nullopt;
        const auto leftValue = number<int>(corner);
        if (!topValue || !leftValue || *topValue < 0 || *leftValue < 0) return form();
        spec.left = *leftValue;
        spec.top = *topValue;
        rest = rest.substr(0, plus);
    }
    if (rest.find(',') != std::string_view::npos) return form();
    spec.target = rest;
    return spec;
}

Result<Spec> parse(std::string_view side, std::string_view text) {
    const bool video = side == "video";
    const auto colon = text.find(':');
    const auto word = text.substr(0, colon);
    const bool hasRest = colon != std::string_view::npos;
    const auto rest = hasRest ? text.substr(colon + 1) : std::string_view{};
    const auto allowed = "must be one of " + std::string(video ? kVideoForms : kAudioForms);

    const auto* traits = findSource(word);
    if (!traits) {
        std::error_code ignored;
        const bool path = !base::schemeOf(text).empty() || (!text.empty() && std::filesystem::exists(text, ignored));
        return bad(side, text, (path ? "to read it, write \"file:" + base::publicName(text) + "\"; " : "") + allowed);
    }
    if (video && !traits->forVideo) return bad(side, text, std::string(word) + " gives sound, no picture; " + allowed);
    if (!video && !traits->forAudio) return bad(side, text, std::string(word) + " gives a picture, no sound; " + allowed);
    const bool bare = hasRest && rest.empty();
    switch (traits->kind) {
        case SourceKind::Test:
        case SourceKind::App:
        case SourceKind::None:
            if (hasRest) return bad(side, text, std::string(word) + " takes nothing behind it; " + allowed);
            return ofKind(traits->kind);
        case SourceKind::File:
        case SourceKind::Image:
            if (rest.empty()) return bad(side, text, "the path or URL is missing: must be " + std::string(word) + ":PATH-OR-URL");
            // As a whole it may be a URL already.
            return reading(side, text, rest.starts_with("//") ? text : rest, ofKind(traits->kind));
        case SourceKind::Coded:
            if (bare) return bad(side, text, "the path or URL behind the colon is missing");
            return hasRest ? reading(side, text, rest, ofKind(traits->kind)) : ofKind(traits->kind);
        case SourceKind::Camera:
        case SourceKind::Microphone:
        case SourceKind::System:
            if (bare) return bad(side, text, "the ID behind the colon is missing: leave the colon out for the default");
            return ofKind(traits->kind, rest);
        case SourceKind::Screen: return parseScreen(text, rest);
        case SourceKind::Raw: return parseRaw(text, rest);
        case SourceKind::Pcm: return parsePcm(text, rest);
    }
    return bad(side, text, allowed);
}

/// Where `word` begins, as what is added at the end: alone or with an ID behind it.
std::size_t added(std::string_view text, std::string_view word) {
    const auto at = text.rfind(word);
    if (at == std::string_view::npos || at == 0) return std::string_view::npos;
    const auto behind = text.substr(at + word.size());
    return behind.empty() || behind.front() == ':' ? at : std::string_view::npos;
}

/// One source, or two that `word` joins where the first is one of `firsts`.
Result<Spec> parsePair(std::string_view side, std::string_view text, std::string_view word,
                       std::initializer_list<SourceKind> firsts) {
    const auto at = added(text, word);
    if (at == std::string_view::npos) return parse(side, text);
    auto first = parse(side, text.substr(0, at));
    if (!first || std::ranges::find(firsts, first->kind) == firsts.end()) return parse(side, text);
    auto second = parse(side, text.substr(at + 1));
    if (!second) return second;
    first->with.push_back(std::move(*second));
    return first;
}

}  // namespace

Result<Spec> parseVideoSpec(std::string_view text) {
    return parsePair("video", text, "+camera", {SourceKind::Screen, SourceKind::Camera, SourceKind::Test});
}
Result<Spec> parseAudioSpec(std::string_view text) { return parsePair("audio", text, "+system", {SourceKind::Microphone}); }

}  // namespace livepusher::capture
