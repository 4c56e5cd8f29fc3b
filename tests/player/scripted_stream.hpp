// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/media.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/event_fd.hpp"
#include "endpoint/subscriber.hpp"
#include "media/packet.hpp"

namespace livepusher::playback::test {

/// What one connection brings, and when.
struct Script {
    struct Step {
        Timestamp at{};  ///< since the connection plays
        std::optional<Packet> packet{};
        std::function<Result<bool>(rtmp::SubscriberObserver&)> act{};  ///< in place of a packet; true: the stream has ended
    };
    std::optional<Error> refused{};  ///< open() fails
    bool hangs = false;              ///< open() doesn't come back until it is cancelled
    std::vector<Step> steps{};

    /// `packets` at the times of their dts, but for `late`: how much later each comes.
    static Script of(const std::vector<Packet>& packets, const std::function<Timestamp(Timestamp dts)>& late = {}) {
        Script script;
        Timestamp latest{};
        for (const auto& packet : packets) {
            latest = std::max(latest, packet.dts + (late ? late(packet.dts) : Timestamp(0)));
            script.steps.push_back({.at = latest, .packet = packet});
        }
        return script;
    }
    Script& then(Timestamp after, std::function<Result<bool>(rtmp::SubscriberObserver&)> act) {
        steps.push_back({.at = (steps.empty() ? Timestamp(0) : steps.back().at) + after, .act = std::move(act)});
        return *this;
    }
    Script& thenEnds() {
        return then(Timestamp(0), [](auto&) { return Result<bool>(true); });
    }
    Script& thenFails(Error error) {
        return then(Timestamp(0), [error](auto&) { return Result<bool>(error); });
    }
};

/// Plays the scripts, one a connection; after the last each connection is refused.
class ScriptedStream {
public:
    explicit ScriptedStream(std::vector<Script> scripts) : scripts_(std::make_shared<std::vector<Script>>(std::move(scripts))) {}

    std::unique_ptr<rtmp::Subscriber> next() const {
        const auto number = taken_->fetch_add(1);
        if (number < scripts_->size()) return std::make_unique<Connection>((*scripts_)[number]);
        return std::make_unique<Connection>(Script{.refused = Error{Code::TcpFailed, "nobody is there any more"}});
    }
    std::size_t connections() const { return *taken_; }
    void awaitConnections(std::size_t count) const {
        while (*taken_ < count) std::this_thread::sleep_for(std::chrono::milliseconds(1));  // on the fake clock
    }

private:
    class Connection final : public rtmp::Subscriber {
    public:
        explicit Connection(Script script) : script_(std::move(script)) {}
        Result<void> open(const base::Url&, const rtmp::SubscriberSettings&, rtmp::SubscriberObserver& observer) override {
            if (script_.refused) return *script_.refused;
            if (script_.hangs) {
                waitUntil(Timestamp::max());
                return Error{Code::Cancelled, "cancelled"};
            }
            observer_ = &observer;
            observer.transportConnected();
            observer.playing();
            began_ = now();
            return {};
        }
        Result<State> run(Clock::time_point until, const base::EventFd& wake, rtmp::ReceivedPackets& packets) override {
            while (next_ < script_.steps.size()) {
                const auto& step = script_.steps[next_];
                if (cancelled_.signalled()) return Error{Code::Cancelled, "cancelled"};
                if (wake.signalled() || Clock::now() >= until) return State::Playing;
                if (const auto at = began_ + step.at; at > now()) {
                    waitUntil(at);
                    continue;
                }
                ++next_;
                if (step.packet) {
                    packets.take(*step.packet);
                    bytes_ += step.packet->data ? step.packet->data->size() : 0;
                    continue;
                }
                auto done = step.act(*observer_);
                if (!done) return done.error();
                if (*done) return State::Ended;
            }
            waitUntil(Timestamp::max());
            return cancelled_.signalled() ? Result<State>(Error{Code::Cancelled, "cancelled"}) : Result<State>(State::Playing);
        }
        void close() override {}
        void cancel() override { cancelled_.signal(); }
        rtmp::LinkStatistics statistics() const override { return {.bytesReceived = bytes_, .serverIp = "127.0.0.1"}; }

    private:
        void waitUntil(Timestamp until) const;

        Script script_;
        rtmp::SubscriberObserver* observer_ = nullptr;
        std::size_t next_ = 0;
        Timestamp began_{};
        std::atomic<std::uint64_t> bytes_{0};
        base::EventFd cancelled_;
    };

    std::shared_ptr<std::vector<Script>> scripts_;
    std::shared_ptr<std::atomic<std::size_t>> taken_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace livepusher::playback::test
