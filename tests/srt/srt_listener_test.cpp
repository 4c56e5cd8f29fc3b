// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <srt/access_control.h>

#include <thread>

#include "expect_holds.hpp"
#include "publisher_client.hpp"
#include "srt/connecting.hpp"
#include "srt_receiver.hpp"

namespace livepusher::srt {
namespace {

using namespace std::chrono_literals;
using rtmp::test::Client;
using test::kSrt;

int freePort() {
    const test::SrtReceiver receiver;
    return receiver.port();
}

std::string at(int port, const std::string& query) { return "srt://127.0.0.1:" + std::to_string(port) + "?" + query; }

TEST(SrtListener, WaitsForAReceiverAndTellsOthersThatTheStreamHasOne) {
    const int port = freePort();
    for (int again = 0; again < 2; ++again) {  // the port is free at once
        Client listener(kSrt);
        Result<void> opened;
        std::thread opener([&] { opened = listener.open("srt://:" + std::to_string(port) + "?mode=listener&streamid=s3cr3t"); });
        Client stranger(kSrt);
        Result<void> refused;
        do refused = stranger.publisher->open(*base::Url::parse(at(port, "streamid=s3cr3t-other")), stranger.settings, stranger);
        while (!refused && refused.error().code == Code::TcpFailed && (stranger.publisher = rtmp::test::makePublisher(kSrt)));
        ASSERT_FALSE(refused);
        capture::expectHolds(refused.error().message, "refused the streamid: forbidden (1403)");

        Client receiver(kSrt);
        const auto called = receiver.open(at(port, "streamid=s3cr3t"));
        EXPECT_TRUE(called) << called.error().message;
        opener.join();
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ(listener.connected, 1);
        EXPECT_EQ(listener.publisher->statistics().serverIp, "127.0.0.1");

        Client late(kSrt);
        const auto taken = late.open(at(port, "streamid=s3cr3t"));
        ASSERT_FALSE(taken);
        EXPECT_EQ(taken.error().native, rtmp::kNameInUse);
        receiver.close();
        EXPECT_EQ(listener.failure().code, Code::ServerClosed);
    }
}

TEST(SrtListener, IsCancelledWhileItWaits) {
    Client listener(kSrt);
    std::thread canceller([&] { listener.publisher->cancel(); });
    const auto opened = listener.open(at(freePort(), "mode=listener"));
    canceller.join();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::Cancelled);
}

TEST(Doorkeeper, RefusesStrangersAndWhoComesLate) {
    Doorkeeper doorkeeper("id"), open("");
    EXPECT_EQ(doorkeeper.refuses("id"), 0);
    EXPECT_EQ(doorkeeper.refuses(""), SRT_REJX_FORBIDDEN);
    EXPECT_EQ(open.refuses("whoever"), 0);
    doorkeeper.closeDoor();
    EXPECT_EQ(doorkeeper.refuses("id"), SRT_REJX_CONFLICT);
}

}  // namespace
}  // namespace livepusher::srt
