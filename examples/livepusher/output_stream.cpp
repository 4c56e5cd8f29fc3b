// SPDX-License-Identifier: MIT
#include "output_stream.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace program {

namespace {
constexpr std::size_t kMostPending = std::size_t{4} * 1024 * 1024;
}

OutputStream::~OutputStream() { loop_.unwatch(fd_); }

void OutputStream::write(std::string_view text) {
    if (broken_ || pending_.size() + text.size() > kMostPending) return;
    pending_ += text;
    pump(0);
}

void OutputStream::finish(std::chrono::milliseconds patience) {
    const auto end = EventLoop::Clock::now() + patience;
    while (!pending_.empty() && EventLoop::Clock::now() < end) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - EventLoop::Clock::now()).count();
        pump(static_cast<int>(std::max<std::int64_t>(left, 0)));
    }
}

void OutputStream::pump(int timeoutMs) {
    // poll() promises room for PIPE_BUF bytes, so that write() doesn't block although the descriptor, which others may
    // share, isn't made non-blocking.
    while (!pending_.empty()) {
        pollfd entry{fd_, POLLOUT, 0};
        if (poll(&entry, 1, timeoutMs) <= 0) break;
        const auto written = ::write(fd_, pending_.data(), std::min<std::size_t>(pending_.size(), PIPE_BUF));
        if (written < 0 && (errno == EINTR || errno == EAGAIN)) break;
        if (written < 0) {
            broken_ = true;
            pending_.clear();
            break;
        }
        pending_.erase(0, static_cast<std::size_t>(written));
    }
    if (pending_.empty()) {
        loop_.unwatch(fd_);
    } else {
        loop_.watch(fd_, POLLOUT, [this](short) { pump(0); });
    }
}

}  // namespace program
