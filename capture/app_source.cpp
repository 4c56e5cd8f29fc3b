// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <string>
#include <utility>
#include <vector>

#include "av/resampler.hpp"
#include "base/frame_time.hpp"
#include "capture/arrival_clock.hpp"
#include "capture/sink_gate.hpp"
#include "media/frame_pool.hpp"
#include "media/pixels.hpp"

namespace livepusher::capture {
namespace {

constexpr int kSoftness = 64;

Error notRunning(const char* call) {
    return {Code::InvalidState,
            std::string(call) + ": the source is not running; push between start and stop, and not while paused"};
}

class AppVideo final : public VideoSource {
public:
    ~AppVideo() override { AppVideo::stop(); }

    Result<VideoSourceFormat> start(const WantedVideo&, Sink& sink) override {
        AppVideo::stop();
        gate_.open(sink);
        VideoSourceFormat format;
        format.description = "frames from the application";
        return format;
    }
    void stop() override { gate_.close(); }

    Result<void> push(const VideoFrameView& view) override {
        if (auto good = base::checkView(view); !good) return good;
        // The gate lets one call in at a time, which is what the pool asks for too.
        const bool running = gate_.call([&](Sink& sink) {
            auto frame = pool_.take(view.width, view.height);
            base::convertView(view, frame);
            frame.pts = view.pts == Timestamp{} ? now() : view.pts;
            sink.frame(std::move(frame));
        });
        if (!running) return notRunning("pushVideoFrame");
        return {};
    }

private:
    SinkGate<Sink> gate_;
    base::FramePool pool_;
};

class AppAudio final : public AudioSource {
public:
    ~AppAudio() override { AppAudio::stop(); }

    Result<void> start(const WantedAudio& wanted, Sink& sink) override {
        AppAudio::stop();
        if (auto good = Resampler::check(wanted); !good) return good;
        resampler_.emplace(wanted);
        channels_ = static_cast<std::size_t>(wanted.channels);
        clock_.reset();
        gate_.open(sink);
        return {};
    }
    void stop() override { gate_.close(); }

    Result<void> push(const AudioBlockView& block) override;

private:
    Result<void> take(const AudioBlockView& block, Sink& sink);

    SinkGate<Sink> gate_;
    // Belong to whoever is inside the gate.
    std::optional<Resampler> resampler_;
    std::size_t channels_ = 2;
    std::vector<float> samples_;
    ArrivalClock clock_{kSoftness};
};

Result<void> check(const AudioBlockView& block) {
    const auto bad = [](Code code, const std::string& what) { return Error{code, "audio block: " + what}; };
    if (block.format != SampleFormat::Float && block.format != SampleFormat::S16)
        return bad(Code::InvalidArgument, "format " + std::to_string(static_cast<int>(block.format)) + ": must be Float or S16");
    if (block.sampleRate < 8000 || block.sampleRate > 192000)
        return bad(Code::UnsupportedSampleRate, "sampleRate " + std::to_string(block.sampleRate) + ": must be 8000..192000 Hz");
    if (block.channels < 1 || block.channels > 8)
        return bad(Code::InvalidArgument, "channels " + std::to_string(block.channels) + ": must be 1..8");
    if (!block.data) return bad(Code::InvalidArgument, "data: must not be null");
    if (block.frames < 1 || block.frames > static_cast<std::size_t>(block.sampleRate))
        return bad(Code::InvalidArgument, "frames " + std::to_string(block.frames) + ": must be 1.." +
                                              std::to_string(block.sampleRate) + " (one second)");
    return {};
}

Result<void> AppAudio::push(const AudioBlockView& block) {
    if (auto good = check(block); !good) return good;
    Result<void> taken;
    if (!gate_.call([&](Sink& sink) { taken = take(block, sink); })) return notRunning("pushAudioBlock");
    return taken;
}

Result<void> AppAudio::take(const AudioBlockView& block, Sink& sink) {
    const auto length = base::lengthOf(block.frames, block.sampleRate);
    auto pts = block.pts;
    if (pts == Timestamp{}) pts = clock_.stamp(now() - length, length).value_or(now() - length);
    pts -= resampler_->delay();
    samples_.clear();
    const auto format = block.format == SampleFormat::Float ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_S16;
    auto made = resampler_->convert(block.data, block.frames, format, block.sampleRate, block.channels, samples_);
    if (made && !samples_.empty()) sink.samples(samples_.data(), samples_.size() / channels_, pts);
    return made;
}

}  // namespace

std::unique_ptr<VideoSource> makeAppVideo() { return std::make_unique<AppVideo>(); }
std::unique_ptr<AudioSource> makeAppAudio() { return std::make_unique<AppAudio>(); }

}  // namespace livepusher::capture
