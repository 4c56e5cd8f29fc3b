// SPDX-License-Identifier: MIT
// What librtmp, which servers have heard for fifteen years, says in the same place.
#include <gtest/gtest.h>

#include <librtmp/log.h>
#include <librtmp/rtmp.h>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <random>

#include "bytes.hpp"
#include "rtmp/commands.hpp"
#include "rtmp/publishing_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;

/// librtmp on one end of a socket pair.
class Librtmp {
public:
    Librtmp() {
        RTMP_LogSetCallback([](int, const char*, va_list) {});
        EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), 0);
        for (const int end : ends_) {
            const int room = 1 << 20;
            setsockopt(end, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
        }
        RTMP_Init(&rtmp_);
        RTMP_EnableWrite(&rtmp_);
        rtmp_.m_sb.sb_socket = ends_[0];
    }
    ~Librtmp() {
        RTMP_Close(&rtmp_);
        close(ends_[1]);
    }
    Librtmp(const Librtmp&) = delete;
    Librtmp& operator=(const Librtmp&) = delete;

    /// All that it says when the server answers so, and then connect.
    Bytes handshake(const Bytes& answer, const OutboundMessage& connect) {
        EXPECT_EQ(::send(ends_[1], answer.data(), answer.size(), 0), static_cast<ssize_t>(answer.size()));
        auto packet = packetOf(connect);
        EXPECT_NE(RTMP_Connect1(&rtmp_, &packet), 0);
        return sent();
    }
    Bytes message(const OutboundMessage& message) {
        auto packet = packetOf(message);
        EXPECT_NE(RTMP_SendPacket(&rtmp_, &packet, 0), 0);
        return sent();
    }
    void setChunkSize(std::size_t bytes) { rtmp_.m_outChunkSize = static_cast<int>(bytes); }

private:
    RTMPPacket packetOf(const OutboundMessage& message) {
        body_.assign(RTMP_MAX_HEADER_SIZE, 0);  // it builds headers in front of the body, and over it
        body_.insert(body_.end(), message.head.begin(), message.head.end());
        body_.insert(body_.end(), message.data.begin(), message.data.end());
        RTMPPacket packet{};
        packet.m_headerType = RTMP_PACKET_SIZE_LARGE;
        packet.m_packetType = static_cast<std::uint8_t>(message.type);
        packet.m_hasAbsTimestamp = 1;
        packet.m_nChannel = static_cast<int>(message.channel);
        packet.m_nTimeStamp = message.timestamp;
        packet.m_nInfoField2 = static_cast<std::int32_t>(message.streamId);
        packet.m_nBodySize = static_cast<std::uint32_t>(body_.size() - RTMP_MAX_HEADER_SIZE);
        packet.m_body = reinterpret_cast<char*>(body_.data() + RTMP_MAX_HEADER_SIZE);
        return packet;
    }
    Bytes sent() const {
        Bytes out(1 << 20);
        const auto got = recv(ends_[1], out.data(), out.size(), MSG_DONTWAIT);
        out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return out;
    }

    RTMP rtmp_{};
    std::array<int, 2> ends_{-1, -1};
    Bytes body_;
};

TEST(LibrtmpBytes, ShakesHandsAndConnectsInTheSameBytes) {
    const auto url = *base::Url::parse("rtmp://live.example/app/key");
    Bytes answer{3};
    for (std::size_t i = 0; i < 3072; ++i) answer.push_back(static_cast<std::uint8_t>(i < 8 ? 0 : i * 7 + i / 256));
    const auto command = connectCommand(url, true);
    ASSERT_GT(command.size(), 256U) << "in chunks";
    const auto theirs = Librtmp().handshake(answer, {Channel::Command, MessageType::Command, 0, 0, command, {}});

    PublishingClient client(url, {.enhanced = EnhancedRtmp::require}, 1, {});
    ASSERT_TRUE(client.handleInput(answer, {}));
    const auto& ours = client.output();
    ASSERT_EQ(ours.size(), theirs.size());
    const auto part = [](const Bytes& of, std::size_t from, std::size_t to) {
        return Bytes(of.begin() + static_cast<std::ptrdiff_t>(from), of.begin() + static_cast<std::ptrdiff_t>(to));
    };
    EXPECT_EQ(ours[0], theirs[0]) << "C0";
    EXPECT_EQ(part(ours, 5, 9), part(theirs, 5, 9)) << "C1's zeros, between a time and random bytes";
    EXPECT_EQ(part(ours, 1537, ours.size()), part(theirs, 1537, theirs.size())) << "C2 and connect";
}

TEST(LibrtmpBytes, WritesTheSameChunks) {
    std::minstd_rand random(7);
    Bytes body(70'000);
    for (auto& byte : body) byte = static_cast<std::uint8_t>(random() >> 8);
    const std::span<const std::uint8_t> all(body);
    ChunkWriter ours;
    Librtmp theirs;
    for (const std::size_t chunk : {128U, 1U, 200U, 4096U, 65536U}) {
        ours.setChunkSize(chunk);
        theirs.setChunkSize(chunk);
        for (const std::size_t size : {0U, 1U, 2U, 127U, 128U, 129U, 256U, 4095U, 4096U, 4097U, 8192U, 70'000U})
            for (const std::uint32_t time : {0U, 5U, 0xFFFFFEU, 0xFFFFFFU, 0x1000000U, 0xFFFFFFFFU})
                for (const auto channel : {Channel::Control, Channel::Command, Channel::Audio, Channel::Video}) {
                    if (chunk == 1 && size > 256) continue;
                    const std::size_t head = size / 3;
                    const OutboundMessage message{channel, MessageType::Video, channel == Channel::Video ? 0x01020304U : 1U,
                                                  time,    all.first(head),    all.subspan(head, size - head)};
                    Bytes written;
                    ours.write(message, written);
                    ASSERT_TRUE(written == theirs.message(message))
                        << size << " bytes in chunks of " << chunk << " at " << time << " on " << static_cast<int>(channel);
                }
    }
}

}  // namespace
}  // namespace livepusher::rtmp
