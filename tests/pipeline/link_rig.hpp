// SPDX-License-Identifier: MIT
#pragma once

#include "packets.hpp"
#include "pipeline/link.hpp"
#include "rtmp/publishers.hpp"
#include "scene.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace livepusher::testing {

/// A Link as a session has one, with real connections, and lanes that give a picture every 4 ms, numbered in its data,
/// and a sound with each. The journal gets codes as "1002", messages of 1102, and "gave up".
class LinkRig : public pipeline::KeyFrameSource, public pipeline::PublishingObserver {
public:
    LinkRig(const std::string& url, base::ReconnectSpec reconnect, rtmp::PublisherSettings settings = {})
        : LinkRig(std::vector{url}, std::move(reconnect), std::move(settings)) {}
    LinkRig(const std::vector<std::string>& urls, base::ReconnectSpec reconnect, rtmp::PublisherSettings settings = {})
        : events_({.onStateChange =
                       [this](const StateChangeEvent& e) {
                           journal.note(std::to_string(e.code));
                           if (e.code == static_cast<int>(Code::Reconnecting)) journal.note(e.message);
                       },
                   .onNetStatus = {},
                   .onError = {}},
                  {}),
          control_("control") {
        queue_.expect(true, true);
        run([this, &urls, &reconnect, &settings] {
            pipeline::Link::Settings to{.urls = {}, .publisher = settings};
            for (const auto& url : urls) to.urls.push_back(*base::Url::parse(url));
            link_.emplace([](base::Url::Scheme) { return rtmp::makeRtmpPublisher(); }, std::move(to), reconnect, queue_, control_,
                          pipeline::TargetEvents(events_, "main"), *this, *this);
        });
        lanes_ = std::jthread([this](const std::stop_token& stop) { push(stop); });
    }
    ~LinkRig() { stop(); }
    LinkRig(const LinkRig&) = delete;
    LinkRig& operator=(const LinkRig&) = delete;

    /// In order.
    void stop() {
        if (!lanes_.joinable()) return;
        lanes_.request_stop();
        lanes_.join();
        queue_.finish();
        run([this] {
            link_->drain(std::chrono::seconds(5));
            link_.reset();
        });
        control_.join();
        events_.close();
    }
    template <typename Task>
    void run(Task task) {
        std::promise<void> done;
        control_.post([&] {
            task();
            done.set_value();
        });
        done.get_future().wait();
    }
    const pipeline::Link& link() const { return *link_; }  ///< in run() alone

    Journal journal;

    void forceKey() override { wantKey_ = true; }
    void published() override { journal.note("publishing"); }
    void interrupted() override { journal.note("interrupted"); }
    void gaveUp(const Error&) override { journal.note("gave up"); }

private:
    void push(const std::stop_token& stop) {
        using rtmp::test::audioConfig;
        using rtmp::test::be;
        using rtmp::test::media;
        using rtmp::test::videoConfig;
        queue_.push(videoConfig());
        queue_.push(audioConfig());
        const auto begin = std::chrono::steady_clock::now();
        for (std::uint32_t number = 0; !stop.stop_requested(); ++number) {
            const auto at = std::chrono::duration_cast<Timestamp>(std::chrono::steady_clock::now() - begin).count();
            const bool key = wantKey_.exchange(false) || number % 250 == 0;
            auto bytes = be(number, 4);
            bytes.resize(200);
            const auto kind = key ? Packet::Kind::Key : Packet::Kind::Delta;
            if (queue_.push(media(Packet::Track::Video, kind, at, at, bytes))) wantKey_ = true;
            queue_.push(media(Packet::Track::Audio, Packet::Kind::Key, at, at, be(number, 4)));
            std::this_thread::sleep_for(std::chrono::milliseconds(4));  // the pace of the media, nobody waits for it
        }
    }

    std::atomic<bool> wantKey_{false};
    pipeline::SendQueue queue_{std::chrono::seconds(2)};
    pipeline::Events events_;
    session::ControlLoop control_;
    std::optional<pipeline::Link> link_;
    std::jthread lanes_;
};

}  // namespace livepusher::testing
