// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <optional>

namespace livepusher::decode {

/// Keeps what goes wrong with each packet from being told with each packet. Pure: moments come in.
class Episode {
public:
    static constexpr Timestamp kApart{1'000'000};

    /// True: it has to be told. A later one of the same episode doesn't.
    bool bad(Timestamp now) {
        if (running_ || (toldAt_ && now - *toldAt_ < kApart)) {
            running_ = true;
            return false;
        }
        running_ = true;
        toldAt_ = now;
        return true;
    }
    void good() { running_ = false; }

private:
    bool running_ = false;
    std::optional<Timestamp> toldAt_;
};

}  // namespace livepusher::decode
