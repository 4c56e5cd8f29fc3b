// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bytes.hpp"
#include "endpoint/subscriber.hpp"

namespace livepusher::rtmp::test {

/// A subscriber under test, and who hears it.
struct Player final : SubscriberObserver, ReceivedPackets {
    SubscriberSettings settings;
    std::vector<std::string> events;
    std::vector<Packet> packets;
    std::vector<StreamMetadata> said;
    std::string redirectedTo;
    std::size_t enough = 0;  ///< packets after which run() is to return; 0: none
    base::EventFd wake;
    std::unique_ptr<Subscriber> subscriber;

    explicit Player(std::unique_ptr<Subscriber> made) : subscriber(std::move(made)) {}

    Result<void> open(const std::string& url) { return shown(subscriber->open(*base::Url::parse(url), settings, *this)); }
    Result<Subscriber::State> run() { return shown(subscriber->run(Subscriber::Clock::time_point::max(), wake, *this)); }
    bool has(const std::string& event) const { return std::ranges::find(events, event) != events.end(); }
    Bytes bytes(std::size_t packet) const { return *packets.at(packet).data; }

private:
    template <typename T>
    static Result<T> shown(Result<T> done) {
        if (!done) {
            EXPECT_EQ(done.error().message.find("s3cr3t"), std::string::npos) << done.error().message;
            EXPECT_EQ(done.error().message.find("t0ken"), std::string::npos) << done.error().message;
        }
        return done;
    }
    void transportConnected() override { events.emplace_back("connected"); }
    void playing() override { events.emplace_back("playing"); }
    void streamBegan() override { events.emplace_back("began"); }
    void publisherLeft() override { events.emplace_back("left"); }
    void metadata(const StreamMetadata& metadata) override { said.push_back(metadata); }
    void trackLeftOut(const std::string& name) override { events.push_back(name); }
    void reconnectRequested(const ReconnectRequest& request) override { events.push_back("reconnect " + request.words); }
    void redirected(const std::string& to) override { redirectedTo = to; }
    void take(Packet packet) override {
        packets.push_back(std::move(packet));
        if (packets.size() == enough) wake.signal();
    }
};

}  // namespace livepusher::rtmp::test
