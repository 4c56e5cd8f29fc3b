// SPDX-License-Identifier: MIT
#include "keys.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>

namespace program {

Keys::Keys(EventLoop& loop, KeyObserver& observer) : loop_(loop), observer_(observer) { refresh(); }

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
    for (const char key : withoutEscapes({typed.data(), static_cast<std::size_t>(count)})) observer_.pressed(key);
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

}  // namespace program
