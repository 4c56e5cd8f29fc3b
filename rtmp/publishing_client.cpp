// SPDX-License-Identifier: MIT
#include "rtmp/publishing_client.hpp"

#include "base/big_endian.hpp"
#include "endpoint/publisher.hpp"
#include "flv/amf_writer.hpp"
#include "net/server_text.hpp"
#include "rtmp/commands.hpp"

#include <cerrno>

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kChunkSize = 4096;

Channel channelOf(FlvTagType type) {
    switch (type) {
        case FlvTagType::Audio: return Channel::Audio;
        case FlvTagType::Video: return Channel::Video;
        case FlvTagType::Script: break;
    }
    return Channel::Data;
}

}  // namespace

PublishingClient::PublishingClient(const base::Url& url, const Settings& settings, std::uint32_t seed, Time now)
    : Client(std::make_unique<PublishingConversation>(secretsOf(url), settings.enhanced, settings.audio, settings.video),
             connectCommand(url, offers(settings.enhanced, settings.audio, settings.video)), settings.timeouts, {}, seed, now),
      streamKey_(url.streamKey()),
      dataFrame_(AmfWriter().string("@setDataFrame").bytes()),
      conversation_(static_cast<PublishingConversation&>(conversation())) {}

void PublishingClient::publish(Time now) {
    control(MessageType::SetChunkSize, base::bigBytes<4>(kChunkSize));
    writer().setChunkSize(kChunkSize);
    command(releaseStreamCommand(streamKey_));
    command(fcPublishCommand(streamKey_));
    createStream(now);
}

void PublishingClient::askForStream(std::uint32_t streamId) { command(publishCommand(streamKey_), streamId); }

Result<void> PublishingClient::write(const FlvTag& tag) {
    const auto head = tag.type == FlvTagType::Script ? std::span<const std::uint8_t>(dataFrame_) : tag.head();
    if (const std::size_t size = head.size() + tag.data.size(); size > ChunkWriter::kMaxBody)
        return Error{Code::TransferFailed, "a packet of " + std::to_string(size) + " bytes: RTMP takes less than 16 MiB"};
    writer().write({channelOf(tag.type), static_cast<MessageType>(tag.type), conversation_.streamId(),
                    static_cast<std::uint32_t>(tag.timestamp), head, tag.data},
                   output());
    return {};
}

void PublishingClient::end(bool streamEnds) {
    if (streamEnds) command(fcUnpublishCommand(streamKey_));
    Client::end();
}

Error PublishingClient::lost(Error error) const {
    using Step = Conversation::Step;
    error = Client::lost(std::move(error));
    const auto step = conversation_.step();
    const bool closed = error.code == Code::ServerClosed;
    // A server that doesn't read what is still on its way ends it by RST.
    const bool refused = step == Step::Asking && (closed || error.native == ECONNRESET);
    if (refused || (step == Step::Accepted && closed)) error.native = kClosedInSilence;
    return error;
}

}  // namespace livepusher::rtmp
