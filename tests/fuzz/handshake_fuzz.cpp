// SPDX-License-Identifier: MIT
// What a hostile server can answer to the RTMP handshake: all of S0, S1 and S2.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "rtmp/commands.hpp"
#include "rtmp/publishing_client.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher;
    static const auto url = base::Url::parse("rtmp://live.example/app/key");
    static const auto connect = rtmp::connectCommand(*url);
    const std::span<const std::uint8_t> given(data, std::min(size, rtmp::Client::kHandshakeBytes));
    rtmp::PublishingClient client(*url, {}, 1, {});
    const std::size_t before = client.output().size();
    const auto taken = client.handleInput(given, {});
    require(taken.has_value() == (given.empty() || given[0] == 3));
    const std::size_t said = client.output().size() - before;
    const bool whole = taken && given.size() == rtmp::Client::kHandshakeBytes;
    require(whole ? said > 1536 + connect.size() : said == (taken && given.size() > 1536 ? 1536 : 0));
    if (taken && given.size() > 1536) require(std::equal(data + 1, data + 1537, client.output().begin() + 1537));
    require(!client.connected());
    return 0;
}
