// SPDX-License-Identifier: MIT
#include <vector>

#include "av/resampler.hpp"
#include "base/frame_time.hpp"
#include "base/log.hpp"
#include "capture/arrival_clock.hpp"
#include "capture/input_source.hpp"
#include "capture/source_makers.hpp"

namespace livepusher::capture {
namespace {

constexpr int kPcmSoftness = 64;
constexpr Timestamp kTooFast{50'000};  // so far ahead of its arrival is what no microphone sends
constexpr Timestamp kPcmTooLate{500'000};

class PcmAudio final : public InputSource<AudioSource> {
public:
    PcmAudio(const Spec& spec, bool loop) : InputSource("pcm", spec, loop) {}
    ~PcmAudio() override { stop(); }

    Result<void> start(const WantedAudio& wanted, Sink& sink) override {
        stop();
        if (auto good = Resampler::check(wanted); !good) return good;
        wanted_ = wanted;
        return begin(sink);
    }

private:
    std::size_t frameBytes() const { return static_cast<std::size_t>(spec_.channels) * 2; }
    Timestamp length(std::int64_t frames) const { return base::lengthOf(frames, spec_.sampleRate); }
    void run() override;
    bool read(std::size_t limit);
    bool pace(std::size_t frames, Timestamp& pts);
    void deliver(std::size_t frames, Timestamp pts, Resampler& resampler);

    base::AudioFormat wanted_;

    // The thread's own.
    std::vector<std::uint8_t> bytes_;  ///< read and not yet delivered
    std::vector<float> samples_;
    bool over_ = false;  ///< the input has ended
    Timestamp zero_{};   ///< of a regular file: the moment of its first sample
    std::int64_t frames_ = 0;
    ArrivalClock clock_{kPcmSoftness};
};

/// Reads once, up to `limit` bytes in all; false when stopped or failed.
bool PcmAudio::read(std::size_t limit) {
    const auto before = bytes_.size();
    bytes_.resize(limit);
    const iovec part{bytes_.data() + before, limit - before};
    const auto got = reader_.read(&part, 1);
    bytes_.resize(before + got.bytes);
    over_ = got.status == FdReader::Status::Ended;
    if (got.status == FdReader::Status::Failed) readFailed(got.error);
    return over_ || got.status == FdReader::Status::Data;
}

/// The time of the next `frames`; waits for it where the input is not slower than time itself. False: stopped.
bool PcmAudio::pace(std::size_t frames, Timestamp& pts) {
    const auto duration = length(static_cast<std::int64_t>(frames));
    if (reader_.regularFile()) {
        pts = zero_ + length(frames_);
        if (const auto late = now() - pts; late > kPcmTooLate) {
            zero_ += late;
            pts += late;
        }
        frames_ += static_cast<std::int64_t>(frames);
        return reader_.sleepUntil(pts);
    }
    // Whoever writes faster than time runs (a whole file into a FIFO) is held back.
    if (clock_.ahead(now() - duration) > kTooFast && !reader_.sleepUntil(now() + clock_.ahead(now() - duration))) return false;
    const auto stamp = clock_.stamp(now() - duration, duration);
    pts = stamp.value_or(now() - duration);
    return true;
}

void PcmAudio::deliver(std::size_t frames, Timestamp pts, Resampler& resampler) {
    samples_.clear();
    pts -= resampler.delay();
    const auto made = resampler.convert(bytes_.data(), frames, AV_SAMPLE_FMT_S16, spec_.sampleRate, spec_.channels, samples_);
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(frames * frameBytes()));
    if (!made) return gate_.failed(made.error());
    if (samples_.empty()) return;
    gate_.tell(&Sink::samples, samples_.data(), samples_.size() / static_cast<std::size_t>(wanted_.channels), pts);
}

void PcmAudio::run() {
    Resampler resampler(wanted_);
    const auto block = static_cast<std::size_t>(spec_.sampleRate / 100);
    // From a FIFO what has gathered meanwhile is taken at once: its last sample is the newest.
    const auto limit = (reader_.regularFile() ? 2 * block : 10 * block) * frameBytes();
    zero_ = now();
    frames_ = 0;
    clock_.reset();
    for (;;) {
        if (!read(limit)) return;
        const auto frames = bytes_.size() / frameBytes();
        if (frames > 0 && (frames >= block || over_)) {
            Timestamp pts{};
            if (!pace(frames, pts)) return;
            any_ = true;
            deliver(frames, pts, resampler);
        }
        if (!over_) continue;
        if (!bytes_.empty()) base::log(LogLevel::Warning, name() + "its last sample is incomplete and is left out");
        bytes_.clear();
        if (!again()) return;
    }
}

}  // namespace

std::unique_ptr<AudioSource> makePcmAudio(const Spec& spec, bool loop) { return std::make_unique<PcmAudio>(spec, loop); }

}  // namespace livepusher::capture
