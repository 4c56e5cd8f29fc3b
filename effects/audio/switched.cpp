// SPDX-License-Identifier: MIT
#include "effects/audio/switched.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::effects {
namespace {

constexpr std::size_t kTapeBlocks = 32;     // blocks that a tape holds
constexpr std::int64_t kWarmUpBlocks = 20;  // blocks that a new processor hears first
constexpr std::int64_t kFade = 2;           // blocks

}  // namespace

Switched::Tape::Tape(const AudioFormat& format)
    : width_(static_cast<std::size_t>(format.channels)),
      frames_(format.blockFrames() * kTapeBlocks),
      samples_(frames_ * width_, 0.0F) {}

void Switched::Tape::write(std::span<const float> samples, std::int64_t at) {
    auto place = static_cast<std::size_t>(at) % frames_;
    for (std::size_t done = 0; done < samples.size();) {
        const auto part = std::min(samples.size() - done, (frames_ - place) * width_);
        std::copy_n(samples.data() + done, part, samples_.data() + place * width_);
        done += part;
        place = 0;
    }
}

void Switched::Tape::read(std::span<float> samples, std::int64_t from) const {
    auto place = static_cast<std::size_t>(from) % frames_;
    for (std::size_t done = 0; done < samples.size();) {
        const auto part = std::min(samples.size() - done, (frames_ - place) * width_);
        std::copy_n(samples_.data() + place * width_, part, samples.data() + done);
        done += part;
        place = 0;
    }
}

Switched::Switched(const AudioFormat& format)
    : format_(format),
      block_(static_cast<std::int64_t>(format.blockFrames())),
      dry_(format),
      now_{nullptr, Tape(format)},
      next_{nullptr, Tape(format)},
      block1_(format.blockSamples()),
      block2_(format.blockSamples()) {}

void Switched::select(std::unique_ptr<AudioProcessor> next) {
    if (!next && !now_.processor) return;
    next_.processor = std::move(next);
    fadeLeft_ = kFade * block_;
    if (!next_.processor) return;
    // What lies before the stream's beginning was never written: the tape is silent there.
    next_.fed = std::max(in_ - kWarmUpBlocks * block_, in_ % block_);
    feed(next_);
}

void Switched::feed(Path& path) {
    while (path.processor && path.fed + block_ <= in_) {
        dry_.read(block1_, path.fed);
        path.processor->process(block1_);
        path.fed += block_;
        const auto from = path.ready(path.fed) - block_;
        if (from >= 0) {
            path.wet.write(block1_, from);
        } else if (from + block_ > 0) {  // its delay reaches before the stream's beginning
            const auto skip = static_cast<std::size_t>(-from) * static_cast<std::size_t>(format_.channels);
            path.wet.write(std::span(block1_).subspan(skip), 0);
        }
    }
}

void Switched::read(const Path& path, std::span<float> block) const { (path.processor ? path.wet : dry_).read(block, out_); }

void Switched::note(std::span<const float> samples) {
    dry_.write(samples, in_);
    in_ += static_cast<std::int64_t>(samples.size() / static_cast<std::size_t>(format_.channels));
    out_ = in_;
}

void Switched::process(std::span<const float> block, std::vector<float>& out) {
    dry_.write(block, in_);
    in_ += block_;
    feed(now_);
    if (changing()) feed(next_);
    // What a change begins with lies where the old path stands; both have to have come that far.
    while (out_ + block_ <= std::min(now_.ready(in_), changing() ? next_.ready(in_) : in_)) {
        read(now_, block1_);
        if (changing()) {
            read(next_, block2_);
            const auto width = static_cast<std::size_t>(format_.channels);
            const auto whole = static_cast<float>(kFade * block_);
            for (std::size_t i = 0; i < block1_.size(); ++i) {
                const auto share = static_cast<float>(fadeLeft_ - static_cast<std::int64_t>(i / width)) / whole;
                block1_[i] = block1_[i] * share + block2_[i] * (1 - share);
            }
            fadeLeft_ -= block_;
            if (fadeLeft_ == 0) {
                std::swap(now_, next_);
                next_.processor.reset();
            }
        }
        out.insert(out.end(), block1_.begin(), block1_.end());
        out_ += block_;
    }
}

}  // namespace livepusher::effects
