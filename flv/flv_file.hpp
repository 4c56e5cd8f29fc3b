// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "flv/flv.hpp"
#include "flv/flv_writer.hpp"

#include <optional>
#include <string>

namespace livepusher::rtmp {

/// Writes the stream into a .flv file, which is made when there is the first picture or sound. Duration, size and the
/// tracks in the header are filled in at close(); without it (a crash) the file plays all the same. cancel() ends
/// write(), but close() still completes the file, as far as its disk answers.
class FlvFile final : public Publisher {
public:
    ~FlvFile() override;

    Result<void> open(const base::Url& url, const PublisherSettings& settings, PublisherObserver& observer) override;
    Result<void> begin() override { return {}; }
    Result<void> write(const Packet& packet) override;
    Result<void> idle(Clock::time_point until, const Wake& wake) override;
    Result<void> close(EndReason reason) override;
    void cancel() override;
    LinkStatistics statistics() const override;

private:
    Result<void> addTag(const FlvTag& tag);
    Result<void> failed() const;
    Error fail(const Error& error);

    FlvWriter writer_;
    FlvWriter::Milliseconds closeTimeout_{};
    FlvPacketizer packetizer_{true};
    std::string path_;
    std::vector<std::uint8_t> tag_, tags_;  ///< of one packet
    FlvSummary summary_;
    std::uint64_t size_ = 0;
    const Wake cancelled_;
    std::optional<Error> failed_;
};

}  // namespace livepusher::rtmp
