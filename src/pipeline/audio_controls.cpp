// SPDX-License-Identifier: MIT
#include "pipeline/audio_controls.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <utility>

#include "properties/network.hpp"

namespace livepusher::pipeline {

AudioControls::AudioControls(Stages::MakeMusic make, ControlLoop& control, Events& events,
                             const base::Latest<LaneSettings>& orders, Output output)
    : control_(control), events_(events), orders_(orders), output_(std::move(output)), music_(std::move(make), control, events) {}

void AudioControls::begin() {
    const auto orders = orders_.get();
    live_ = false;
    music_.begin({orders->resolved.audioSampleRate, orders->resolved.audioChannels});
    push_.renew();
    tellLevel();
}

void AudioControls::live() {
    live_ = true;
    follow();
}

/// Music is silent where the whole push is: paused, interrupted, or in the background with backgroundMute.
void AudioControls::follow() {
    const auto orders = orders_.get();
    const auto& away = orders->suspension;
    music_.hold(!live_ || away.paused || away.interrupted || (away.background && orders->properties.backgroundMute));
}

void AudioControls::end() {
    push_.renew();
    live_ = false;
    music_.end();
}

void AudioControls::play(std::string url, bool loop, BackgroundMusic::Reply reply) {
    if (url.empty()) return reply(Error{Code::InvalidArgument, "playBGM: url is empty: must be a file's path or an http(s) URL"});
    musicUrl_ = url;
    music_.play({.url = std::move(url), .loop = loop, .wanted = {}, .network = properties::networkOf(orders_.get()->properties)},
                std::move(reply));
}

void AudioControls::seek(std::int64_t position, BackgroundMusic::Reply reply) {
    constexpr std::int64_t kMost = std::int64_t{1} << 40;  // as microseconds still a number
    if (position < 0 || position > kMost)
        return reply(
            Error{Code::InvalidArgument, "seekBGM: position " + std::to_string(position) + ": must be 0 or more, in ms"});
    music_.seek(std::chrono::milliseconds(position), std::move(reply));
}

Result<void> AudioControls::setVolume(const char* method, double Volumes::*which, double volume) {
    if (!(volume >= 0 && volume <= 1)) {
        std::array<char, 32> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), volume).ptr;
        return Error{Code::InvalidArgument, std::string(method) + ": volume " + std::string(text.data(), end) + ": must be 0..1"};
    }
    output_.give([&](LaneSettings& o) { o.volumes.*which = volume; });
    return {};
}

void AudioControls::tellLevel() {
    if (!events_.handlers().onAudioVolumeNotify) return;
    if (live_) {
        events_.call(
            [&handlers = events_.handlers(), level = output_.microphoneLevel()] { handlers.onAudioVolumeNotify(level); });
    }
    const std::chrono::milliseconds interval(orders_.get()->properties.audioVolumeInterval);
    control_.postAfter(interval, push_.guard([this] { tellLevel(); }));
}

}  // namespace livepusher::pipeline
