// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "effects/audio/dsp/block_delay.hpp"
#include "effects/audio/processor.hpp"
#include "effects/audio/reverb_room.hpp"
#include "effects/audio/series.hpp"
#include "effects/audio/voice_parts.hpp"

namespace livepusher::effects {
namespace {

using dsp::Biquad;

/// The sound itself, and another processor's version of it behind, in step with it.
class SecondaryVoice final : public AudioProcessor {
public:
    SecondaryVoice(std::unique_ptr<AudioProcessor> other, float share, const AudioFormat& format)
        : other_(std::move(other)), share_(share), line_(format, other_->delay()), copy_(format.blockSamples()) {}

    std::size_t delay() const override { return other_->delay(); }
    void process(std::span<float> block) override {
        std::copy(block.begin(), block.end(), copy_.begin());
        other_->process(copy_);
        line_.process(block);
        for (std::size_t i = 0; i < block.size(); ++i) block[i] += share_ * copy_[i];
    }

private:
    std::unique_ptr<AudioProcessor> other_;
    float share_;
    dsp::BlockDelay line_;
    std::vector<float> copy_;
};

/// Puts a voice together; times in milliseconds, whatever the rate.
class Recipe {
public:
    explicit Recipe(const AudioFormat& format) : format_(format), rate_(format.sampleRate) {}

    Recipe& pitch(double semitones) { return add(makePitch(semitones, format_)); }
    /// The last of each recipe: `gain` makes it as loud as the voice that went in.
    Recipe& tone(const std::vector<Biquad>& filters, float gain) { return add(std::make_unique<Tone>(filters, gain, format_)); }
    Recipe& ring(double hz, float depth) { return each(voice::Ring{dsp::Lfo(rate_, hz), depth}); }
    Recipe& squareRing(double hz, float depth) { return each(voice::SquareRing{dsp::Lfo(rate_, hz), depth}); }
    Recipe& drive(float drive) { return each(voice::Drive{dsp::Envelope(rate_, 0.005, 0.15), drive}); }
    Recipe& crush(double hz, float steps) {
        return each(voice::Crush{dsp::Envelope(rate_, 0.005, 0.15), static_cast<int>(std::lround(rate_ / hz)), steps});
    }
    Recipe& pipe(double ms, float feedback, float damp, float share) {
        return each(voice::Pipe{dsp::Comb(static_cast<std::size_t>(samples(ms)), feedback, damp), share});
    }
    Recipe& wobble(double hz, double ms) {
        const double middle = samples(ms) + 2;
        return add(eachChannel(format_,
                               voice::Wobble{dsp::DelayLine(2 * static_cast<std::size_t>(middle) + 4), dsp::Lfo(rate_, hz),
                                             static_cast<float>(middle), static_cast<float>(samples(ms))},
                               static_cast<std::size_t>(middle)));
    }
    Recipe& chorus(double ms, double depthMs, float share) {
        std::vector<voice::Chorus> channels;
        channels.reserve(static_cast<std::size_t>(format_.channels));
        for (int c = 0; c < format_.channels; ++c) {  // the copies waver apart: the voice gets wide
            channels.push_back({dsp::DelayLine(static_cast<std::size_t>(samples(2 * ms))), dsp::Lfo(rate_, 0.31, 0.25 * c),
                                dsp::Lfo(rate_, 0.47, 0.5 + 0.25 * c), static_cast<float>(samples(ms)),
                                static_cast<float>(samples(depthMs)), share});
        }
        return add(std::make_unique<EachChannel<voice::Chorus>>(std::move(channels)));
    }
    Recipe& behind(double semitones, float share) {
        return add(std::make_unique<SecondaryVoice>(makePitch(semitones, format_), share, format_));
    }
    Recipe& room(const Room& room) { return add(makeRoom(room, format_)); }

    std::unique_ptr<AudioProcessor> done() { return std::move(series_); }
    double rate() const { return rate_; }

private:
    double samples(double ms) const { return ms / 1000 * rate_; }
    Recipe& add(std::unique_ptr<AudioProcessor> part) {
        series_->add(std::move(part));
        return *this;
    }
    template <typename Effect>
    Recipe& each(const Effect& effect) {
        return add(eachChannel(format_, effect));
    }

    const AudioFormat format_;
    const double rate_;
    std::unique_ptr<Series> series_ = std::make_unique<Series>();
};

void mix(Recipe& r, int type) {
    const double rate = r.rate();
    switch (type) {
        case 1: r.pitch(5).tone({}, 1); break;                                                                   // naughty child
        case 2: r.pitch(8).tone({Biquad::highPass(rate, 180), Biquad::highShelf(rate, 5000, 2)}, 1.09F); break;  // little girl
        case 3: r.pitch(-4).tone({Biquad::lowShelf(rate, 220, 4)}, 0.74F); break;  // middle-aged man
        case 4:
            r.pitch(-3).drive(3).pipe(4, 0.6F, 0.1F, 0.6F).tone({Biquad::highShelf(rate, 3000, 3)}, 0.70F);
            break;  // heavy metal
        case 6:     // foreigner: a melody of its own, and vowels of another mouth
            r.pitch(2).wobble(1.7, 1.6).tone(
                {Biquad::peak(rate, 750, -4, 1), Biquad::peak(rate, 1500, 7, 2.5), Biquad::peak(rate, 2700, 6, 3)}, 1.05F);
            break;
        case 7: r.pitch(-8).ring(30, 0.6F).drive(2.5F).tone({Biquad::lowShelf(rate, 150, 2)}, 1.32F); break;    // trapped beast
        case 8: r.pitch(-3).tone({Biquad::lowShelf(rate, 250, 6), Biquad::lowPass(rate, 5000)}, 0.60F); break;  // fat guy
        case 9:
            r.squareRing(50, 0.85F).crush(6000, 24).drive(2).tone({Biquad::highPass(rate, 120)}, 1.12F);
            break;  // strong current
        case 10:
            r.pipe(10, 0.7F, 0.15F, 0.85F).ring(55, 0.6F).tone({Biquad::peak(rate, 1200, 4, 1)}, 1.74F);
            break;  // heavy machinery
        default:    // 11, ethereal
            r.behind(3, 0.6F).chorus(14, 3, 0.4F).tone({Biquad::highPass(rate, 120), Biquad::highShelf(rate, 6000, 3)}, 0.79F);
            r.room({3.0, 0.25, 1.4, 20, 0.4});
            break;
    }
}

}  // namespace

std::unique_ptr<AudioProcessor> makeVoice(int voiceChangerType, const AudioFormat& format) {
    if (voiceChangerType < 1 || voiceChangerType > 11 || voiceChangerType == 5) return nullptr;
    Recipe recipe(format);
    mix(recipe, voiceChangerType);
    return recipe.done();
}

}  // namespace livepusher::effects
