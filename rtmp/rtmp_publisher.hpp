// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "flv/flv.hpp"
#include "net/transport.hpp"
#include "rtmp/client.hpp"

#include <optional>

namespace livepusher::rtmp {

/// Joins the parts of an RTMP connection: the packetizer makes tags of packets, the client messages of tags, the transport
/// carries their bytes. A server that asks for user and password is connected to again, until it takes them.
class RtmpPublisher final : public Publisher {
public:
    Result<void> open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) override;
    Result<void> begin() override;
    Result<void> write(const Packet& packet) override;
    Result<void> idle(Clock::time_point until, const Wake& wake) override;
    Result<void> close(EndReason reason) override;
    void cancel() override { transport_.cancel(); }
    LinkStatistics statistics() const override { return transport_.statistics(); }

private:
    Result<void> connect(const base::Url& url, const PublisherSettings& settings);
    Result<void> logIn(const base::Url& url, const PublisherSettings& settings);
    Result<void> sendTag(const FlvTag& tag);
    Result<void> tell(Result<void> done);

    PublisherObserver* observer_ = nullptr;
    std::chrono::milliseconds closeTimeout_{};
    FlvPacketizer packetizer_;
    std::optional<Client> client_;  ///< of the newest connection
    Transport transport_;
};

}  // namespace livepusher::rtmp
