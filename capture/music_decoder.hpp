// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "av/demuxer.hpp"
#include "av/resampler.hpp"
#include "av/track_reader.hpp"
#include "capture/music.hpp"
#include "net/http_stream.hpp"

namespace livepusher::capture {

/// One piece of music as a row of samples, exact at its beginning, its end and where it is sought in. Errors: BgmFailed,
/// with the piece's name. Belongs to one thread, but for cancel().
class MusicDecoder {
public:
    explicit MusicDecoder(MusicSettings settings);

    /// From its beginning.
    Result<void> open();
    /// Again from its beginning; the samples go on without a seam.
    Result<void> beginAgain();
    /// Goes to `frame` (of the wanted rate). Answers with the frame that is next, where that is another: the piece says so.
    Result<std::int64_t> seek(std::int64_t frame);
    /// Appends what the next packet holds, which may be nothing. Ended: that was all. Failed: see error().
    Step read(std::vector<float>& out);
    /// Appends the few samples that are left inside: after Ended or Failed, unless beginAgain() follows.
    void drain(std::vector<float>& out);

    Timestamp duration() const { return duration_; }  ///< zero: not known
    bool live() const;                                ///< can't be sought in
    const Error& error() const { return error_; }
    const std::string& name() const { return name_; }

    /// Makes what waits for the network return. Sticky. [any-thread]
    void cancel();

private:
    Error failed(const std::string& what, int native = 0) const;
    Result<void> openPath();
    Result<void> openDemuxer();
    bool pause(std::chrono::milliseconds time);
    void tell(const Error* broken);
    Step step();
    void drop(std::vector<float>& out, std::ptrdiff_t before);
    std::int64_t frames(Timestamp time) const { return (time.count() * wanted_.sampleRate + 500'000) / 1'000'000; }
    Timestamp start() const;

    const std::string place_;
    const std::string name_;  ///< for messages
    const base::AudioFormat wanted_;
    const bool loops_;
    const std::chrono::milliseconds patience_;
    std::mutex mutex_;  ///< so that no pause misses cancel()
    std::condition_variable woken_;
    std::atomic<bool> cancelled_{false};
    bool broken_ = false;  ///< which the log has
    std::optional<HttpStream> http_;
    std::optional<Demuxer> demuxer_;
    TrackReader reader_;
    Resampler resampler_;
    Timestamp duration_{};
    std::optional<Step> primed_;  ///< what the first step after a seek gave, not yet given on
    std::int64_t skip_ = 0;       ///< frames still to be left out, up to where was sought
    bool any_ = false;            ///< something has come since it was opened
    Error error_;
};

}  // namespace livepusher::capture
