// SPDX-License-Identifier: MIT
#include "properties/renditions.hpp"

#include "properties/targets.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace livepusher::properties {

namespace {

constexpr int kLeastLength = 64, kMostLength = 4096;
constexpr int kLeastBitrate = 50, kMostBitrate = 50000;

/// As the properties of the same names.
constexpr std::array kNumbers{
    RenditionMember{"videoWidth", &Target::videoWidth, kLeastLength, kMostLength, true, "64..4096, even"},
    RenditionMember{"videoHeight", &Target::videoHeight, kLeastLength, kMostLength, true, "64..4096, even"},
    RenditionMember{"fps", &Target::fps, 1, 60, false, "1..60"},
    RenditionMember{"maxBitrate", &Target::maxBitrate, kLeastBitrate, kMostBitrate, false, "50..50000"},
};

int evenSide(double length) { return std::clamp(base::evenLength(length), kLeastLength, kMostLength); }

bool asks(const Target& target) {
    return std::ranges::any_of(kNumbers, [&](const auto& member) { return (target.*member.value).has_value(); });
}

Error refusal(const Target& target, const std::string& what) { return {Code::InvalidArgument, target.id + what}; }

double pixelsPerSecond(double width, double height, double fps) { return width * height * fps; }

}  // namespace

std::span<const RenditionMember> renditionMembers() { return kNumbers; }

bool RenditionMember::parse(Target& target, std::string_view text) const {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !fits(number)) return false;
    target.*value = number;
    return true;
}

base::PictureSize Rendition::sizeFor(base::PictureSize picture) const {
    const double factor = std::min(static_cast<double>(picture.width) / width, static_cast<double>(picture.height) / height);
    if (factor >= 1) return {width, height};
    return {evenSide(std::min<double>(width * factor, picture.width)),
            evenSide(std::min<double>(height * factor, picture.height))};
}

int Rendition::bitrateFor(const Resolved& push, int bitrate) const {
    const double most = push.maxBitrate;
    const double share = pixelsPerSecond(width, height, fps) / pixelsPerSecond(push.width, push.height, push.fps);
    const double ceiling = maxBitrate > 0 ? std::min<double>(maxBitrate, most) : most * std::min(share, 1.0);
    const double now = ceiling * std::min(bitrate / most, 1.0);
    return std::max(static_cast<int>(std::lround(now)), std::min(kLeastBitrate, static_cast<int>(std::lround(most))));
}

std::optional<Rendition> renditionOf(const Target& target, const Resolved& push) {
    if (!asks(target)) return std::nullopt;
    const double aspect = static_cast<double>(push.width) / push.height;
    Rendition r{.width = target.videoWidth.value_or(target.videoHeight ? evenSide(*target.videoHeight * aspect) : push.width),
                .height = target.videoHeight.value_or(target.videoWidth ? evenSide(*target.videoWidth / aspect) : push.height),
                .fps = target.fps.value_or(push.fps),
                .maxBitrate = target.maxBitrate.value_or(0)};
    const bool limited = r.maxBitrate > 0 && r.maxBitrate < push.maxBitrate;
    if (r.width == push.width && r.height == push.height && r.fps == push.fps && !limited) return std::nullopt;
    return r;
}

Result<void> checkRendition(const Target& target, const Resolved& push) {
    if (!asks(target)) return {};
    if (target.id == kMainTarget)
        return refusal(target, " has the push's own picture: set the properties videoWidth, videoHeight, fps and maxBitrate");
    for (const auto& member : kNumbers)
        if (const auto& value = target.*member.value; value && !member.fits(*value))
            return refusal(target, "." + std::string(member.name) + " " + std::to_string(*value) + ": must be " + member.allowed);
    const auto r = renditionOf(target, push);
    if (!r) return {};
    if (r->width > push.width || r->height > push.height)
        return refusal(target, ": " + base::sizeText(r->width, r->height) + ": must be at most " +
                                   base::sizeText(push.width, push.height) + ", the push's own size: nothing is scaled up");
    if (r->fps > push.fps)
        return refusal(target,
                       ".fps " + std::to_string(r->fps) + ": must be at most " + std::to_string(push.fps) + ", the push's own");
    return {};
}

const Target* asksForRendition(const Properties& properties) {
    const auto found = std::ranges::find_if(properties.targets, asks);
    return found == properties.targets.end() ? nullptr : &*found;
}

Result<void> checkNoRendition(const Properties& properties) {
    const auto* target = asksForRendition(properties);
    if (!target) return {};
    return Error{Code::InvalidArgument, "targets: " + target->id +
                                            " asks for a picture of its own: the source \"coded\" goes out as it is, nothing is "
                                            "scaled or encoded; leave out its videoWidth, videoHeight, fps and maxBitrate"};
}

}  // namespace livepusher::properties
