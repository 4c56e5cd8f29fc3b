// SPDX-License-Identifier: MIT
#include "rules.hpp"

#include "pipeline/adaptation.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

namespace livepusher::bench {

namespace {

using namespace std::chrono_literals;
using Time = pipeline::RateController::Time;

/// The library's own.
class Ours final : public Rule {
public:
    explicit Ours(Limits l) : controller_({.min = l.min, .max = l.max, .audio = l.audio}) { controller_.connected(); }

    Order tick(const Reading& r) override {
        const auto decision = controller_.tick(
            pipeline::Adaptation::sample({.targetId = {}, .link = r.link, .queue = r.queue, .videoBytes = r.videoBytes}, r.at));
        return {.bitrate = decision.bitrate, .skip = decision.skip};
    }
    Timestamp queueLimit() const override { return 2s; }

private:
    pipeline::RateController controller_;
};

/// OBS Studio 30's "dynamically change bitrate to manage congestion" (obsproject/obs-studio,
/// plugins/obs-outputs/rtmp-stream.c, the functions named dbr_), told from that source:
/// from 200 ms of packets waiting, the rate at which packets went out lately (over 1 to 2 s) less sound, in whole
/// hundreds and at least 50, is the new bitrate if lower; until that is known, the one before the last raise is. Four seconds
/// after each change a tenth of the highest more. No frames are dropped. There it looks at each packet, here each tick.
class Obs final : public Rule {
public:
    explicit Obs(Limits limits) : limits_(limits), bitrate_(limits.max) {}

    Order tick(const Reading& r) override {
        sent_.push_back({r.at, r.link.bytesSent});
        while (r.at - sent_.front().at > 2s) sent_.pop_front();
        if (raiseAt_ && r.at >= *raiseAt_) raise(r.at);
        if (r.queue.video + r.queue.audio >= 5 && r.queue.span >= 200ms) lower(r.at);
        return {.bitrate = bitrate_};
    }

private:
    struct Sent {
        Time at;
        std::uint64_t bytes;
    };

    int estimate() const {
        const auto span = std::chrono::duration<double>(sent_.back().at - sent_.front().at).count();
        if (span < 1) return 0;
        const auto kbps = static_cast<double>(sent_.back().bytes - sent_.front().bytes) * 8 / 1000 / span;
        return std::max(50, static_cast<int>(kbps) - limits_.audio);
    }

    void lower(Time now) {
        const int found = estimate();
        if (found != 0 && found < bitrate_) {
            bitrate_ = std::max(50, found / 100 * 100);
            sent_.erase(sent_.begin(), sent_.end() - 1);
        } else if (beforeRaise_ != 0) {
            bitrate_ = beforeRaise_;
        } else {
            return;
        }
        beforeRaise_ = 0;
        raiseAt_ = now + 4s;
    }

    void raise(Time now) {
        beforeRaise_ = bitrate_;
        bitrate_ = std::min(bitrate_ + limits_.max / 10, limits_.max);
        raiseAt_ = now + 4s;
        if (bitrate_ == limits_.max) raiseAt_.reset();
    }

    const Limits limits_;
    int bitrate_;
    int beforeRaise_ = 0;
    std::deque<Sent> sent_;
    std::optional<Time> raiseAt_;
};

/// HaishinKit 2's video strategy (shogo4405/HaishinKit.swift: HKStreamBitRateStrategy.swift, NetworkMonitor.swift), told
/// from those sources: once a second; when the bytes waiting grew twice in a row, what went out in that second less sound, at
/// least a tenth of the highest; after three such seconds with nothing gone out fewer frames, 10 and then 5 a second; else, every
/// sixteenth second, a tenth of the highest more. The version read computes the lower bitrate and forgets to set it; here it is
/// set.
class HaishinKit final : public Rule {
public:
    explicit HaishinKit(Limits limits) : limits_(limits), bitrate_(limits.max) {}

    Order tick(const Reading& r) override {
        if (!next_) next_ = r.at + 1s;
        if (r.at >= *next_) {
            *next_ += 1s;
            const auto gone = r.link.bytesSent - std::min(before_, r.link.bytesSent);
            before_ = r.link.bytesSent;
            queued_ = {queued_[1], queued_[2], r.queue.bytes + r.link.bytesQueued};
            if (++seconds_ >= 3 && queued_[0] < queued_[1] && queued_[1] < queued_[2])
                lower(static_cast<int>(gone * 8 / 1000));
            else
                raise();
        }
        return {.bitrate = bitrate_, .interval = interval_};
    }

private:
    void lower(int kbps) {
        calm_ = 0;
        if (kbps > 0) {
            bitrate_ = std::max(kbps / (still_ + 1) - limits_.audio, limits_.max / 10);
            still_ = 0;
            interval_ = {};
            return;
        }
        if (still_ == 2) interval_ = 90ms;
        if (still_ == 4) interval_ = 190ms;
        ++still_;
    }

    void raise() {
        if (bitrate_ == limits_.max) return;
        if (calm_ < 15) {
            ++calm_;
            return;
        }
        bitrate_ = std::min(bitrate_ + limits_.max / 10, limits_.max);
        calm_ = 0;
    }

    const Limits limits_;
    int bitrate_;
    int calm_ = 0, still_ = 0, seconds_ = 0;
    Timestamp interval_{};
    std::uint64_t before_ = 0;
    std::array<std::uint64_t, 3> queued_{};
    std::optional<Time> next_;
};

/// What a pusher does that adapts nothing: from 0.9 s waiting (OBS's own threshold) delta frames go, until a key frame.
class Fixed final : public Rule {
public:
    explicit Fixed(Limits limits) : bitrate_(limits.max) {}
    Order tick(const Reading&) override { return {.bitrate = bitrate_}; }
    Timestamp queueLimit() const override { return 900ms; }
    bool forcesKeys() const override { return false; }

private:
    const int bitrate_;
};

}  // namespace

std::unique_ptr<Rule> makeRule(std::string_view name, Rule::Limits limits) {
    if (name == "ours") return std::make_unique<Ours>(limits);
    if (name == "obs") return std::make_unique<Obs>(limits);
    if (name == "haishinkit") return std::make_unique<HaishinKit>(limits);
    if (name == "fixed") return std::make_unique<Fixed>(limits);
    return nullptr;
}

}  // namespace livepusher::bench
