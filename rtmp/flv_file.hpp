// SPDX-License-Identifier: MIT
#pragma once

#include "rtmp/flv.hpp"
#include "rtmp/publisher.hpp"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <string>

namespace livepusher::rtmp {

/// Writes the stream into a .flv file. Duration, size and the tracks in the header are filled in at
/// close(); without it (a crash) the file plays all the same. cancel() ends write(), but close() still
/// completes the file: nothing in it can block.
class FlvFile final : public Publisher {
public:
    ~FlvFile() override;

    Result<void> open(const base::Url& url, const PublisherSettings& settings, std::function<void()> onConnected) override;
    Result<void> write(const Packet& packet) override;
    std::optional<Error> failed() const override;
    void onFailed(std::function<void()> notify) override;
    void close() override;
    void cancel() override;
    LinkStatistics statistics() const override;

private:
    Result<void> writeTag(const FlvTag& tag);
    Result<void> put(std::span<const std::uint8_t> bytes);
    Result<void> complete();
    Error fail(const char* what);

    std::string path_;
    std::FILE* file_ = nullptr;
    FlvPacketizer packetizer_{true};
    std::vector<std::uint8_t> buffer_;
    std::uint64_t size_ = 0;
    std::uint64_t lastTimestamp_ = 0;  ///< ms
    std::uint64_t metadataAt_ = 0;     ///< the first onMetaData's body; 0: not yet
    std::uint8_t tracks_ = 0;          ///< the header's flags
    std::atomic<bool> cancelled_{false};
    std::atomic<std::uint64_t> written_{0};
    mutable std::mutex mutex_;  ///< guards what follows
    std::optional<Error> failed_;
};

}  // namespace livepusher::rtmp
