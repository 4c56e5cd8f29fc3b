// SPDX-License-Identifier: MIT
#include "flv/http_flv_publisher.hpp"

#include <utility>

#include "base/log.hpp"
#include "endpoint/endpoint_of.hpp"
#include "flv/flv_stream.hpp"
#include "flv/publishers.hpp"

namespace livepusher::rtmp {

HttpFlvPublisher::HttpFlvPublisher()
    : upload_([this] {
          if (notify_) notify_();
      }) {}

Result<void> HttpFlvPublisher::open(const base::Url& url, const PublisherSettings& settings, std::function<void()> onConnected) {
    name_ = url.redacted();
    if (url.scheme() != base::Url::Scheme::HttpFlv)
        return Error{Code::InvalidArgument, "not an http or https URL of a .flv stream: " + name_};
    if (std::exchange(tried_, true)) return Error{Code::InvalidState, "a publisher opens one connection only"};
    closeTimeout_ = settings.closeTimeout;
    auto connected = upload_.connect({endpointOf(url, settings), url.requestUrl(), url.user(), url.password(), url.streamKey()},
                                     settings.connectTimeout);
    if (!connected) return connected;
    if (onConnected) onConnected();
    if (settings.mayBegin && !settings.mayBegin()) return Error{Code::Cancelled, "cancelled"};
    auto begun = upload_.begin();
    open_ = begun.has_value();
    return begun;
}

Result<void> HttpFlvPublisher::write(const Packet& packet) {
    if (auto error = failed()) return *error;
    if (!open_) return Error{Code::InvalidState, "write() needs an open connection"};
    return packetizer_.write(packet, [this](const FlvTag& tag) { return sendTag(tag); });
}

Result<void> HttpFlvPublisher::sendTag(const FlvTag& tag) {
    if (auto room = upload_.waitForRoom(kUnderWay); !room) return room;
    if (!std::exchange(headerSent_, true)) {
        const int flags = (packetizer_.hasVideo() ? kFlvHasVideo : 0) | (packetizer_.hasAudio() ? kFlvHasAudio : 0);
        upload_.send(flvHeader(static_cast<std::uint8_t>(flags)));
    }
    if (auto done = writeFlvTag(tag, buffer_); !done) return done;
    upload_.send(buffer_);
    return {};
}

std::optional<Error> HttpFlvPublisher::failed() const { return upload_.failed(); }

void HttpFlvPublisher::onFailed(std::function<void()> notify) { notify_ = std::move(notify); }

void HttpFlvPublisher::close() {
    if (!std::exchange(open_, false) || failed()) {
        upload_.cancel();
        return upload_.finish({});
    }
    upload_.finish(closeTimeout_);
    if (const auto error = failed(); error && error->code != Code::Cancelled)
        base::log(LogLevel::Warning, "the end of the stream to " + name_ + ": " + error->message);
}

void HttpFlvPublisher::cancel() { upload_.cancel(); }

LinkStatistics HttpFlvPublisher::statistics() const { return upload_.statistics(); }

std::unique_ptr<Publisher> makeHttpFlvPublisher() { return std::make_unique<HttpFlvPublisher>(); }

}  // namespace livepusher::rtmp
