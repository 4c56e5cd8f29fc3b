// SPDX-License-Identifier: MIT
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/event_fd.hpp"
#include "base/log.hpp"
#include "sound/alsa_cards.hpp"
#include "sound/alsa_library.hpp"
#include "speaker/sound_output.hpp"

namespace livepusher::speaker {
namespace {

using namespace sound;

constexpr unsigned kPeriodMicroseconds = 10'000;
constexpr unsigned kBufferMicroseconds = 40'000;
constexpr snd_pcm_sframes_t kLeast = kFormat.sampleRate / 200;  // frames: less is not worth a turn
constexpr auto kChannels = static_cast<unsigned>(kFormat.channels);

struct Close {
    void operator()(snd_pcm_t* pcm) const { alsa().snd_pcm_close(pcm); }
    void operator()(snd_pcm_hw_params_t* params) const { alsa().snd_pcm_hw_params_free(params); }
};

class AlsaOutput final : public SoundOutput {
public:
    explicit AlsaOutput(std::shared_ptr<const OutputOrder> order) : order_(std::move(order)), device_(alsaName(order_->device)) {}

    Result<void> open(Timestamp until) override;
    Result<void> play(Timestamp until, Feed& feed) override;
    std::string name() const override { return device_; }
    void wake() override { wake_.signal(); }

private:
    Error failed(const std::string& what, int error = 0) const {
        return {Code::NotAvailable, "speaker \"" + device_ + "\": " + what, error};
    }
    Error explain(int error) const;
    Result<void> configure();
    Result<void> recover(int error, Feed& feed);
    void wait(Timestamp until);
    const void* converted(std::size_t samples);

    const std::shared_ptr<const OutputOrder> order_;
    const base::EventFd wake_;
    const std::string device_;
    std::unique_ptr<snd_pcm_t, Close> pcm_;
    snd_pcm_format_t format_ = SND_PCM_FORMAT_FLOAT;
    std::vector<pollfd> polled_;
    std::vector<float> block_;        ///< as large as the device's buffer
    std::vector<std::int32_t> wide_;  ///< of formats without fractions
    std::vector<std::int16_t> narrow_;
};

Error AlsaOutput::explain(int error) const {
    if (error == -EACCES || error == -EPERM || ((error == -ENOENT || error == -ENODEV) && !forbiddenCards().empty()))
        return failed(kCardDenied, error);
    if (error == -EBUSY || error == -EAGAIN) return failed("is in use by another program", error);
    if (error == -ENOENT || error == -ENODEV || error == -ENXIO)
        return failed("is not there; plug it in, or name one that \"aplay -L\" lists", error);
    return failed(alsa().snd_strerror(error), error);
}

Result<void> AlsaOutput::open(Timestamp) {
    pcm_.reset();
    if (auto loaded = loadAlsa(); !loaded) return failed(loaded.error().message);
    const AlsaSilence silence;
    snd_pcm_t* opened = nullptr;
    const int error = alsa().snd_pcm_open(&opened, device_.c_str(), SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
    if (error < 0) return explain(error);
    pcm_.reset(opened);
    auto ready = configure();
    if (!ready) pcm_.reset();
    return ready;
}

Result<void> AlsaOutput::configure() {
    auto* pcm = pcm_.get();
    snd_pcm_hw_params_t* made = nullptr;
    if (alsa().snd_pcm_hw_params_malloc(&made) < 0) return failed("out of memory");
    const std::unique_ptr<snd_pcm_hw_params_t, Close> params(made);
    if (const int error = alsa().snd_pcm_hw_params_any(pcm, made); error < 0) return explain(error);
    if (alsa().snd_pcm_hw_params_set_access(pcm, made, SND_PCM_ACCESS_RW_INTERLEAVED) < 0)
        return failed("takes no interleaved samples: use \"plughw:…\" in place of \"hw:…\"");
    constexpr std::array kFormats{SND_PCM_FORMAT_FLOAT, SND_PCM_FORMAT_S32, SND_PCM_FORMAT_S16};
    const auto* format = std::ranges::find_if(
        kFormats, [&](snd_pcm_format_t each) { return alsa().snd_pcm_hw_params_test_format(pcm, made, each) == 0; });
    if (format == kFormats.end()) return failed("has no format that is known here: use \"plughw:…\" in place of \"hw:…\"");
    format_ = *format;
    if (alsa().snd_pcm_hw_params_set_format(pcm, made, format_) < 0 ||
        alsa().snd_pcm_hw_params_set_channels(pcm, made, kChannels) < 0 ||
        alsa().snd_pcm_hw_params_set_rate(pcm, made, static_cast<unsigned>(kFormat.sampleRate), 0) < 0)
        return failed("does not take 48 kHz in two channels: use \"plughw:…\" in place of \"hw:…\"");
    unsigned period = kPeriodMicroseconds, buffer = kBufferMicroseconds;
    int direction = 0;
    int error = alsa().snd_pcm_hw_params_set_period_time_near(pcm, made, &period, &direction);
    if (error >= 0) error = alsa().snd_pcm_hw_params_set_buffer_time_near(pcm, made, &buffer, &direction);
    if (error >= 0) error = alsa().snd_pcm_hw_params(pcm, made);
    snd_pcm_uframes_t frames = 0;
    if (error >= 0) error = alsa().snd_pcm_hw_params_get_buffer_size(made, &frames);
    if (error < 0) return explain(error);
    const auto samples = static_cast<std::size_t>(frames) * kChannels;
    block_.resize(samples);
    if (format_ == SND_PCM_FORMAT_S32) wide_.resize(samples);
    if (format_ == SND_PCM_FORMAT_S16) narrow_.resize(samples);
    return {};
}

void AlsaOutput::wait(Timestamp until) {
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

/// An underrun and a machine that slept are nobody's business; what can't be mended is.
Result<void> AlsaOutput::recover(int error, Feed& feed) {
    auto* pcm = pcm_.get();
    int done = error;
    if (error == -ESTRPIPE) {
        done = alsa().snd_pcm_resume(pcm);
        if (done == -EAGAIN) return {};  // not awake yet: play() comes here again
        if (done < 0) error = -EPIPE;    // not every driver can resume: begin again
    }
    if (error == -EPIPE) {
        base::log(LogLevel::Debug, "speaker \"" + device_ + "\": samples came too late; it goes on");
        done = alsa().snd_pcm_prepare(pcm);
    }
    if (done >= 0) {
        feed.beginAnew();
        return {};
    }
    pcm_.reset();
    return failed("has gone (" + std::string(alsa().snd_strerror(done)) + ")", done);
}

/// The block in the device's format.
const void* AlsaOutput::converted(std::size_t samples) {
    if (format_ == SND_PCM_FORMAT_FLOAT) return block_.data();
    const auto scaled = [&](auto& to, double scale) {
        for (std::size_t i = 0; i < samples; ++i)
            to[i] = static_cast<std::remove_reference_t<decltype(to[i])>>(
                std::lround(std::clamp(static_cast<double>(block_[i]) * scale, -scale, scale - 1)));
        return static_cast<const void*>(to.data());
    };
    return format_ == SND_PCM_FORMAT_S32 ? scaled(wide_, 2147483648.0) : scaled(narrow_, 32768.0);
}

Result<void> AlsaOutput::play(Timestamp until, Feed& feed) {
    const AlsaSilence silence;
    auto* pcm = pcm_.get();
    auto room = alsa().snd_pcm_avail_update(pcm);
    if (room >= 0 && room < kLeast) {
        wait(until);
        room = alsa().snd_pcm_avail_update(pcm);
    }
    if (room < 0 && room != -EAGAIN) return recover(static_cast<int>(room), feed);
    if (room > 0) {
        // It begins to play with the first write, which fills it.
        const auto frames = std::min(static_cast<std::size_t>(room), block_.size() / kChannels);
        if (!feed.fill({block_.data(), frames * kChannels})) {
            pcm_.reset();
            return outputGivenUp(*order_);
        }
        const auto put = alsa().snd_pcm_writei(pcm, converted(frames * kChannels), frames);
        if (put < 0 && put != -EAGAIN) return recover(static_cast<int>(put), feed);
        snd_pcm_sframes_t waiting = 0;
        if (alsa().snd_pcm_delay(pcm, &waiting) >= 0) feed.heard(feed.filled() - waiting, now());
    }
    if (alsa().snd_pcm_state(pcm) != SND_PCM_STATE_DISCONNECTED) return {};
    pcm_.reset();
    return failed("has gone");
}

}  // namespace

std::unique_ptr<SoundOutput> makeAlsaOutput(std::shared_ptr<const OutputOrder> order) {
    return std::make_unique<AlsaOutput>(std::move(order));
}

}  // namespace livepusher::speaker
