// SPDX-License-Identifier: MIT
#pragma once

#include "flv/flv.hpp"
#include "rtmp/client.hpp"
#include "rtmp/publishing_conversation.hpp"

namespace livepusher::rtmp {

/// A publishing client: connects, publishes when it is told to, and sends tags until deleteStream.
class PublishingClient final : public Client {
public:
    struct Settings {
        EnhancedRtmp enhanced = EnhancedRtmp::off;
        VideoCodec video = VideoCodec::h264;
        AudioCodec audio = AudioCodec::aac;
        ClientTimeouts timeouts{};
    };

    /// As the base's.
    PublishingClient(const base::Url& url, const Settings& settings, std::uint32_t seed, Time now);

    Error lost(Error error) const override;

    const PublishingConversation::Presumed& presumed() const { return conversation_.presumed(); }

    /// Asks for the stream, once connected(). releaseStream, FCPublish and createStream go in one breath, up to where publish
    /// needs the stream's number: some servers take the first two for the beginning.
    void publish(Time now);

    /// Sends a tag, once accepted(). Error: TransferFailed, RTMP can't hold that much.
    Result<void> write(const FlvTag& tag);

    /// Says goodbye; what the server says from now on doesn't matter. `streamEnds`: with FCUnpublish, which services read as
    /// the end of the broadcast.
    void end(bool streamEnds);

private:
    void askForStream(std::uint32_t streamId) override;

    const std::string streamKey_;
    const std::vector<std::uint8_t> dataFrame_;  ///< "@setDataFrame", which stands before onMetaData
    PublishingConversation& conversation_;       ///< the base's
};

}  // namespace livepusher::rtmp
