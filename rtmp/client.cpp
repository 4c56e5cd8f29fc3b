// SPDX-License-Identifier: MIT
#include "rtmp/client.hpp"

#include "base/big_endian.hpp"
#include "base/seconds_text.hpp"
#include "rtmp/commands.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace livepusher::rtmp {

namespace {

using Step = Conversation::Step;

constexpr std::size_t kPart = 1536;  // of C1, C2, S1 and S2 (RTMP 1.0 §5.2.3)
constexpr std::uint8_t kRtmpVersion = 3;

// C0 and C1 (RTMP 1.0 §5.2.2): the version, a time, zeros, and bytes of no meaning.
void beginHandshake(std::vector<std::uint8_t>& out, std::uint32_t seed, Protocol::Time now) {
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    out.push_back(kRtmpVersion);
    base::appendBig<4>(out, static_cast<std::uint64_t>(time));
    out.resize(out.size() + 4);
    std::minstd_rand random(seed);
    std::generate_n(std::back_inserter(out), kPart - 8, [&] { return static_cast<std::uint8_t>(random() >> 8); });
}

}  // namespace

Client::Client(std::unique_ptr<Conversation> conversation, std::vector<std::uint8_t> connect, const ClientTimeouts& timeouts,
               const ChunkLimits& limits, std::uint32_t seed, Time now)
    : conversation_(std::move(conversation)),
      connect_(std::move(connect)),
      timeouts_(timeouts),
      reader_([this](const InboundMessage& message) { return conversation_->take(message); }, limits),
      deadline_(now + timeouts_.handshake) {
    beginHandshake(output(), seed, now);
}

Result<void> Client::handleInput(std::span<const std::uint8_t> bytes, Time now) {
    if (ended_ || bytes.empty()) return {};
    if (!handshaken()) {
        const auto taken = takeHandshake(bytes, now);
        if (!taken) return taken.error();
        bytes = bytes.subspan(*taken);
        if (bytes.empty()) return {};
    }
    const auto error = reader_.feed(bytes);
    conversation_->received(bytes.size());
    for (const auto& reply : conversation_->takeReplies()) control(reply.type, reply.body());
    progress(now);
    if (error) return *error;
    return {};
}

// C2 is S1 again; S2, which should be C1 again, is not looked at: some servers have their own idea of it.
Result<std::size_t> Client::takeHandshake(std::span<const std::uint8_t> bytes, Time now) {
    if (received_ == 0 && bytes[0] != kRtmpVersion)
        return Error{Code::HandshakeFailed,
                     "the server does not speak RTMP: its first byte is " + std::to_string(bytes[0]) + ", not 3"};
    const auto part = bytes.first(std::min(bytes.size(), kHandshakeBytes - received_));
    for (const auto byte : part) {
        if (received_ >= 1 && received_ <= kPart) echo_.push_back(byte);
        if (received_++ == kPart) output().insert(output().end(), echo_.begin(), echo_.end());
    }
    conversation_->received(part.size());
    if (!handshaken()) return part.size();
    echo_ = {};
    command(connect_);
    expectAnswer(now);
    return part.size();
}

// Goes as far as what the server has said allows.
void Client::progress(Time now) {
    if (connected() && !creating_) deadline_.reset();
    if (creating_ && !asked_ && conversation_->step() >= Step::Asking) {
        asked_ = true;
        askForStream(conversation_->streamId());
        expectAnswer(now);
    }
    if (accepted()) deadline_.reset();
}

void Client::createStream(Time now) {
    command(createStreamCommand());
    creating_ = true;
    expectAnswer(now);
    progress(now);
}

void Client::end() {
    command(deleteStreamCommand(conversation_->streamId()));
    deadline_.reset();
    ended_ = true;
}

void Client::command(std::span<const std::uint8_t> body, std::uint32_t streamId) {
    writer_.write({Channel::Command, MessageType::Command, streamId, 0, body, {}}, output());
}

void Client::control(MessageType type, std::span<const std::uint8_t> body) {
    writer_.write({Channel::Control, type, 0, 0, body, {}}, output());
}

Error Client::timedOut() const {
    if (!handshaken())
        return {Code::HandshakeFailed,
                "the server did not answer the RTMP handshake within " + base::secondsText(timeouts_.handshake)};
    return {Code::ServerClosed, std::string("the server did not answer ") + conversation_->awaited() + " within " +
                                    base::secondsText(timeouts_.response)};
}

Error Client::lost(Error error) const {
    if (!handshaken()) return {Code::HandshakeFailed, "the RTMP handshake failed: " + error.message, error.native};
    const auto step = conversation_->step();
    if (error.code == Code::ServerClosed && step != Step::Accepted)
        error.message += std::string(" instead of answering ") + conversation_->awaited() +
                         (step == Step::Asking ? "; is the stream key right?" : "");
    return error;
}

}  // namespace livepusher::rtmp
