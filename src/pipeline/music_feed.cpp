// SPDX-License-Identifier: MIT
#include "pipeline/music_feed.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::pipeline {
namespace {

void fade(std::span<float> samples, std::size_t channels, float from, float to) {
    const auto frames = samples.size() / channels;
    for (std::size_t i = 0; i < frames; ++i) {
        const auto share = from + (to - from) * static_cast<float>(i + 1) / static_cast<float>(frames);
        for (auto& sample : samples.subspan(i * channels, channels)) sample *= share;
    }
}

}  // namespace

void MusicFeed::begin(base::AudioFormat format) {
    std::lock_guard lock(mutex_);
    wish_ = {};
    seekError_.reset();
    sought_ = played_ = startedOf_ = overOf_ = 0;
    channels_ = static_cast<std::size_t>(format.channels);
    blockSamples_ = format.blockSamples();
    music_.reset();
    musicNumber_ = 0;
    block_.clear();
    block_.reserve(blockSamples_);
    ahead_.clear();
    ahead_.reserve(blockSamples_);
    given_ = 0;
    fresh_ = heard_ = false;
}

void MusicFeed::play(std::shared_ptr<capture::Music> music) {
    std::lock_guard lock(mutex_);
    wish_.music = std::move(music);
    ++played_;
}

void MusicFeed::pause(bool on) {
    std::lock_guard lock(mutex_);
    wish_.paused = on;
}

std::uint64_t MusicFeed::seek(Timestamp to) {
    std::lock_guard lock(mutex_);
    wish_.to = to;
    return ++wish_.seek;
}

MusicFeed::Progress MusicFeed::progress() const {
    std::lock_guard lock(mutex_);
    return {.sought = sought_, .error = seekError_, .started = startedOf_ == played_, .over = overOf_ == played_};
}

void MusicFeed::report(bool started, bool over) {
    std::lock_guard lock(mutex_);
    if (started) startedOf_ = musicNumber_;
    if (over) overOf_ = musicNumber_;
}

bool MusicFeed::read(std::span<float> samples) {
    bool any = false;
    for (std::size_t done = 0; done < samples.size();) {
        if (given_ == block_.size()) {
            given_ = 0;
            sounds_ = makeBlock();
            if (!sounds_) block_.assign(blockSamples_, 0.0F);
        }
        any = any || sounds_;
        const auto part = std::min(samples.size() - done, block_.size() - given_);
        std::copy_n(block_.data() + given_, part, samples.data() + done);
        done += part;
        given_ += part;
    }
    return any;
}

/// Fills block_; false: there is nothing.
bool MusicFeed::makeBlock() {
    Wish wish;
    std::uint64_t number = 0, sought = 0;
    {
        std::lock_guard lock(mutex_);
        wish = wish_;
        number = played_;
        sought = sought_;
    }
    const bool leave = wish.paused || wish.music != music_ || wish.seek != sought;
    const bool sounding = !ahead_.empty();
    if (sounding) {
        std::swap(block_, ahead_);
        const float from = std::exchange(endFrom_, 1.0F);
        if (std::exchange(fresh_, false)) fade(block_, channels_, 0, 1);
        ahead_.clear();
        if (!leave && block_.size() == blockSamples_) ahead_ = fetch();
        if (ahead_.size() < blockSamples_) {  // the end, which what is left of it shares in
            endFrom_ = static_cast<float>(ahead_.size()) / static_cast<float>(ahead_.size() + block_.size());
            fade(block_, channels_, from, ahead_.empty() ? 0 : endFrom_);
        }
        block_.resize(blockSamples_, 0.0F);
        if (!std::exchange(heard_, true)) report(true, false);
        if (!ahead_.empty()) return true;
    }
    if (wish.music != music_) {
        music_ = wish.music;
        musicNumber_ = number;
        heard_ = false;
    }
    if (wish.seek != sought) {
        auto done = music_ ? music_->seek(wish.to) : Result<void>(Error{Code::InvalidState, "there is no music"});
        std::lock_guard lock(mutex_);
        sought_ = wish.seek;
        seekError_ = done ? std::nullopt : std::optional(done.error());
    }
    if (music_ && !wish.paused) {
        ahead_ = fetch();
        if (ahead_.size() < blockSamples_) ahead_.clear();  // too short to begin with
        fresh_ = !ahead_.empty();
        endFrom_ = 1;
        if (ahead_.empty() && music_->over()) report(heard_, true);
    }
    return sounding;
}

/// The next block of the music, or less of it, or nothing.
std::vector<float> MusicFeed::fetch() {
    auto block = std::move(ahead_);  // its memory
    block.resize(blockSamples_);
    block.resize(music_->read(block));
    return block;
}

}  // namespace livepusher::pipeline
