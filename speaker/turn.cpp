// SPDX-License-Identifier: MIT
#include "speaker/turn.hpp"

#include <thread>

namespace livepusher::speaker {

bool Turn::enter(Holder holder) {
    auto free = holder << 1;
    return word_.compare_exchange_strong(free, free | kBusy);
}

bool Turn::fill(Holder holder, std::span<float> samples) {
    if (!enter(holder)) return false;
    source_.fill(samples);
    filled_ += static_cast<std::int64_t>(samples.size()) / kFormat.channels;
    lastFill_ = now().count();
    leave(holder);
    return true;
}

bool Turn::tell(Holder holder, std::int64_t frames, Timestamp at) {
    if (!enter(holder)) return false;
    ++written_;
    heardFrames_ = frames;
    heardAt_ = at.count();
    heardLine_ = line_;
    ++written_;
    leave(holder);
    return true;
}

bool Turn::beginLine(Holder holder) {
    if (!enter(holder)) return false;
    ++line_;
    leave(holder);
    return true;
}

bool Turn::take(Holder to) {
    for (;;) {
        const auto from = holder();
        if (take(from, to)) return true;
        if (from == kClosed) return false;
    }
}

bool Turn::take(Holder from, Holder to) {
    if (from == kClosed) return false;
    for (;;) {
        auto seen = from << 1;
        if (word_.compare_exchange_strong(seen, to << 1 | kBusy)) break;
        if (seen >> 1 != from) return false;
        std::this_thread::yield();  // it fills: some microseconds
    }
    ++line_;
    lastFill_ = now().count();
    leave(to);
    return true;
}

void Turn::close() {
    while (holder() != kClosed) take(holder(), kClosed);
}

std::optional<Heard> Turn::heard() const {
    for (;;) {
        const auto before = written_.load();
        if (before == 0) return std::nullopt;
        const Heard heard{heardFrames_.load(), Timestamp(heardAt_.load()), heardLine_.load()};
        if (before % 2 == 0 && written_.load() == before) return heard;
        std::this_thread::yield();
    }
}

}  // namespace livepusher::speaker
