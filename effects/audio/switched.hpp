// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "effects/audio/processor.hpp"

namespace livepusher::effects {

/// A place in the chain where one processor or none is at work, exchanged while sound goes through: the track neither
/// clicks nor gets longer or shorter. A new processor is first fed with what went before, so that it knows the sound;
/// then the two overlap for 20 ms, each aligned by its delay. Belongs to the audio thread.
class Switched {
public:
    explicit Switched(const AudioFormat& format);

    /// Null: none. Only when not changing().
    void select(std::unique_ptr<AudioProcessor> next);
    bool changing() const { return fadeLeft_ > 0; }
    /// Nothing is at work or held: samples may go past, by note().
    bool idle() const { return !changing() && !now_.processor && in_ == out_; }

    /// One block; appends to `out` the blocks that are ready.
    void process(std::span<const float> block, std::vector<float>& out);
    /// While idle(): remembers what goes past, of any length up to the history's.
    void note(std::span<const float> samples);
    std::size_t delay() const { return static_cast<std::size_t>(in_ - out_); }  ///< frames held

private:
    /// Samples by their place in the stream: the last kHistory blocks.
    class Tape {
    public:
        explicit Tape(const AudioFormat& format);
        void write(std::span<const float> samples, std::int64_t at);
        void read(std::span<float> samples, std::int64_t from) const;

    private:
        std::size_t width_, frames_;
        std::vector<float> samples_;
    };
    struct Path {
        std::unique_ptr<AudioProcessor> processor;
        Tape wet;
        std::int64_t fed = 0;  ///< frames up to here went in
        std::int64_t ready(std::int64_t in) const { return processor ? in - static_cast<std::int64_t>(processor->delay()) : in; }
    };

    void feed(Path& path);
    void read(const Path& path, std::span<float> block) const;

    const AudioFormat format_;
    const std::int64_t block_;
    Tape dry_;
    Path now_, next_;
    std::vector<float> block1_, block2_;
    std::int64_t in_ = 0, out_ = 0;  // frames since the beginning
    std::int64_t fadeLeft_ = 0;      // frames
};

}  // namespace livepusher::effects
