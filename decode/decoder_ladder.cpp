// SPDX-License-Identifier: MIT
#include "decode/decoder_ladder.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "base/log.hpp"

namespace livepusher::decode {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;

constexpr auto kLeast = 300ms;  // of the patience, for each that is yet to be tried

constexpr std::int64_t kFullHd = 1920LL * 1080, kFullHdCoded = 1920LL * 1088;
constexpr double kUsualRate = 30.5;

/// On a thread of its own, which is left to itself where the driver hangs.
Result<HardwareSetUp> openWithin(Milliseconds patience, const HardwareApi& api) {
    const auto outcome = std::make_shared<std::optional<Result<HardwareSetUp>>>();
    base::AbandonableThread thread;
    const auto started = thread.start(
        "hw decoder", [outcome, open = api.open] { *outcome = open(); },
        [outcome](const Error& error) { *outcome = Result<HardwareSetUp>(error); });
    if (!started) return started.error();
    if (!thread.end(patience))
        return Error{Code::NotAvailable, "its driver hung for " + std::to_string(patience.count()) + " ms when it was opened"};
    return outcome->has_value() ? std::move(**outcome) : Result<HardwareSetUp>(Error{Code::NotAvailable, "out of memory"});
}

}  // namespace

bool isWorthHardware(const Packet& config) {
    if (!config.description) return false;
    const auto& told = *config.description;
    const auto pixels = std::int64_t{told.width} * told.height;
    if (told.videoCodec != VideoCodec::h264) return pixels >= kFullHd;
    return pixels > kFullHdCoded || (pixels >= kFullHd && told.fps > kUsualRate);
}

DecoderLadder::DecoderLadder(VideoDecoderType type, std::vector<HardwareApi> apis, DecoderObserver& observer,
                             Milliseconds patience)
    : type_(type), observer_(observer), patience_(patience) {
    for (auto& api : apis) steps_.push_back({std::move(api), std::nullopt});
}

Result<CodecContext> DecoderLadder::open(const Packet& config) {
    const bool wanted = type_ == VideoDecoderType::hardware || (type_ == VideoDecoderType::automatic && isWorthHardware(config));
    if (wanted && !givenUp_)
        if (auto opened = openHardware(config)) return std::move(*opened);
    return openCodec(config);
}

std::optional<CodecContext> DecoderLadder::openHardware(const Packet& config) {
    auto left = patience_;
    std::string whys;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        auto& [api, setUp] = steps_[i];
        if (!setUp) {
            const auto began = std::chrono::steady_clock::now();
            const auto later = static_cast<int>(steps_.size() - 1 - i);
            setUp = openWithin(std::max(left - kLeast * later, left / (later + 1)), api);
            left -= std::min(left, std::chrono::ceil<Milliseconds>(std::chrono::steady_clock::now() - began));
        }
        auto why = setUp->has_value() ? std::string() : setUp->error().message;
        if (why.empty()) {
            auto opened = openCodec(config, **setUp, api.name);
            if (opened) return std::move(*opened);
            why = opened.error().message;
        }
        whys += (whys.empty() ? "" : "; ") + api.name + ": " + why;
    }
    base::log(LogLevel::Info, "no hardware decoder: " + whys);
    if (type_ == VideoDecoderType::hardware && !std::exchange(told_, true)) observer_.hardwareFailed(whys);
    return std::nullopt;
}

void DecoderLadder::giveUp(const std::string& why) {
    givenUp_ = true;
    observer_.hardwareGaveUp(why);
}

}  // namespace livepusher::decode
