// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include "decode/decoder.hpp"
#include "media/audio_timeline.hpp"
#include "playback/jitter_buffer.hpp"
#include "speaker/speaker.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace livepusher::playback {

/// Media time counted in frames of what is heard.
constexpr std::int64_t mediaFrame(Timestamp media) {
    const auto scaled = media.count() * speaker::kFormat.sampleRate;
    return (scaled + (scaled < 0 ? -500'000 : 500'000)) / 1'000'000;
}
constexpr Timestamp mediaTime(std::int64_t frame) { return base::lengthOf(frame, speaker::kFormat.sampleRate); }

/// The stream's sound, decoded, by its media time. Belongs to the sound thread.
class SoundTrack {
public:
    static constexpr std::size_t kChannels = static_cast<std::size_t>(speaker::kFormat.channels);

    SoundTrack(std::unique_ptr<decode::AudioDecoder> decoder, JitterBuffer& buffer)
        : decoder_(std::move(decoder)), buffer_(buffer) {}

    /// Appends `frames` of what is at the media frame `at` to `to`: silence where there is a hole. False, and nothing appended,
    /// when sound is to come that is not there yet. `alive`: it is waited for.
    bool read(std::int64_t at, std::size_t frames, bool alive, std::vector<float>& to);
    /// What can be read at once of `frames` from `at` on, and stays to be read.
    std::size_t peek(std::int64_t at, std::size_t frames, std::vector<float>& to) const;
    /// Whether there is sound beyond media frame `at`, decoded or to be decoded.
    bool reaches(std::int64_t at);
    /// Goes on at media frame `at`: what is before is not needed.
    void cut(std::int64_t at);
    /// Takes configurations that wait, so that a decoder is opened, and a device, before the clock runs.
    void prepare();

    bool known() const { return known_; }  ///< sound was announced
    /// Nothing of it was read or left out, and it begins there, or later.
    bool begins(std::int64_t at) const { return whole_ && !read_ && begin_ >= at; }
    /// Why nothing can be decoded, once a Config.
    std::optional<Error> failure() { return std::exchange(failure_, std::nullopt); }
    bool undecodable() const { return undecodable_; }

private:
    std::int64_t end() const { return begin_ + static_cast<std::int64_t>(samples_.size() / kChannels); }
    bool more();
    void decode(const Packet& packet);
    void append(const decode::Sound& sound);
    void forget(std::int64_t to);

    const std::unique_ptr<decode::AudioDecoder> decoder_;
    JitterBuffer& buffer_;
    std::optional<base::AudioTimeline> timeline_;
    std::vector<float> samples_;  ///< from media frame begin_ on
    std::int64_t begin_ = 0;
    std::int64_t from_ = INT64_MIN;  ///< what is decoded before is left out
    bool known_ = false, undecodable_ = false, read_ = false, whole_ = true;
    std::optional<Error> failure_;
};

}  // namespace livepusher::playback
