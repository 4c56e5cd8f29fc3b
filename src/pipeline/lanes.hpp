// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/sources.hpp>

#include "pipeline/audio_lane.hpp"
#include "pipeline/events.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/packet_lane.hpp"
#include "pipeline/stages.hpp"
#include "pipeline/video_lane.hpp"
#include "session/control_loop.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>

namespace livepusher::pipeline {

/// Hears of the lanes, on control.
class LanesObserver {
public:
    virtual void sourceOpened() = 0;                 ///< one is: see Lanes::ready()
    virtual void sourcesEnded() = 0;                 ///< every source that can end has
    virtual void sourcesOver(const Error& why) = 0;  ///< none lives any more, one has failed so; told already
    virtual void lanesFailed(const Error& why) = 0;  ///< nothing goes on without what failed
    virtual void renditionTold(int number, Code code, const std::string& what) = 0;  ///< as LaneObserver::renditionCode()
    virtual void renditionFailed(int number, const Error& why) = 0;                  ///< nothing comes of it any more

protected:
    ~LanesObserver() = default;
};

/// The lanes of what is open: makes them of the application's sources, and turns what they report from their threads into
/// calls on control, dropped when they have been closed since. Tells the application of sources and encoders that come, go
/// and are exchanged. Belongs to the control thread, but for what is tagged otherwise.
class Lanes final : public KeyFrameSource {
public:
    /// Where it all goes.
    struct Output {
        encode::PacketSink& packets;   ///< [video] and [audio]
        ShownSink* preview = nullptr;  ///< null: nobody looks
        effects::MusicInput& music;    ///< to be mixed in
        LanesObserver& observer;
    };

    Lanes(const Stages& stages, Sources sources, session::ControlLoop& control, Events& events,
          const base::Latest<LaneSettings>& settings, Output output);
    ~Lanes();
    Lanes(const Lanes&) = delete;
    Lanes& operator=(const Lanes&) = delete;

    /// `render`: the application's hand on the pictures; null: it has none. Errors: InvalidArgument, and what makes no source.
    Result<void> open(RenderHooks* render);
    void close();  ///< what the encoders still hold comes out first

    explicit operator bool() const { return picture_ || audio_; }
    PictureLane* picture() const { return picture_.get(); }  ///< null: there is no picture
    VideoLane* video() const { return video_; }              ///< picture(); null also: it comes coded
    bool comesCoded() const { return picture_ && !video_; }
    AudioLane* audio() const { return audio_.get(); }  ///< null: there is no sound
    /// None without a picture.
    capture::SourceKind videoKind() const { return picture_ ? videoSource_.kind : capture::SourceKind::None; }
    /// Every source that the settings want open is.
    bool ready() const;
    /// A source has failed that can't come back: open() makes another.
    bool broken() const { return videoSource_.failed || audioSource_.failed; }
    void settingsChanged();

    void skip(bool on) {
        if (picture_) picture_->skip(on);
    }

    void forceKey() override;
    /// From the next frame on, until close(). False: pictures come coded, or there are none.
    bool encodeAsH264();
    Result<void> pushVideoFrame(const VideoFrameView& frame);  ///< [any-thread]
    Result<void> pushCodedVideo(const CodedVideoView& unit);   ///< [any-thread]
    Result<void> pushAudioBlock(const AudioBlockView& block);  ///< [any-thread]

private:
    /// What is known of one source.
    struct Source {
        capture::SourceKind kind = capture::SourceKind::None;
        bool open = false;
        bool ended = false;
        std::optional<Error> failed{};  ///< for good, after it was open
        bool over() const { return ended || failed; }
    };

    class Reports;

    void makeVideo(std::unique_ptr<capture::VideoSource> source, RenderHooks* render);
    void makeAudio(std::unique_ptr<capture::AudioSource> source);
    void keep(std::unique_ptr<PictureLane> lane, VideoLane* video);

    // What the lanes report, on control:
    void opened(Source* source, const std::string& description);
    void happened(Code code, const std::string& what);
    void firstFrame();
    void ended(Source* source);
    void sourceFailed(Source* source, const Error& error);
    void failed(const Error& error) { output_.observer.lanesFailed(error); }
    void renditionTold(int number, Code code, const std::string& what) { output_.observer.renditionTold(number, code, what); }
    void renditionFailed(int number, const Error& error) { output_.observer.renditionFailed(number, error); }

    void setOpen(Source& source);
    void failedToOpen(Source& source, const Error& error);
    bool isMissingTrack(const Error& error) const;
    void brokeOff(Source& source, const Error& error);
    void followEnds();

    const Stages& stages_;
    const Sources sources_;
    session::ControlLoop& control_;
    Events& events_;
    const base::Latest<LaneSettings>& settings_;
    const Output output_;
    session::Lifetime open_;  // of what is open: its reports count as long
    Source videoSource_, audioSource_;
    std::atomic<bool> toH264_{false};
    std::unique_ptr<Reports> videoReports_, audioReports_;  // of the lanes, which are gone before them

    /// Guards the pointers against those who come on other threads.
    mutable std::shared_mutex mutex_;
    std::unique_ptr<PictureLane> picture_;
    VideoLane* video_ = nullptr;  // picture_, when it is one
    std::unique_ptr<AudioLane> audio_;
};

}  // namespace livepusher::pipeline
