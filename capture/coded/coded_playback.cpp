// SPDX-License-Identifier: MIT
// What CodedFile does on its own thread once the file is open.
#include <utility>

#include "base/log.hpp"
#include "capture/coded/coded_file.hpp"

namespace livepusher::capture {
namespace {

constexpr Timestamp kTooLate{500'000};  // beyond that the clock is moved: what was missed is not made up for

}  // namespace

bool CodedFile::waitUntil(Timestamp due) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_until(lock, std::chrono::steady_clock::time_point(due), [&] { return quit_.load(); });
}

CodedFile::Next CodedFile::next(CodedPackets::Taken& taken) {
    PacketPtr packet;
    const int error = input_->demuxer.next(Track::Video, packet);
    if (quit_) return Next::Stop;
    if (error == AVERROR_EOF) return Next::Ended;
    if (error < 0) {
        fail("reading broke off: " + avText(error), error);
        return Next::Stop;
    }
    const auto place = input_->times->next(*packet);
    if (!std::exchange(any_, true)) base_ = place.dts;
    dts_ = place.dts;
    const auto offset = passStart_ - base_;
    auto made = input_->track->take(*packet, place.pts + offset, place.dts + offset, packets_);
    if (!made) {
        base::log(LogLevel::Debug, "passed over: " + made.error().message);
        return Next::Nothing;
    }
    taken = std::move(*made);
    return taken.frame ? Next::Frame : Next::Nothing;
}

/// At the end: from the beginning, or not.
bool CodedFile::again() {
    const auto length = input_->times->length();
    if (!any_ && (passStart_ == Timestamp{} || std::exchange(reopened_, true))) {
        fail("nothing in it could be read", 0);
        return false;
    }
    const auto end = any_ ? passStart_ + dts_ - base_ + length : passStart_;
    if (!loop_) {
        if (zero_ && !waitUntil(*zero_ + end)) return false;
        ended_ = true;
        gate_.ended();
        return false;
    }
    // Some demuxers claim to have gone back and then have nothing more.
    Result<void> rewound;
    if (any_) {
        rewound = input_->demuxer.rewind();
        reopened_ = false;
    } else if (auto anew = input_->demuxer.reopen(); !anew) {
        rewound = anew.error();
    }
    if (!rewound) {
        if (!quit_) gate_.failed(rewound.error());
        return false;
    }
    input_->times->restart();
    any_ = false;
    passStart_ = end;
    return true;
}

void CodedFile::deliver(CodedPackets::Taken taken) {
    const auto move = [&](Packet& packet) {
        packet.pts += *zero_;
        packet.dts += *zero_;
    };
    if (taken.config) move(*taken.config);
    move(*taken.frame);
    gate_.call([&](Sink& sink) {
        if (taken.config) sink.packet(std::move(*taken.config));
        sink.packet(std::move(*taken.frame));
    });
}

void CodedFile::run() {
    auto prepared = prepare();
    const bool good = prepared.has_value();
    {
        std::lock_guard lock(mutex_);
        opened_ = std::move(prepared);
    }
    changed_.notify_all();
    while (good && !quit_) {
        CodedPackets::Taken taken;
        const auto got = next(taken);
        if (got == Next::Stop || (got == Next::Ended && !again())) return;
        if (got != Next::Frame) continue;
        const auto dts = taken.frame->dts;
        if (!zero_) zero_ = now() - dts;
        const auto due = *zero_ + dts;
        const bool waits = now() < due;
        if (!waitUntil(due)) return;
        if (waits) *zero_ += stoodStill_.missed(due, now());
        if (const auto late = now() - *zero_ - dts; late > kTooLate) {
            base::log(LogLevel::Warning,
                      label_ + ": could not be read as fast as it plays, " + std::to_string(late.count() / 1000) + " ms late");
            *zero_ += late;
        }
        deliver(std::move(taken));
    }
}

}  // namespace livepusher::capture
