// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>

#include "rtmp/rtmp_publisher.hpp"

namespace livepusher::rtmp {

/// An RTMP connection to a server that may ask for user and password first: one connection after the other until the last is
/// accepted, and that one from then on.
class LoginPublisher final : public Publisher {
public:
    Result<void> open(const base::Url& url, const PublisherSettings& settings, std::function<void()> onConnected) override;
    Result<void> write(const Packet& packet) override { return current()->write(packet); }
    std::optional<Error> failed() const override { return current()->failed(); }
    std::string redirection() const override { return current()->redirection(); }
    void onFailed(std::function<void()> notify) override { notify_ = std::move(notify); }
    void onReconnectRequest(std::function<void(ReconnectRequest)> take) override { takeReconnectRequest_ = std::move(take); }
    void close() override { current()->close(); }
    void leave() override { current()->leave(); }
    void cancel() override;
    LinkStatistics statistics() const override { return current()->statistics(); }

private:
    std::shared_ptr<RtmpPublisher> current() const;
    bool begin();

    std::function<void()> notify_;
    std::function<void(ReconnectRequest)> takeReconnectRequest_;
    bool tried_ = false;  ///< [uplink]

    mutable std::mutex mutex_;
    std::shared_ptr<RtmpPublisher> current_ = std::make_shared<RtmpPublisher>();
    bool cancelled_ = false;
};

}  // namespace livepusher::rtmp
