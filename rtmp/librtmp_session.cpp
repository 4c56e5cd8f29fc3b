// SPDX-License-Identifier: MIT
#include "rtmp/librtmp_session.hpp"

#include <librtmp/log.h>
#include <librtmp/rtmp.h>

#include <signal.h>

#include <algorithm>
#include <cassert>
#include <mutex>

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kHeadroom = RTMP_MAX_HEADER_SIZE;  // RTMP_SendPacket builds the chunk header in front of the body

// librtmp sends without MSG_NOSIGNAL, and a peer that is gone would end the process. Blocked once in each
// thread that gets here (the uplink's and the transport's): undoing it would cost four calls for every message.
void blockSigpipe() {
    thread_local const bool blocked = [] {
        sigset_t sigpipe;
        sigemptyset(&sigpipe);
        sigaddset(&sigpipe, SIGPIPE);
        return pthread_sigmask(SIG_BLOCK, &sigpipe, nullptr) == 0;
    }();
    (void)blocked;
}

// Its log goes to stderr otherwise, and some of its lines hold the stream key. Every failure is reported by its caller.
void silence() {
    static std::once_flag once;
    std::call_once(once, [] { RTMP_LogSetCallback([](int, const char*, va_list) {}); });
}

}  // namespace

struct LibrtmpSession::Impl {
    RTMP rtmp{};
    std::vector<std::uint8_t> scratch;

    RTMPPacket packet(const OutboundMessage& message) {
        // Copied, for librtmp writes chunk headers over the body; the buffer is kept from message to message.
        scratch.resize(kHeadroom);
        scratch.insert(scratch.end(), message.head.begin(), message.head.end());
        scratch.insert(scratch.end(), message.data.begin(), message.data.end());
        RTMPPacket packet{};
        packet.m_headerType = RTMP_PACKET_SIZE_LARGE;  // a short one would make the server count up rounded differences
        packet.m_packetType = static_cast<std::uint8_t>(message.type);
        packet.m_hasAbsTimestamp = 1;
        packet.m_nChannel = static_cast<int>(message.channel);
        packet.m_nTimeStamp = message.timestamp;
        packet.m_nInfoField2 = static_cast<std::int32_t>(message.streamId);
        packet.m_nBodySize = static_cast<std::uint32_t>(scratch.size() - kHeadroom);
        packet.m_body = reinterpret_cast<char*>(scratch.data() + kHeadroom);
        return packet;
    }
};

LibrtmpSession::LibrtmpSession(int fd) : impl_(std::make_unique<Impl>()) {
    silence();
    RTMP_Init(&impl_->rtmp);
    RTMP_EnableWrite(&impl_->rtmp);
    impl_->rtmp.m_sb.sb_socket = fd;
}

LibrtmpSession::~LibrtmpSession() {
    blockSigpipe();
    RTMP_Close(&impl_->rtmp);  // closes the descriptor; sends nothing, for m_stream_id was never set
}

bool LibrtmpSession::handshake(std::span<const std::uint8_t> connectCommand) {
    blockSigpipe();
    RTMPPacket packet = impl_->packet({Channel::Command, MessageType::Command, 0, 0, connectCommand, {}});
    return RTMP_Connect1(&impl_->rtmp, &packet) != 0;
}

void LibrtmpSession::setChunkSize(std::size_t bytes) { impl_->rtmp.m_outChunkSize = static_cast<int>(bytes); }

bool LibrtmpSession::send(const OutboundMessage& message) {
    assert(message.head.size() + message.data.size() <= kMaxBody);
    if (!RTMP_IsConnected(&impl_->rtmp)) return false;
    blockSigpipe();
    RTMPPacket packet = impl_->packet(message);
    return RTMP_SendPacket(&impl_->rtmp, &packet, 0) != 0;
}

std::size_t LibrtmpSession::wireSize(std::size_t bodySize, std::uint32_t timestamp) const {
    const auto chunkSize = static_cast<std::size_t>(impl_->rtmp.m_outChunkSize);
    const std::size_t chunks = std::max<std::size_t>(1, (bodySize + chunkSize - 1) / chunkSize);
    const std::size_t extended = timestamp >= 0xFFFFFF ? 4 : 0;
    return bodySize + 11 + chunks * (1 + extended);
}

}  // namespace livepusher::rtmp
