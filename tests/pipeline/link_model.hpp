// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/rate_controller.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <vector>

namespace livepusher::testing {

/// An encoder and a link in numbers: 30 pictures a second whose sizes waver, a key frame of four times the size each
/// two seconds that the ones after it pay for, sound, and a link whose capacity follows a trace. Steps of 1 ms.
class LinkModel {
public:
    using Controller = pipeline::RateController;
    using Milliseconds = std::chrono::milliseconds;
    using Trace = std::function<double(double)>;  ///< kbps at a second

    struct Options {
        Controller::Limits limits{200, 3500, 96};
        double rtt = 0.02;   ///< s
        double used = 1.0;   ///< how much of its bitrate the encoder needs
        double burst = 4.0;  ///< of a key frame
        unsigned seed = 1;
    };
    struct Moment {
        double at = 0;       ///< s
        double delay = 0;    ///< s, of the picture that arrived last
        int bitrate = 0;     ///< kbps
        double arrived = 0;  ///< kbit in all
        bool skip = false;
    };

    LinkModel(Trace capacity, Options options)
        : capacity_(std::move(capacity)), options_(options), controller_(options.limits), random_(options.seed) {
        controller_.connected();
    }

    /// One Moment a tick of 100 ms, up to that second.
    const std::vector<Moment>& run(double until) {
        for (; now_ < until; now_ += 0.001, ++step_) {
            if (step_ % 33 == 0) encode();
            if (step_ % 23 == 0) put(options_.limits.audio * 0.023, false);
            carry();
            if (step_ % 100 == 99) tick();
        }
        return moments_;
    }

    Controller& controller() { return controller_; }
    int skipped() const { return skipped_; }

private:
    struct Sent {
        double end;  // kbit
        double at;   // s
        bool video;
    };
    struct Arrival {
        double at;
        double total;
    };

    void encode() {
        const bool key = frames_++ % 60 == 0;
        if (decision_.skip) {
            ++skipped_;
            return;
        }
        const double even = decision_.bitrate * options_.used * 0.033;
        std::uniform_real_distribution<double> noise(0.85, 1.15);
        double size = even * noise(random_) * (key ? options_.burst : 1);
        if (!key) {  // the buffer model of the encoder: what a key frame took is given back in a third of a second
            const double back = std::min(owed_, size * 0.5);
            owed_ -= back;
            size -= back;
        } else {
            owed_ = size - even;
        }
        encoded_ += size;
        put(size, true);
    }

    void put(double size, bool video) {
        handed_ += size;
        waiting_.push_back({handed_, now_, video});
    }

    void carry() {
        sent_ = std::min(handed_, sent_ + capacity_(now_) * 0.001);
        onWire_.push_back({now_ + options_.rtt, sent_});
        while (onWire_.front().at <= now_) {
            acknowledged_ = onWire_.front().total;
            onWire_.pop_front();
        }
        while (!waiting_.empty() && waiting_.front().end <= acknowledged_ + 1e-9) {
            if (waiting_.front().video) delay_ = now_ - waiting_.front().at;
            waiting_.pop_front();
        }
    }

    void tick() {
        const auto bytes = [](double kbit) { return static_cast<std::uint64_t>(kbit * 125); };
        const double oldest = waiting_.empty() ? 0 : now_ - waiting_.front().at;
        decision_ = controller_.tick({.at = Controller::Time(std::chrono::milliseconds(std::lround(now_ * 1000))),
                                      .acknowledged = bytes(acknowledged_),
                                      .outstanding = bytes(handed_) - bytes(acknowledged_),
                                      .oldest = Milliseconds(std::lround(oldest * 1000)),
                                      .minRtt = Milliseconds(std::lround(options_.rtt * 1000)),
                                      .encoded = bytes(encoded_)});
        moments_.push_back({now_, std::max(delay_, oldest), decision_.bitrate, acknowledged_, decision_.skip});
    }

    const Trace capacity_;
    const Options options_;
    Controller controller_;
    std::mt19937 random_;
    Controller::Decision decision_{.bitrate = options_.limits.max};
    double now_ = 0, handed_ = 0, sent_ = 0, acknowledged_ = 0, encoded_ = 0, owed_ = 0, delay_ = 0;
    long step_ = 0;
    int frames_ = 0, skipped_ = 0;
    std::deque<Sent> waiting_;
    std::deque<Arrival> onWire_;
    std::vector<Moment> moments_;
};

}  // namespace livepusher::testing
