// SPDX-License-Identifier: MIT
// The one file that knows librtmp.
#include "rtmp/librtmp_session.hpp"

#include <librtmp/log.h>
#include <librtmp/rtmp.h>

#include <signal.h>

#include <algorithm>
#include <cassert>
#include <mutex>

#include "flv/amf_writer.hpp"

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

AVal toAval(std::string_view text) {
    return {const_cast<char*>(text.data()), static_cast<int>(text.size())};  // NOLINT: AVal is read only here
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

template <typename Encode>
AmfWriter& AmfWriter::append(std::size_t room, Encode encode) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + room);
    char* const begin = reinterpret_cast<char*>(bytes_.data() + before);
    char* const end = encode(begin, begin + room);
    assert(end);
    bytes_.resize(before + static_cast<std::size_t>(end - begin));
    return *this;
}

AmfWriter& AmfWriter::number(double value) {
    return append(9, [&](char* at, char* end) { return AMF_EncodeNumber(at, end, value); });
}

AmfWriter& AmfWriter::boolean(bool value) {
    return append(2, [&](char* at, char* end) { return AMF_EncodeBoolean(at, end, value ? 1 : 0); });
}

AmfWriter& AmfWriter::string(std::string_view value) {
    AVal text = toAval(value.substr(0, 65535));
    return append(value.size() + 8, [&](char* at, char* end) { return AMF_EncodeString(at, end, &text); });
}

AmfWriter& AmfWriter::null() {
    bytes_.push_back(AMF_NULL);
    return *this;
}

AmfWriter& AmfWriter::beginObject() {
    bytes_.push_back(AMF_OBJECT);
    return *this;
}

AmfWriter& AmfWriter::beginEcmaArray(std::uint32_t count) {
    bytes_.push_back(AMF_ECMA_ARRAY);
    return append(4, [&](char* at, char* end) { return AMF_EncodeInt32(at, end, static_cast<int>(count)); });
}

AmfWriter& AmfWriter::beginStrictArray(std::uint32_t count) {
    bytes_.push_back(AMF_STRICT_ARRAY);
    return append(4, [&](char* at, char* end) { return AMF_EncodeInt32(at, end, static_cast<int>(count)); });
}

AmfWriter& AmfWriter::key(std::string_view name) {
    const auto size = static_cast<std::uint16_t>(name.size());
    bytes_.push_back(static_cast<std::uint8_t>(size >> 8));
    bytes_.push_back(static_cast<std::uint8_t>(size & 0xFF));
    bytes_.insert(bytes_.end(), name.begin(), name.end());
    return *this;
}

AmfWriter& AmfWriter::endObject() {
    return append(3, [](char* at, char* end) { return AMF_EncodeInt24(at, end, AMF_OBJECT_END); });
}

AmfWriter& AmfWriter::member(std::string_view name, double value) {
    const AVal key = toAval(name);
    return append(name.size() + 16, [&](char* at, char* end) { return AMF_EncodeNamedNumber(at, end, &key, value); });
}

AmfWriter& AmfWriter::member(std::string_view name, std::string_view value) {
    const AVal key = toAval(name);
    const AVal text = toAval(value.substr(0, 65535));
    return append(name.size() + value.size() + 16,
                  [&](char* at, char* end) { return AMF_EncodeNamedString(at, end, &key, &text); });
}

AmfWriter& AmfWriter::flag(std::string_view name, bool value) {
    const AVal key = toAval(name);
    return append(name.size() + 16, [&](char* at, char* end) { return AMF_EncodeNamedBoolean(at, end, &key, value ? 1 : 0); });
}

}  // namespace livepusher::rtmp
