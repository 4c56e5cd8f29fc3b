// SPDX-License-Identifier: MIT
#include "rtmp/librtmp_session.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "bytes.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;

class LibrtmpSessionTest : public testing::Test {
protected:
    LibrtmpSessionTest() {
        EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), 0);
        session_ = std::make_unique<LibrtmpSession>(ends_[0]);
    }
    ~LibrtmpSessionTest() override {
        session_.reset();
        if (ends_[1] != -1) close(ends_[1]);
    }

    Bytes sent() {
        Bytes out(1 << 20);
        const auto got = recv(ends_[1], out.data(), out.size(), MSG_DONTWAIT);
        out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return out;
    }

    std::array<int, 2> ends_{-1, -1};
    std::unique_ptr<LibrtmpSession> session_;
};

TEST_F(LibrtmpSessionTest, WritesFullHeadersWithAbsoluteTimestamps) {
    for (const std::uint32_t time : {5U, 5U, 25U}) {
        const Bytes head{0x27, 1};
        const Bytes data = text("abc");
        ASSERT_TRUE(session_->send({Channel::Video, MessageType::Video, 1, time, head, data}));
        EXPECT_EQ(sent(), fullHeader(6, time, 5, 9, 1) + head + data);
    }
}

TEST_F(LibrtmpSessionTest, CutsMessagesIntoChunks) {
    const Bytes data = Bytes(100, 'a') + Bytes(100, 'b') + Bytes(100, 'c');
    ASSERT_TRUE(session_->send({Channel::Audio, MessageType::Audio, 1, 0, {}, data}));
    EXPECT_EQ(sent(), message(4, 8, data, 1, 128));
    session_->setChunkSize(200);
    ASSERT_TRUE(session_->send({Channel::Audio, MessageType::Audio, 1, 0, {}, data}));
    EXPECT_EQ(sent(), message(4, 8, data, 1, 200));
}

TEST_F(LibrtmpSessionTest, RepeatsAnExtendedTimestampOnEveryChunk) {
    session_->setChunkSize(4096);
    for (const std::uint32_t time : {0xFFFFFEU, 0xFFFFFFU, 0x1000000U, 0xFFFFFFFFU}) {
        SCOPED_TRACE(time);
        const Bytes data = Bytes(4096, 'a') + Bytes(4096, 'b') + text("c");
        ASSERT_TRUE(session_->send({Channel::Video, MessageType::Video, 1, time, {}, data}));
        const Bytes again = Bytes{0xC6} + (time >= 0xFFFFFF ? be(time, 4) : Bytes{});
        EXPECT_EQ(sent(),
                  fullHeader(6, time, data.size(), 9, 1) + Bytes(4096, 'a') + again + Bytes(4096, 'b') + again + text("c"));
    }
}

TEST_F(LibrtmpSessionTest, KnowsWhatAMessageTakesOnTheWire) {
    for (const std::size_t chunk : {128U, 4096U}) {
        session_->setChunkSize(chunk);
        for (const std::uint32_t time : {0U, 0xFFFFFFU})
            for (const std::size_t size : {0U, 1U, 127U, 128U, 129U, 256U, 4096U, 4097U, 20000U}) {
                const Bytes data(size, 'x');
                ASSERT_TRUE(session_->send({Channel::Video, MessageType::Video, 1, time, {}, data}));
                EXPECT_EQ(sent().size(), session_->wireSize(size, time)) << size << " bytes in chunks of " << chunk;
            }
    }
}

TEST_F(LibrtmpSessionTest, FailsWithoutASignalWhenTheOtherEndIsGone) {
    close(std::exchange(ends_[1], -1));
    const Bytes data(10, 'x');
    EXPECT_FALSE(session_->send({Channel::Audio, MessageType::Audio, 1, 0, {}, data}));
    EXPECT_FALSE(session_->send({Channel::Audio, MessageType::Audio, 1, 0, {}, data}));
    EXPECT_FALSE(session_->handshake(data));
}

}  // namespace
}  // namespace livepusher::rtmp
