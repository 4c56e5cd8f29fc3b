// SPDX-License-Identifier: MIT
#include "pipeline/sound_encoding.hpp"

#include "base/frame_time.hpp"

#include <algorithm>
#include <utility>

namespace livepusher::pipeline {

Result<std::string> SoundEncoding::open(const encode::AudioEncoderSettings& settings) {
    width_ = static_cast<std::size_t>(settings.channels);
    sampleRate_ = settings.sampleRate;
    auto opened = encoder_->open(settings, *this);
    open_ = opened.has_value();
    return opened;
}

void SoundEncoding::add(std::span<const float> samples) {
    if (open_) pending_.insert(pending_.end(), samples.begin(), samples.end());
}

Result<void> SoundEncoding::fillUp(Timestamp position, std::size_t before) {
    const auto part = pending_.size() / width_;
    if (!open_ || part == 0) return {};
    const auto missing = encoder_->frameSize() - part;
    pending_.resize(encoder_->frameSize() * width_, 0.0F);
    return encodeReady(position + base::lengthOf(missing, sampleRate_), before);
}

Result<void> SoundEncoding::encodeReady(Timestamp position, std::size_t before) {
    Result<void> done;
    std::size_t used = 0;
    while (open_ && done) {
        const auto left = (pending_.size() - used) / width_;
        if (left < encoder_->frameSize()) break;
        done = encoder_->encode(pending_.data() + used, position - base::lengthOf(left + before, sampleRate_));
        used += encoder_->frameSize() * width_;
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(std::min(used, pending_.size())));
    if (!done) close();
    return done;
}

void SoundEncoding::close() {
    pending_.clear();
    if (std::exchange(open_, false)) encoder_->close();
}

void SoundEncoding::take(Packet packet) {
    packet.rendition = rendition_;
    packets_.take(std::move(packet));
}

}  // namespace livepusher::pipeline
