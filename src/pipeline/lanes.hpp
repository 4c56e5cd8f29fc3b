// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/sources.hpp>

#include "pipeline/audio_lane.hpp"
#include "pipeline/coded_lane.hpp"
#include "pipeline/control_loop.hpp"
#include "pipeline/stages.hpp"
#include "pipeline/video_lane.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>

namespace livepusher::pipeline {

/// The video and the audio lane of what is open: makes them of the application's sources, and turns what they report
/// from their threads into calls on control, dropped when they have been closed since. Belongs to the control
/// thread, but for what is tagged otherwise.
class Lanes {
public:
    struct Output {
        encode::PacketSink packets;                     ///< [video] and [audio]
        std::function<void(const Shown&)> preview;      ///< may be empty. [video]
        std::function<bool(std::span<float>)> music;    ///< AudioLane::Parts::music
        std::function<void(Code, std::string)> onCode;  ///< 1003, 1004, 1007..1010, 1103..1107
        std::function<void()> onOpened;                 ///< a source is: see ready()
        std::function<void()> onEnded;                  ///< every source that can end has
        std::function<void(Error)> onFailed;            ///< nothing goes on without what failed
        std::function<void(Error)> onTrouble;           ///< silence or the last picture stands in
        std::function<void(Error)> onOver;              ///< no source lives any more, one has failed so; told already
    };

    Lanes(const Stages& stages, Sources sources, ControlLoop& control, const base::Latest<LaneSettings>& settings, Output output);
    Lanes(const Lanes&) = delete;
    Lanes& operator=(const Lanes&) = delete;

    /// What the video lane is to do with each frame besides; read by open().
    struct Hands {
        VideoLane::Render onCaptured, onBeforeEncode;  ///< each may be empty
    };
    /// Errors: InvalidArgument, and what makes no source.
    Result<void> open(Hands hands);
    void close();  ///< what the encoders still hold comes out first

    explicit operator bool() const { return video_ || coded_ || audio_; }
    VideoLane* video() const { return video_.get(); }  ///< null: there is no picture, or it comes coded
    CodedLane* coded() const { return coded_.get(); }  ///< null: no picture comes coded
    AudioLane* audio() const { return audio_.get(); }  ///< null: there is no sound
    /// None without a picture.
    capture::SourceKind videoKind() const { return video_ || coded_ ? videoKind_ : capture::SourceKind::None; }
    /// Every source that the settings want open is.
    bool ready() const;
    /// A source has failed that can't come back: open() makes another.
    bool broken() const { return videoSource_.failed || audioSource_.failed; }
    void settingsChanged();

    void skip(bool on) {
        if (video_) video_->skip(on);
    }

    void forceKey();                                           ///< [any-thread]
    Result<void> pushVideoFrame(const VideoFrameView& frame);  ///< [any-thread]
    Result<void> pushCodedVideo(const CodedVideoView& unit);   ///< [any-thread]
    Result<void> pushAudioBlock(const AudioBlockView& block);  ///< [any-thread]

private:
    /// What is known of one source.
    struct Source {
        bool open = false;
        bool ended = false;
        std::optional<Error> failed{};  ///< for good, after it was open
        bool over() const { return ended || failed; }
    };

    void makeVideo(std::unique_ptr<capture::VideoSource> source, Hands hands);
    void makeCoded(std::unique_ptr<capture::CodedVideoSource> source);
    void makeAudio(std::unique_ptr<capture::AudioSource> source);
    void happened(Code code, const std::string& what);
    void opened(Source& source);
    void videoFailed(const Error& error);
    void audioFailed(const Error& error);
    void failedToOpen(Source& source, bool otherIsThere, const Error& error);
    bool isMissingTrack(const Error& error) const;
    void brokeOff(Source& source, const Source& other, const Error& error);
    void ended(Source& source);
    void followEnds();
    template <typename Handle>
    auto report(Handle handle);

    const Stages& stages_;
    const Sources sources_;
    ControlLoop& control_;
    const base::Latest<LaneSettings>& settings_;
    const Output output_;
    Lifetime open_;  // of what is open: its reports count as long
    capture::SourceKind videoKind_ = capture::SourceKind::None;
    capture::SourceKind audioKind_ = capture::SourceKind::None;
    Source videoSource_, audioSource_;

    /// Guards the pointers against those who come on other threads.
    mutable std::shared_mutex mutex_;
    std::unique_ptr<VideoLane> video_;
    std::unique_ptr<CodedLane> coded_;
    std::unique_ptr<AudioLane> audio_;
};

}  // namespace livepusher::pipeline
