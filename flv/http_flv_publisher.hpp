// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "flv/flv.hpp"
#include "flv/http_upload.hpp"

#include <chrono>
#include <vector>

namespace livepusher::rtmp {

/// Posts the stream as FLV to an HTTP server: the packetizer makes tags of packets, the upload carries their bytes.
/// open() is done when the head of the request is on its way and the server has not refused it at once: HTTP has no
/// word for "go on" that servers agree on. What the server says later comes as a failure.
class HttpFlvPublisher final : public Publisher {
public:
    HttpFlvPublisher();

    Result<void> open(const base::Url& url, const PublisherSettings& settings, std::function<void()> onConnected) override;
    Result<void> write(const Packet& packet) override;
    std::optional<Error> failed() const override;
    void onFailed(std::function<void()> notify) override;
    void close() override;
    void cancel() override;
    LinkStatistics statistics() const override;

private:
    Result<void> sendTag(const FlvTag& tag);

    std::string name_;  ///< of the target, for people
    std::function<void()> notify_;
    std::chrono::milliseconds closeTimeout_{};
    bool tried_ = false;
    bool open_ = false;
    bool headerSent_ = false;
    FlvPacketizer packetizer_;
    std::vector<std::uint8_t> buffer_;
    HttpUpload upload_;  // last: its thread uses notify_
};

}  // namespace livepusher::rtmp
