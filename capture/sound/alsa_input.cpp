// SPDX-License-Identifier: MIT
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/event_fd.hpp"
#include "base/frame_time.hpp"
#include "base/log.hpp"
#include "capture/sound/sound_input.hpp"
#include "sound/alsa_cards.hpp"
#include "sound/alsa_library.hpp"

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;
using namespace sound;

constexpr unsigned kPeriodMicroseconds = 10'000;
constexpr unsigned kBufferMicroseconds = 200'000;

struct Close {
    void operator()(snd_pcm_t* pcm) const { alsa().snd_pcm_close(pcm); }
    void operator()(snd_pcm_hw_params_t* params) const { alsa().snd_pcm_hw_params_free(params); }
};

struct Format {
    snd_pcm_format_t alsa;
    AVSampleFormat libav;
    int bytes;  ///< of one sample; 3 and SND_PCM_FORMAT_S24 are brought to 32 bit here
};
constexpr std::array kFormats{
    Format{SND_PCM_FORMAT_FLOAT, AV_SAMPLE_FMT_FLT, 4}, Format{SND_PCM_FORMAT_S32, AV_SAMPLE_FMT_S32, 4},
    Format{SND_PCM_FORMAT_S24, AV_SAMPLE_FMT_S32, 4},   Format{SND_PCM_FORMAT_S24_3LE, AV_SAMPLE_FMT_S32, 3},
    Format{SND_PCM_FORMAT_S16, AV_SAMPLE_FMT_S16, 2},   Format{SND_PCM_FORMAT_U8, AV_SAMPLE_FMT_U8, 1},
};

class AlsaInput final : public SoundInput {
public:
    explicit AlsaInput(std::shared_ptr<const SoundOrder> order) : order_(std::move(order)) { device_ = alsaName(order_->id); }

    Result<void> open(Timestamp until) override;
    Result<void> read(Timestamp until, SoundTaker& to) override;
    std::string name() const override { return device_; }
    std::string whySilent() override { return "check its mute switch and its capture level (alsamixer -V capture)"; }
    void wake() override { wake_.signal(); }

private:
    std::string title() const { return "microphone \"" + device_ + "\""; }
    Error failed(const std::string& what, int error = 0) const { return {Code::MicrophoneFailed, title() + ": " + what, error}; }
    Error explain(int error) const;
    Result<void> configure();
    Result<void> recover(int error);
    void wait(Timestamp until);
    SoundBlock block(std::size_t frames, Timestamp told, Timestamp waiting);

    const std::shared_ptr<const SoundOrder> order_;
    const base::EventFd wake_;
    std::string device_;
    std::unique_ptr<snd_pcm_t, Close> pcm_;
    Format format_{};
    unsigned rate_ = 0;
    unsigned channels_ = 0;
    std::vector<pollfd> polled_;
    std::vector<std::uint8_t> bytes_;
    std::vector<std::int32_t> wide_;  ///< of formats of 24 bit
};

Error AlsaInput::explain(int error) const {
    if (error == -EACCES || error == -EPERM || ((error == -ENOENT || error == -ENODEV) && !forbiddenCards().empty()))
        return {Code::MicrophoneDenied, title() + ": " + kCardDenied, error};
    if (error == -EBUSY || error == -EAGAIN) return failed("is in use by another program", error);
    if (error == -ENOENT || error == -ENODEV || error == -ENXIO)
        return failed("is not there; plug it in, or name one that \"livepusher devices\" lists", error);
    return failed(alsa().snd_strerror(error), error);
}

Result<void> AlsaInput::open(Timestamp) {
    pcm_.reset();
    if (auto loaded = loadAlsa(); !loaded) return failed(loaded.error().message);
    const AlsaSilence silence;
    snd_pcm_t* opened = nullptr;
    const int error = alsa().snd_pcm_open(&opened, device_.c_str(), SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK);
    if (error < 0) return explain(error);
    pcm_.reset(opened);
    auto ready = configure();
    if (!ready) pcm_.reset();
    return ready;
}

Result<void> AlsaInput::configure() {
    auto* pcm = pcm_.get();
    snd_pcm_hw_params_t* made = nullptr;
    if (alsa().snd_pcm_hw_params_malloc(&made) < 0) return failed("out of memory");
    const std::unique_ptr<snd_pcm_hw_params_t, Close> params(made);
    if (const int error = alsa().snd_pcm_hw_params_any(pcm, made); error < 0) return explain(error);
    if (alsa().snd_pcm_hw_params_set_access(pcm, made, SND_PCM_ACCESS_RW_INTERLEAVED) < 0)
        return failed("gives no interleaved samples: use \"plughw:…\" in place of \"hw:…\"");
    const auto format = std::ranges::find_if(
        kFormats, [&](const Format& each) { return alsa().snd_pcm_hw_params_test_format(pcm, made, each.alsa) == 0; });
    if (format == kFormats.end()) return failed("has no format that is known here: use \"plughw:…\" in place of \"hw:…\"");
    format_ = *format;
    rate_ = static_cast<unsigned>(order_->wanted.sampleRate);
    channels_ = static_cast<unsigned>(order_->wanted.channels);
    unsigned period = kPeriodMicroseconds, buffer = kBufferMicroseconds;
    int direction = 0;
    int error = alsa().snd_pcm_hw_params_set_format(pcm, made, format_.alsa);
    if (error >= 0) error = alsa().snd_pcm_hw_params_set_channels_near(pcm, made, &channels_);
    if (error >= 0) error = alsa().snd_pcm_hw_params_set_rate_near(pcm, made, &rate_, &direction);
    if (error >= 0) error = alsa().snd_pcm_hw_params_set_period_time_near(pcm, made, &period, &direction);
    if (error >= 0) error = alsa().snd_pcm_hw_params_set_buffer_time_near(pcm, made, &buffer, &direction);
    if (error >= 0) error = alsa().snd_pcm_hw_params(pcm, made);
    if (error >= 0) error = alsa().snd_pcm_hw_params_get_channels(made, &channels_);
    if (error >= 0) error = alsa().snd_pcm_hw_params_get_rate(made, &rate_, &direction);
    if (error < 0) return explain(error);
    if (channels_ > 8)
        return failed("has " + std::to_string(channels_) +
                      " channels, at most 8 are known here: use \"plughw:…\" in place of \"hw:…\"");
    bytes_.resize(static_cast<std::size_t>(rate_ / 100) * channels_ * static_cast<unsigned>(format_.bytes));
    if (error = alsa().snd_pcm_start(pcm); error < 0) return explain(error);
    return {};
}

void AlsaInput::wait(Timestamp until) {
    auto* pcm = pcm_.get();
    const int count = std::max(0, alsa().snd_pcm_poll_descriptors_count(pcm));
    polled_.assign(static_cast<std::size_t>(count) + 1, pollfd{});
    if (count > 0) alsa().snd_pcm_poll_descriptors(pcm, polled_.data(), static_cast<unsigned>(count));
    polled_.back() = {.fd = wake_.fd(), .events = POLLIN, .revents = 0};
    const auto left = std::clamp<std::int64_t>((until - now()).count() / 1000, 0, 1000);
    if (::poll(polled_.data(), polled_.size(), static_cast<int>(left)) <= 0) return;
    if (polled_.back().revents != 0) wake_.drain();
    // Plugins have to see what came, to take it off their descriptors.
    unsigned short events = 0;
    if (count > 0) alsa().snd_pcm_poll_descriptors_revents(pcm, polled_.data(), static_cast<unsigned>(count), &events);
}

/// An overrun and a machine that slept are nobody's business; what can't be mended is.
Result<void> AlsaInput::recover(int error) {
    auto* pcm = pcm_.get();
    int done = error;
    if (error == -ESTRPIPE) {
        done = alsa().snd_pcm_resume(pcm);
        if (done == -EAGAIN) return {};  // not awake yet: read() comes here again
        if (done >= 0) return {};
        done = error = -EPIPE;  // not every driver can resume: begin again
    }
    if (error == -EPIPE) {
        base::log(LogLevel::Debug, title() + ": samples were lost; it goes on");
        done = alsa().snd_pcm_prepare(pcm);
        if (done >= 0) done = alsa().snd_pcm_start(pcm);
    }
    if (done >= 0) return {};
    pcm_.reset();
    return failed("has gone (" + std::string(alsa().snd_strerror(done)) + ")", done);
}

SoundBlock AlsaInput::block(std::size_t frames, Timestamp told, Timestamp waiting) {
    SoundBlock made{.samples = bytes_.data(),
                    .frames = frames,
                    .format = format_.libav,
                    .sampleRate = static_cast<int>(rate_),
                    .channels = static_cast<int>(channels_),
                    .told = told,
                    .waiting = waiting};
    const auto samples = frames * channels_;
    if (format_.alsa == SND_PCM_FORMAT_S24_3LE) {
        wide_.resize(samples);
        for (std::size_t i = 0; i < samples; ++i) {
            const auto* from = &bytes_[3 * i];
            wide_[i] = static_cast<std::int32_t>(std::uint32_t{from[0]} << 8U | std::uint32_t{from[1]} << 16U |
                                                 std::uint32_t{from[2]} << 24U);
        }
        made.samples = wide_.data();
    } else if (format_.alsa == SND_PCM_FORMAT_S24) {  // in the lower three bytes; the fourth may be anything
        wide_.resize(samples);
        std::memcpy(wide_.data(), bytes_.data(), samples * 4);
        for (auto& sample : wide_) sample = static_cast<std::int32_t>(static_cast<std::uint32_t>(sample) << 8U);
        made.samples = wide_.data();
    }
    return made;
}

Result<void> AlsaInput::read(Timestamp until, SoundTaker& to) {
    const AlsaSilence silence;
    wait(until);
    const auto room = bytes_.size() / (std::size_t{channels_} * static_cast<unsigned>(format_.bytes));
    // No more than a full buffer at once, so that a device that gives without end lets a stop be seen.
    for (int left = 40; left > 0 && !order_->quit; --left) {
        snd_pcm_sframes_t waiting = 0;
        const bool told = alsa().snd_pcm_delay(pcm_.get(), &waiting) >= 0;
        const auto got = alsa().snd_pcm_readi(pcm_.get(), bytes_.data(), room);
        if (got == -EAGAIN) return {};
        if (got < 0) return recover(static_cast<int>(got));
        if (got == 0) break;
        const auto length = [&](std::int64_t frames) { return base::lengthOf(frames, static_cast<int>(rate_)); };
        to.take(block(static_cast<std::size_t>(got), told ? length(waiting) : Timestamp::zero(), length(got)));
    }
    if (alsa().snd_pcm_state(pcm_.get()) != SND_PCM_STATE_DISCONNECTED) return {};
    pcm_.reset();
    return failed("has gone");
}

}  // namespace

std::unique_ptr<SoundInput> makeAlsaInput(std::shared_ptr<const SoundOrder> order) {
    return std::make_unique<AlsaInput>(std::move(order));
}

}  // namespace livepusher::capture
