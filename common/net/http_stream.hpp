// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "net/network_options.hpp"

namespace livepusher::capture {

/// A file on an http(s) server, read piece by piece and no faster than it is used. Its errors' texts don't repeat the
/// place. Belongs to one thread, but for cancel().
class HttpStream {
public:
    struct Options {
        std::string url;
        base::NetworkOptions network{};
        std::chrono::milliseconds within{10000};     ///< for the answer, then for each piece
        std::chrono::milliseconds connectWithin{0};  ///< zero: `within`
        /// It is read once, from beginning to end: no part of it is asked for.
        bool whole = false;
        /// A server that had to wait so long for read() may hang up, as most do after a minute: it is asked for the rest.
        std::chrono::milliseconds patience{30000};
        /// A stream that goes on for ever: no part of it is asked for, and users may have to prove themselves by digest.
        bool live = false;
        /// For each piece of it; zero: `within`.
        std::chrono::milliseconds silence{0};
        /// A file whose transfer breaks off is asked for the rest, for so long.
        bool resume = false;
        std::chrono::milliseconds resumeFor{10000};
        /// The transfer has broken off, and why, or goes on again: null. May be empty.
        std::function<void(const Error*)> onResuming{};
        /// True: what waits is to be given up. Asked ten times a second; may be empty.
        std::function<bool()> interrupted{};
    };
    explicit HttpStream(Options options);
    ~HttpStream();

    /// Begins at the beginning, also again, and waits for the server's answer. Errors: SourceFailed (native: the HTTP
    /// status where that is the reason), Cancelled.
    Result<void> open();
    /// Waits for the next bytes; 0: the end. After an error, always that error. Errors: SourceFailed, Cancelled.
    Result<std::size_t> read(std::span<std::uint8_t> target);
    /// The next read() begins there. False when the server doesn't give parts of files.
    bool seek(std::int64_t position);
    bool seekable() const { return seekable_; }
    std::int64_t position() const { return position_; }
    std::optional<std::int64_t> size() const { return size_; }
    const std::optional<Error>& failure() const { return failure_; }
    std::string contentType() const;  ///< of the answer, as the server gives it

    /// Makes what waits, and all that follows, end at once with Cancelled. Sticky. [any-thread]
    void cancel();

private:
    enum class Until { Answer, Data };
    Result<void> start(std::int64_t position);
    Result<void> resume();
    bool pause(std::chrono::milliseconds time);
    std::chrono::milliseconds connectWithin() const {
        return options_.connectWithin.count() > 0 ? options_.connectWithin : options_.within;
    }
    bool givenUp() const { return cancelled_ || (options_.interrupted && options_.interrupted()); }
    Result<void> refill();
    Result<void> wait(Until until);
    Result<void> finish(int curlCode);
    void stop();
    Result<void> fail(Error error);
    void takeAnswer();
    std::size_t available() const { return buffer_.size() - used_; }
    static std::size_t takeBody(char* data, std::size_t size, std::size_t count, void* self);

    const Options options_;
    std::atomic<bool> cancelled_{false};
    struct Transfer;
    const std::unique_ptr<Transfer> transfer_;
    const Result<void> made_;
    bool running_ = false;  ///< the transfer
    bool answered_ = false;
    bool paused_ = false;
    bool refused_ = false;      ///< the answer isn't what was asked for
    std::int64_t leftOut_ = 0;  ///< bytes at the answer's beginning that were there already
    bool seekable_ = false;
    bool idle_ = false;  ///< the server had to wait for us in this transfer: it may have given up
    std::chrono::steady_clock::time_point lastRead_;
    std::vector<std::uint8_t> buffer_;
    std::size_t used_ = 0;
    std::int64_t position_ = 0;
    std::optional<std::int64_t> size_;
    std::optional<Error> failure_;
};

}  // namespace livepusher::capture
