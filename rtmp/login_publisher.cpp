// SPDX-License-Identifier: MIT
#include "rtmp/login_publisher.hpp"

#include <random>
#include <utility>

#include "base/log.hpp"
#include "rtmp/login.hpp"
#include "rtmp/publishers.hpp"

namespace livepusher::rtmp {

Result<void> LoginPublisher::open(const base::Url& url, const PublisherSettings& settings, std::function<void()> onConnected) {
    using enum base::Url::Scheme;
    if (url.scheme() != Rtmp && url.scheme() != Rtmps) return current()->open(url, settings, {});  // which refuses it
    if (std::exchange(tried_, true)) return Error{Code::InvalidState, "a publisher opens one connection only"};
    Login login(url, std::random_device()());
    auto target = url;
    for (;;) {
        const auto connection = current();
        connection->onFailed(notify_);
        connection->onReconnectRequest(takeReconnectRequest_);
        auto done = connection->open(target, settings, std::exchange(onConnected, {}));
        const auto asked = connection->loginAsked();
        if (done || asked.empty()) return done;
        if (url.user().empty()) {
            auto error = done.error();
            error.message += "; the server wants a user and password: user:password@ before the url's host";
            return error;
        }
        const auto answer = login.answer(asked);
        if (!answer) return answer.error();
        base::log(LogLevel::Debug, "the server asks for user and password; connecting again with an answer");
        target = url.withAppQuery(*answer);
        if (!begin()) return Error{Code::Cancelled, "cancelled"};
    }
}

std::shared_ptr<RtmpPublisher> LoginPublisher::current() const {
    std::lock_guard lock(mutex_);
    return current_;
}

bool LoginPublisher::begin() {
    auto next = std::make_shared<RtmpPublisher>();
    std::lock_guard lock(mutex_);
    if (!cancelled_) current_.swap(next);
    return !cancelled_;
}

void LoginPublisher::cancel() {
    std::shared_ptr<RtmpPublisher> connection;
    {
        std::lock_guard lock(mutex_);
        cancelled_ = true;
        connection = current_;
    }
    connection->cancel();
}

std::unique_ptr<Publisher> makeRtmpPublisher() { return std::make_unique<LoginPublisher>(); }

}  // namespace livepusher::rtmp
