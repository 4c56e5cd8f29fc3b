// SPDX-License-Identifier: MIT
#include "flv/http_upload.hpp"

#include <cmath>
#include <utility>

#include "base/thread.hpp"
#include "net/socket.hpp"

namespace livepusher::rtmp {

namespace {
constexpr std::chrono::milliseconds kRefusalTime{100};  // and two round trips
}  // namespace

HttpUpload::HttpUpload(std::function<void()> failed) : notify_(std::move(failed)), made_(curl_.make()) {}

HttpUpload::~HttpUpload() {
    cancel();
    if (thread_.joinable()) thread_.join();
    curl_.release();  // while its handlers have what they use
}

Result<void> HttpUpload::connect(HttpTarget target, std::chrono::milliseconds timeout) {
    if (!made_) return made_;
    if (auto error = failed()) return *error;
    target_ = std::move(target);
    if (auto possible = setUpConnection(curl_.easy, target_.endpoint, timeout, log_); !possible) {
        fail(possible.error());
        return possible;
    }
    headers_ = setUpRequest(curl_.easy, target_);
    setHandlers();
    auto thread = base::startThread("http upload", [this] { run(); });
    if (!thread) {
        fail(thread.error());
        return thread.error();
    }
    thread_ = std::move(*thread);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return connected_ || failed_; });
    if (!connected_) return *failed_;
    return {};
}

int HttpUpload::socket() const { return connected_ && !sockets_.empty() ? sockets_.front() : -1; }

Result<void> HttpUpload::begin() {
    std::unique_lock lock(mutex_);
    mayBegin_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return headSent_ || failed_; });
    const std::chrono::milliseconds trips(socket() == -1 ? 0 : 2 * roundTrip(socket()));
    changed_.wait_for(lock, trips + kRefusalTime, [&] { return failed_.has_value(); });
    if (failed_) return *failed_;
    begun_ = true;  // from here on a failure is told by notify_
    return {};
}

Result<void> HttpUpload::waitForRoom(std::size_t limit) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failed_ || body_.queued() < limit; });
    if (failed_) return *failed_;
    return {};
}

void HttpUpload::send(std::span<const std::uint8_t> bytes) {
    {
        std::lock_guard lock(mutex_);
        body_.append(bytes, Clock::now());
    }
    wake();
}

void HttpUpload::finish(std::chrono::milliseconds timeout) {
    {
        std::lock_guard lock(mutex_);
        finishBy_ = Clock::now() + timeout;
    }
    wake();
    if (thread_.joinable()) thread_.join();
}

void HttpUpload::cancel() {
    {
        std::lock_guard lock(mutex_);
        cancelled_ = true;
    }
    fail({Code::Cancelled, "cancelled"});
}

void HttpUpload::fail(Error error) {
    {
        std::lock_guard lock(mutex_);
        if (failed_) return;
        failed_ = std::move(error);
    }
    changed_.notify_all();
    wake();
}

void HttpUpload::wake() {
    if (made_) curl_multi_wakeup(curl_.multi);
}

std::optional<Error> HttpUpload::failed() const {
    std::lock_guard lock(mutex_);
    return failed_;
}

LinkStatistics HttpUpload::statistics() const {
    LinkStatistics out;
    std::lock_guard lock(mutex_);
    if (socket() != -1) addSocketFigures(socket(), out);
    body_.addTo(out, Clock::now());
    out.serverIp = address_;
    return out;
}

}  // namespace livepusher::rtmp
