// SPDX-License-Identifier: MIT
#pragma once

#include "fake_idle.hpp"
#include "fakes.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace livepusher::testing {

/// What the servers do, by the app that their urls name.
struct Servers {
    std::mutex mutex;
    std::set<std::string> takeNoOpus{};                                    ///< and say so
    std::map<std::string, Error> refusals{};                               ///< what open() answers
    std::map<std::string, std::vector<Packet>> got{};                      ///< all of its connections
    std::map<std::string, std::function<void()>> cut{};                    ///< ends the newest connection
    std::map<std::string, std::function<rtmp::LinkStatistics()>> links{};  ///< what is told of the line there
    Journal& journal;

    void refuse(const std::string& app, std::optional<Error> with) {
        std::lock_guard lock(mutex);
        refusals.erase(app);
        if (with) refusals.emplace(app, *with);
    }
    void lose(const std::string& app) {
        std::lock_guard lock(mutex);
        cut.at(app)();
    }
    std::vector<Packet> packets(const std::string& app) {
        std::lock_guard lock(mutex);
        return got[app];
    }
};

class NamedPublisher final : public rtmp::Publisher {
public:
    explicit NamedPublisher(Servers& servers) : servers_(servers) {}

    Result<void> open(const base::Url& url, const rtmp::PublisherSettings& settings, rtmp::PublisherObserver& observer) override {
        std::lock_guard lock(servers_.mutex);
        app_ = url.app();
        servers_.journal.note(app_ + " open");
        if (const auto refusal = servers_.refusals.find(app_); refusal != servers_.refusals.end()) return refusal->second;
        if (settings.audioCodec == AudioCodec::opus && servers_.takeNoOpus.contains(app_))
            return Error{Code::ServerClosed, "no Opus here", rtmp::kSoundNotTaken, true};
        servers_.cut[app_] = [state = state_] {
            state->lost = true;
            state->ended.signal();
        };
        observer.transportConnected();
        return {};
    }
    Result<void> begin() override { return {}; }
    Result<void> write(const Packet& packet) override {
        if (auto good = state(); !good) return good;
        std::lock_guard lock(servers_.mutex);
        servers_.got[app_].push_back(packet);
        if (packet.kind == Packet::Kind::Key && packet.track == Packet::Track::Video) servers_.journal.note(app_ + " key");
        return {};
    }
    Result<void> idle(Clock::time_point until, const base::EventFd& wake) override {
        (void)rtmp::test::idle(until, wake, state_->ended);
        return state();
    }
    Result<void> close(rtmp::EndReason reason) override {
        servers_.journal.note(app_ + (reason == rtmp::EndReason::Failed ? " cut" : " closed"));
        return {};
    }
    void cancel() override {
        state_->cancelled = true;
        state_->ended.signal();
    }
    rtmp::LinkStatistics statistics() const override {
        std::lock_guard lock(servers_.mutex);
        const auto link = servers_.links.find(app_);
        return link == servers_.links.end() ? rtmp::LinkStatistics{} : link->second();
    }

private:
    struct State {
        std::atomic<bool> lost{false}, cancelled{false};
        base::EventFd ended;
    };
    Result<void> state() const {
        if (state_->cancelled) return Error{Code::Cancelled, "cancelled"};
        if (state_->lost) return Error{Code::TransferFailed, app_ + " is gone"};
        return {};
    }

    Servers& servers_;
    std::string app_;
    const std::shared_ptr<State> state_ = std::make_shared<State>();
};

inline std::string url(const std::string& app) { return "rtmp://server.example/" + app + "/secret-key"; }

inline Properties pushingTo(std::vector<livepusher::Target> targets) {
    auto p = pushing();
    p.url = url("main");
    p.targets = std::move(targets);
    return p;
}

class Targets : public ::testing::Test {
protected:
    Journal& journal() { return scene_.journal; }

    LivePusherContext& make(Properties properties) {
        auto with = options(scene_, std::move(properties));
        with.handlers.onStateChange = [this](const StateChangeEvent& e) {
            journal().note(std::to_string(e.code) + (e.targetId.empty() ? "" : " " + e.targetId));
        };
        with.handlers.onNetStatus = [this](const NetStatusEvent& e) { journal().note("netstatus " + e.targetId); };
        auto stages = fakeStages(scene_);
        stages.publisher = [this](base::Url::Scheme) { return std::make_unique<NamedPublisher>(servers_); };
        return context_.emplace(std::move(with), std::move(stages));
    }
    void start(LivePusherContext& context) {
        context.start(noting(scene_, "start"));
        ASSERT_TRUE(journal().await("start:complete"));
    }

    Scene scene_;
    Servers servers_{.mutex = {}, .journal = scene_.journal};
    std::optional<LivePusherContext> context_;
};

}  // namespace livepusher::testing
