// SPDX-License-Identifier: MIT
#include "keys.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cmath>

namespace program {

Keys::Keys(EventLoop& loop, livepusher::LivePusherContext& context, Hooks hooks)
    : loop_(loop), context_(context), hooks_(std::move(hooks)) {
    refresh();
}

Keys::~Keys() { release(); }

void Keys::refresh() {
    const bool wanted = !ended_ && Terminal::readable();
    if (wanted && !terminal_.entered() && terminal_.enter()) {
        loop_.watch(STDIN_FILENO, POLLIN, [this](short) { onReadable(); });
    } else if (!wanted && terminal_.entered()) {
        release();
    }
}

void Keys::release() {
    if (!terminal_.entered()) return;
    loop_.unwatch(STDIN_FILENO);
    terminal_.leave();
}

void Keys::onReadable() {
    std::array<char, 64> typed{};
    const auto count = read(STDIN_FILENO, typed.data(), typed.size());
    if (count <= 0) {
        ended_ = count == 0;
        return release();
    }
    if (typed[0] == '\x1b') return;  // an arrow or a function key, whose letters mean nothing here
    for (ssize_t i = 0; i < count; ++i) press(typed[static_cast<std::size_t>(i)]);
}

void Keys::press(char key) {
    const auto call = [this](const char* method) { callMethod(context_, {{"method", method}}, hooks_.answered); };
    constexpr double kStep = 1.1;
    switch (key) {
        case 'q': return hooks_.quit();
        case 'p': return call(context_.state() == livepusher::State::Paused ? "resume" : "pause");
        case 'm': return setProperties(context_, {{"muted", !context_.properties().muted}}, hooks_.answered);
        case 's': return call("snapshot");
        case '+': return changeBitrate(kStep);
        case '-': return changeBitrate(1 / kStep);
        case '?': return hooks_.tell("q quit  p pause/resume  m mute  s snapshot  + - bitrate  ? help");
        default: return;
    }
}

void Keys::changeBitrate(double factor) {
    const auto resolved = livepusher::resolve(context_.properties());
    const int wanted = static_cast<int>(std::lround(resolved.maxBitrate * factor));
    hooks_.tell("maxBitrate " + std::to_string(wanted) + " kbps");
    setProperties(context_, {{"maxBitrate", wanted}}, hooks_.answered);
}

}  // namespace program
