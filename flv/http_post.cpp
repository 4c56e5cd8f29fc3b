// SPDX-License-Identifier: MIT
#include "flv/http_post.hpp"

#include "base/base64.hpp"
#include "net/ascii_host.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace livepusher::rtmp {

namespace {

constexpr std::size_t kMostHead = 65'536;

std::string hostOf(const base::Url& url) {
    const bool isIpv6 = url.host().find(':') != std::string::npos;
    const bool isUsual = url.port() == (url.secure() ? 443 : 80);
    return (isIpv6 ? "[" + url.host().substr(0, url.host().find('%')) + "]" : asciiHost(url.host())) +
           (isUsual ? "" : ":" + std::to_string(url.port()));
}

std::string targetOf(const base::Url& url) {
    const auto whole = url.requestUrl();
    return whole.substr(whole.find('/', whole.find("://") + 3));
}

}  // namespace

void HttpPost::begin() {
    append("POST " + targetOf(url_) + " HTTP/1.1\r\nHost: " + hostOf(url_) + "\r\n");
    if (!url_.user().empty()) append("Authorization: Basic " + base::base64(url_.user() + ":" + url_.password()) + "\r\n");
    append("User-Agent: livepusher/" LIVEPUSHER_VERSION "\r\nAccept: */*\r\n");
    append("Transfer-Encoding: chunked\r\nContent-Type: video/x-flv\r\n\r\n");
}

void HttpPost::write(std::span<const std::uint8_t> bytes) {
    std::array<char, 16> size{};
    const auto* end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
    append({size.data(), static_cast<std::size_t>(end - size.data())});
    append("\r\n");
    output().insert(output().end(), bytes.begin(), bytes.end());
    append("\r\n");
}

void HttpPost::end() { append("0\r\n\r\n"); }

Result<void> HttpPost::handleInput(std::span<const std::uint8_t> bytes, Time) {
    static constexpr std::string_view kBeginning = "HTTP/";
    for (const auto byte : bytes) {
        if (answered_) return {};  // its body means nothing to a stream
        if (++headBytes_ > kMostHead) return Error{Code::TransferFailed, "the server's answer has a header of more than 64 KiB"};
        line_ += static_cast<char>(byte);
        const auto length = std::min(line_.size(), kBeginning.size());
        if (!inHead_ && line_.compare(0, length, kBeginning, 0, length) != 0)
            return Error{Code::TransferFailed, "the server's answer is not HTTP"};
        if (byte != '\n') continue;
        if (auto taken = takeLine(); !taken) return taken;
        line_.clear();
    }
    return {};
}

Result<void> HttpPost::takeLine() {
    if (inHead_) {
        if (line_ == "\r\n" || line_ == "\n") {
            inHead_ = false;
            answered_ = !status_.isInterim();
        }
        return {};
    }
    const auto status = HttpStatus::parse(line_);
    if (status.code == 0) return Error{Code::TransferFailed, "the server's answer is not HTTP"};
    inHead_ = true;
    status_ = status;
    if (status.isInterim() || status.isSuccess()) return {};  // success may come before the end: a server is free to read on
    std::string text = accepted_ ? "the server ended the stream: " : "the server refused the stream: ";
    text += said(status);
    if (status.code >= 300 && status.code < 400) text += "; a push follows no redirect, give the URL that it leads to";
    return Error{Code::ServerClosed, std::move(text), 0, status.isPermanent()};
}

Error HttpPost::lost(Error error) const {
    if (error.code == Code::ServerClosed && status_.isSuccess()) error.message = "the server ended the stream: " + said(status_);
    return error;
}

}  // namespace livepusher::rtmp
