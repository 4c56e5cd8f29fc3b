// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <optional>
#include <string>
#include <vector>

#include "capture/demuxer.hpp"
#include "capture/frame_converter.hpp"
#include "capture/resampler.hpp"
#include "capture/track_decoder.hpp"

namespace livepusher::capture {

/// From a track's packets to its decoded frames: what pictures and sound have in common. Belongs to one thread.
class TrackReader {
public:
    Result<void> open(Demuxer& demuxer, Track track, std::string name);
    /// One frame, or one packet's worth of work towards it. Failed: see error().
    Step step(Demuxer& demuxer);
    /// After Demuxer::rewind(), seek() or reopen().
    void restart();
    AVFrame& frame() { return *frame_; }
    const Error& error() const { return error_; }
    AVStream& stream(const Demuxer& demuxer) const { return *demuxer.stream(track_); }
    /// The frame's own time and length, in µs; the time is empty when the file doesn't tell.
    std::optional<Timestamp> time(const Demuxer& demuxer) const;
    Timestamp duration(const Demuxer& demuxer) const;

private:
    Track track_ = Track::Video;
    std::string name_;
    std::optional<TrackDecoder> decoder_;
    FramePtr frame_;
    Error error_;
    bool draining_ = false;
};

/// The pictures of a file, one decoded ahead. Times are media time: zero at the file's beginning, going on in loops.
class PictureTrack {
public:
    Result<void> open(Demuxer& demuxer, const std::string& name);
    /// Works towards the next picture that ends after `from`. `offset` turns the file's time into media time.
    Step fill(Demuxer& demuxer, Timestamp offset, Timestamp from);
    const VideoFrame& pending() const { return pending_; }
    Timestamp time() const { return time_; }
    Timestamp duration() const { return duration_; }
    VideoFrame take() { return std::exchange(pending_, {}); }
    void restart(Timestamp at);  ///< after the demuxer's: what comes next belongs to media time `at`
    void shift(Timestamp by) { time_ += by, end_ += by; }
    Timestamp end() const { return end_; }  ///< of the last picture so far
    const Error& error() const { return error_; }
    VideoSourceFormat format(const Demuxer& demuxer, const std::string& name) const;

private:
    void place(const Demuxer& demuxer, VideoFrame& frame);
    Error named(Error error) const;

    std::string name_;
    TrackReader reader_;
    FrameConverter converter_;
    VideoFrame pending_;
    Timestamp time_{}, duration_{}, end_{};
    Error error_;
};

/// The sound of a file in slices of 20 ms, likewise.
class SoundTrack {
public:
    Result<void> open(Demuxer& demuxer, const std::string& name);
    /// The form of what follows; another than before forgets what is pending.
    void want(const WantedAudio& wanted);
    Step fill(Demuxer& demuxer, Timestamp offset, Timestamp from);
    bool pending() const { return available() > 0; }
    Timestamp time() const { return time_; }  ///< of the pending slice
    const float* samples() const { return fifo_.data() + read_ * channels(); }
    std::size_t frames() const { return std::min(available(), slice()); }
    void pop();
    void dropBefore(Timestamp from);
    void restart(Timestamp at);
    void shift(Timestamp by) { time_ += by, end_ += by, heard_ += by; }
    Timestamp end() const { return end_; }
    const Error& error() const { return error_; }

private:
    std::size_t channels() const { return static_cast<std::size_t>(wanted_.channels); }
    std::size_t available() const { return fifo_.size() / channels() - read_; }
    std::size_t slice() const { return static_cast<std::size_t>(wanted_.sampleRate / 50); }
    Timestamp length(std::size_t frames) const {
        return Timestamp(static_cast<std::int64_t>(frames) * 1'000'000 / wanted_.sampleRate);
    }
    void skip(std::size_t frames);
    Result<void> append(const Demuxer& demuxer, Timestamp offset);

    TrackReader reader_;
    WantedAudio wanted_;
    std::optional<Resampler> resampler_;
    std::vector<float> fifo_;  ///< interleaved
    std::size_t read_ = 0;     ///< frames already taken from it
    Timestamp time_{}, end_{};
    Timestamp heard_{};  ///< the end of all that ever came
    bool drained_ = false;
    bool fresh_ = true;  ///< what comes next doesn't follow what came last
    Error error_;
};

}  // namespace livepusher::capture
