// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "av/resampler.hpp"
#include "base/frame_time.hpp"
#include "capture/file/stretch.hpp"
#include "capture/file/track_player.hpp"
#include "capture/source.hpp"

namespace livepusher::capture {

/// Plays a file's or a stream's sound: decodes one packet ahead and delivers it in slices of 20 ms, each at its moment.
/// Used by one thread at a time.
class SoundTrack : TrackPlayer {
public:
    SoundTrack(std::string name, PacketBuffer& buffer, MediaClock& clock, bool live);

    /// The form of what follows; another than before forgets what is pending. While nothing runs.
    void want(base::AudioFormat wanted);
    /// Until cancelled, ended or failed; false: cancelled. What lies before `from` isn't heard.
    /// `tellReturn`: tells when it is back after a loss, as there are no pictures to do so. [sound]
    bool run(SinkGate<AudioSource::Sink>& gate, Timestamp from, bool tellReturn);

private:
    std::size_t channels() const { return static_cast<std::size_t>(wanted_.channels); }
    std::size_t available() const { return fifo_.size() / channels() - read_; }
    std::size_t slice() const { return std::min(available(), static_cast<std::size_t>(wanted_.sampleRate / 50)); }
    Timestamp length(std::size_t frames) const { return base::lengthOf(frames, wanted_.sampleRate); }
    Decoding::Outcome fill(Timestamp from);
    void skip(std::size_t frames);
    void dropBefore(Timestamp from);
    void drain();
    Result<void> append();
    bool lies(Timestamp off);
    void deliver(SinkGate<AudioSource::Sink>& gate, Timestamp moment);

    base::AudioFormat wanted_;
    std::optional<Resampler> resampler_;
    std::optional<Stretch> stretch_;  ///< of a live stream, once its clock is known to be another
    std::vector<float> stretched_;
    std::vector<float> fifo_;  ///< interleaved
    std::size_t read_ = 0;     ///< frames already taken from it
    Timestamp heard_{};        ///< the end of all that ever came
    Timestamp overlap_{};      ///< of what came last, in a row, with what came before
    bool fresh_ = true;        ///< what comes next doesn't follow what came last
    bool returned_ = false;
};

}  // namespace livepusher::capture
