// SPDX-License-Identifier: MIT
#pragma once

#include "net/http_answer.hpp"
#include "net/protocol.hpp"
#include "net/url.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace livepusher::rtmp {

/// One POST over HTTP/1.1 whose body lasts as long as the stream, chunk by chunk (RFC 9112 §7.1), and what the server says
/// to it. It follows no redirect, and doesn't wait for a "100 Continue" that many servers never send.
class HttpPost final : public Protocol {
public:
    explicit HttpPost(const base::Url& url) : url_(url) {}

    void begin();  ///< the head of the request
    /// The server has had the time to refuse: from here on a status ends the stream.
    void accept() { accepted_ = true; }
    bool accepted() const { return accepted_; }
    void write(std::span<const std::uint8_t> bytes);  ///< of the body; not none
    void end();                                       ///< of the body
    bool answered() const { return answered_; }       ///< the head of the server's last answer is here
    bool silent() const { return headBytes_ == 0; }   ///< it has said nothing at all

    /// Errors: ServerClosed, in the server's words; TransferFailed, it doesn't speak HTTP.
    Result<void> handleInput(std::span<const std::uint8_t> bytes, Time now) override;
    Error lost(Error error) const override;

private:
    void append(std::string_view text) { output().insert(output().end(), text.begin(), text.end()); }
    Result<void> takeLine();
    std::string said(const HttpStatus& status) const { return status.text(url_.streamKey(), url_.password()); }

    const base::Url url_;
    bool accepted_ = false;
    bool inHead_ = false;  ///< of an answer, behind its first line
    bool answered_ = false;
    std::size_t headBytes_ = 0;
    std::string line_;
    HttpStatus status_;
};

}  // namespace livepusher::rtmp
