// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "bytes.hpp"
#include "conversation_case.hpp"
#include "rtmp/commands.hpp"
#include "rtmp/publishing_client.hpp"

namespace livepusher::rtmp {

using namespace test;
using namespace std::chrono_literals;

inline const base::Url kUrl = *base::Url::parse("rtmp://live.example/app/k3y-of-mine?token=t0ken");
inline const std::string kStreamKey = "k3y-of-mine?token=t0ken";

/// S0, S1 and S2.
inline Bytes serverHandshake() { return Bytes{3} + Bytes(1536, 0x11) + Bytes(1536, 0x22); }

/// A client that a test speaks to, at times that it makes up.
struct Talk {
    Protocol::Time now{1h};
    PublishingClient client;

    explicit Talk(PublishingClient::Settings settings = {}, const base::Url& url = kUrl) : client(url, timed(settings), 1, now) {}

    static PublishingClient::Settings timed(PublishingClient::Settings settings) {
        settings.timeouts.handshake = 5s;
        settings.timeouts.response = 15s;
        return settings;
    }
    Result<void> hear(const Bytes& bytes) { return client.handleInput(bytes, now); }
    Result<void> hearCommand(const Bytes& body) { return hear(message(3, 20, body)); }
    Bytes said() { return std::exchange(client.output(), {}); }

    /// As far as this step: Connecting is after the handshake, Creating before publish() and Publishing after the command.
    Talk& to(Step step) {
        EXPECT_TRUE(hear(serverHandshake()));
        if (step >= Step::Creating) {
            EXPECT_TRUE(hearCommand(kConnected));
        }
        if (step >= Step::Asking) {
            client.publish(now);
            EXPECT_TRUE(hearCommand(kCreated));
        }
        if (step >= Step::Accepted) {
            EXPECT_TRUE(hearCommand(kStarted));
        }
        said();
        return *this;
    }
};

}  // namespace livepusher::rtmp
