// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "flv/flv.hpp"
#include "flv/http_post.hpp"
#include "net/transport.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace livepusher::rtmp {

/// Posts the stream as FLV to an HTTP server: the packetizer makes tags of packets, the post a body of them, the transport
/// carries its bytes. begin() is done when the head of the request is on its way and the server has not refused it at once:
/// HTTP has no word for "go on" that servers agree on. What the server says later comes as a failure.
class HttpFlvPublisher final : public Publisher {
public:
    Result<void> open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) override;
    Result<void> begin() override;
    Result<void> write(const Packet& packet) override;
    Result<void> idle(Clock::time_point until, const Wake& wake) override;
    Result<void> close(EndReason reason) override;
    void cancel() override { transport_.cancel(); }
    LinkStatistics statistics() const override { return transport_.statistics(); }

private:
    Result<void> sendTag(const FlvTag& tag);

    std::string name_;  ///< of the target, for people
    std::chrono::milliseconds closeTimeout_{};
    bool tried_ = false;
    bool headerSent_ = false;
    FlvPacketizer packetizer_;
    std::vector<std::uint8_t> buffer_;
    std::optional<HttpPost> post_;  ///< while it is open
    Transport transport_;
};

}  // namespace livepusher::rtmp
