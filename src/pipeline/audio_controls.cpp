// SPDX-License-Identifier: MIT
#include "pipeline/audio_controls.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "properties/network.hpp"

namespace livepusher::pipeline {

AudioControls::AudioControls(Stages::MakeMusic make, session::ControlLoop& control, Events& events, LaneSettingsStore& settings,
                             const Lanes& lanes)
    : control_(control), events_(events), settings_(settings), lanes_(lanes), music_(std::move(make), control, events) {}

void AudioControls::begin() {
    const auto settings = settings_.get();
    live_ = false;
    music_.begin({settings->resolved.audioSampleRate, settings->resolved.audioChannels});
    push_.renew();
    tellLevel();
}

void AudioControls::live() {
    live_ = true;
    follow();
}

/// Music is silent where the whole push is: paused, interrupted, or in the background with backgroundMute.
void AudioControls::follow() {
    const auto settings = settings_.get();
    const auto& away = settings->suspension;
    music_.hold(!live_ || away.paused || away.interrupted || (away.background && settings->properties.backgroundMute));
}

void AudioControls::end() {
    push_.renew();
    live_ = false;
    music_.end();
}

void AudioControls::play(std::string url, bool loop, session::Reply reply) {
    if (url.empty()) return reply(Error{Code::InvalidArgument, "playBGM: url is empty: must be a file's path or an http(s) URL"});
    musicUrl_ = url;
    music_.play(
        {.url = std::move(url), .loop = loop, .wanted = {}, .network = properties::networkOf(settings_.get()->properties)},
        std::move(reply));
}

void AudioControls::seek(std::int64_t position, session::Reply reply) {
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
    settings_.update([&](LaneSettings& s) { s.volumes.*which = volume; });
    return {};
}

void AudioControls::tellLevel() {
    if (!events_.handlers().onAudioVolumeNotify) return;
    if (live_) {
        const int level = lanes_.audio() ? lanes_.audio()->microphoneLevel() : 0;
        events_.tell(&Handlers::onAudioVolumeNotify, level);
    }
    const std::chrono::milliseconds interval(settings_.get()->properties.audioVolumeInterval);
    control_.postAfter(interval, push_.guard([this] { tellLevel(); }));
}

}  // namespace livepusher::pipeline
