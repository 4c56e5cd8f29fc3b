// SPDX-License-Identifier: MIT
// What a hostile server or proxy can say in the lines of an HTTP answer's head.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/http_answer.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
        const auto status = rtmp::HttpStatus::parse(line);
        require(status.code == 0 || (status.code >= 100 && status.code <= 999));
        require(status.code != 0 || status.reason.empty());
        require(!(status.isSuccess() && (status.isPermanent() || status.isInterim())));
        const auto text = status.text("s3cr3t-key.flv?token=t0ken-value", "passw0rd");
        require(text.starts_with("HTTP ") && text.size() < 300 && text.find('\n') == std::string::npos);
        for (const char* secret : {"s3cr3t-key", "t0ken-value", "passw0rd"}) require(text.find(secret) == std::string::npos);
    }
    return 0;
}
