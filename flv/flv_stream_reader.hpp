// SPDX-License-Identifier: MIT
#pragma once

#include "flv/flv_reader.hpp"
#include "flv/tag_reader.hpp"

#include <string>
#include <utility>
#include <vector>

namespace livepusher::rtmp {

/// What comes as FLV, from its bytes to its packets.
class FlvStreamReader {
public:
    explicit FlvStreamReader(std::vector<std::string> secrets = {}) : tags_(std::move(secrets)) {}
    FlvStreamReader(const FlvStreamReader&) = delete;
    FlvStreamReader& operator=(const FlvStreamReader&) = delete;

    Result<void> feed(std::span<const std::uint8_t> bytes) { return reader_.feed(bytes); }
    bool begun() const { return reader_.begun(); }
    Result<void> end() const { return reader_.end(); }
    Received takeReceived() { return std::exchange(received_, {}); }
    std::uint64_t mediaTags() const { return mediaTags_; }

private:
    TagReader tags_;
    Received received_;
    std::uint64_t mediaTags_ = 0;
    FlvReader reader_{[this](FlvTagType type, std::uint32_t timestamp, std::span<const std::uint8_t> body) {
        if (type != FlvTagType::Script) ++mediaTags_;
        tags_.take(type, timestamp, body, received_);
    }};
};

}  // namespace livepusher::rtmp
