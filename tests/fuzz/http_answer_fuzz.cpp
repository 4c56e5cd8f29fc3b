// SPDX-License-Identifier: MIT
// What a hostile server or proxy can say in an HTTP answer: in the lines of its head, and as all that a push hears.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "flv/http_post.hpp"
#include "net/http_answer.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

// Fit for people, and without a secret.
void requirePresentable(const std::string& text) {
    require(text.size() < 400 && text.find('\n') == std::string::npos);
    for (const char* secret : {"s3cr3t-key", "t0ken-value", "passw0rd"}) require(text.find(secret) == std::string::npos);
}

void hear(std::span<const std::uint8_t> bytes) {
    using namespace livepusher;
    static const auto url = base::Url::parse("http://me:passw0rd@live.example/app/s3cr3t-key.flv?token=t0ken-value");
    rtmp::HttpPost post(*url);
    const auto heard = post.handleInput(bytes, {});
    require(post.output().empty() && post.silent() == bytes.empty());
    requirePresentable(post.lost({Code::ServerClosed, "closed"}).message);
    if (heard) return;
    require(heard.error().code == Code::ServerClosed || heard.error().code == Code::TransferFailed);
    requirePresentable(heard.error().message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher;
    hear({data, size});
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
        const auto status = rtmp::HttpStatus::parse(line);
        require(status.code == 0 || (status.code >= 100 && status.code <= 999));
        require(status.code != 0 || status.reason.empty());
        require(!(status.isSuccess() && (status.isPermanent() || status.isInterim())));
        const auto text = status.text("s3cr3t-key.flv?token=t0ken-value", "passw0rd");
        require(text.starts_with("HTTP "));
        requirePresentable(text);
    }
    return 0;
}
