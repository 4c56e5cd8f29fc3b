// SPDX-License-Identifier: MIT
#include "keys.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cmath>

namespace program {

Keys::Keys(EventLoop& loop, livepusher::LivePusherContext& context, KeyObserver& observer)
    : loop_(loop),
      context_(context),
      observer_(observer),
      answered_([&observer](const Json& result) { observer.answered(result); }) {
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
    for (const char key : withoutEscapes({typed.data(), static_cast<std::size_t>(count)})) press(key);
}

std::string withoutEscapes(std::string_view typed) {
    std::string keys;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (typed[i] != '\x1b') {
            keys += typed[i];
            continue;
        }
        // ECMA-48 §5.4: ESC [ parameters, then one final byte from @ to ~; ESC O and ESC with a letter are shorter.
        if (++i < typed.size() && typed[i] == 'O') {
            ++i;
        } else if (i < typed.size() && typed[i] == '[') {
            while (++i < typed.size() && (typed[i] < '@' || typed[i] > '~')) {
            }
        }
    }
    return keys;
}

void Keys::press(char key) {
    const auto call = [this](const char* method) { callMethod(context_, {{"method", method}}, answered_); };
    constexpr double kStep = 1.1;
    switch (key) {
        case 'q': return observer_.quit();
        case 'p': return call(context_.state() == livepusher::State::Paused ? "resume" : "pause");
        case 'm': return setProperties(context_, {{"muted", !context_.properties().muted}}, answered_);
        case 's': return call("snapshot");
        case '+': return changeBitrate(kStep);
        case '-': return changeBitrate(1 / kStep);
        case '?': return observer_.tell("q quit  p pause/resume  m mute  s snapshot  + - bitrate  ? help");
        default: return;
    }
}

void Keys::changeBitrate(double factor) {
    const auto resolved = livepusher::resolve(context_.properties());
    const int wanted = static_cast<int>(std::lround(resolved.maxBitrate * factor));
    observer_.tell("maxBitrate " + std::to_string(wanted) + " kbps");
    setProperties(context_, {{"maxBitrate", wanted}}, answered_);
}

}  // namespace program
