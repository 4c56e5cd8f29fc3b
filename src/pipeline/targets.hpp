// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/key_frames.hpp"
#include "pipeline/renditions.hpp"
#include "pipeline/stages.hpp"
#include "pipeline/target_push.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

namespace livepusher::pipeline {

/// Hears how a push does as a whole, on control.
class PushObserver {
public:
    virtual void published() = 0;                          ///< somewhere, where it was nowhere before
    virtual void connected(const TargetPush& target) = 0;  ///< this one has a connection, the first or another; after published()
    virtual void interrupted() = 0;                        ///< nowhere any more; it is tried again
    virtual void gaveUp(const Error& cause) = 0;  ///< at all its targets, at most once; not to be answered by its end at once
    virtual void renditionsChanged() = 0;         ///< others are wanted
    /// Whether pictures, sound or both can be had as H.264 and AAC: the pictures of the whole push, which has this target alone,
    /// and the sound beside what there is. If so they are on their way.
    virtual bool fallBack(bool pictures, bool sound) = 0;

protected:
    ~PushObserver() = default;
};

/// The targets of a push: each gets every packet of sound and of the rendition that it wants, and none waits for another. Targets
/// of one push share its encoders, so only a target that is alone may ask them for a key frame: with several, who begins waits
/// for the next. Belongs to the control thread, but for deliver().
class Targets final : TargetObserver {
public:
    struct Tracks {
        bool video = true, audio = true;
    };
    Targets(const Stages& stages, session::ControlLoop& control, Events& events, KeyFrameSource& pictures, PushObserver& observer,
            Tracks tracks);
    ~Targets();
    Targets(const Targets&) = delete;
    Targets& operator=(const Targets&) = delete;

    /// The targets as `properties`, which are valid, have them from now on: the first time before anything is delivered, later
    /// those that are new join, others leave in order, and who has changed does both. `file`: how files are written.
    void follow(const Properties& properties, const rtmp::FileSettings& file);
    void sourcesOpen();  ///< until then no server hears of a stream
    /// True when a key frame is wanted that may be asked for. [any-thread]
    bool deliver(const Packet& packet);
    /// What is queued goes out, so long at most, and all connections are closed.
    void finish(std::chrono::milliseconds atMost);

    /// What has to be encoded beside the push's own picture.
    const std::vector<NumberedRendition>& renditions();
    void renditionTold(int number, Code code, const std::string& what);  ///< for those who get it
    void renditionFailed(int number, const Error& why);                  ///< it ends for those who get it, and nobody else

    KeyFrameSource& keyFrames() { return keyFrames_; }
    bool publishing() const;
    int reconnects() const;           ///< of all targets
    std::uint64_t bytesSent() const;  ///< likewise
    bool everPublished() const { return everPublished_; }
    /// In their order, the hot backups behind what they back up.
    const std::vector<std::unique_ptr<TargetPush>>& all() const { return targets_; }
    /// The first of those that publish; none: the first that is tried.
    const TargetPush& first() const;
    /// Those of them that publish and that bitrate and size follow: of those only that get the push's own picture.
    std::vector<const TargetPush*> steering(Steer steer) const;

private:
    void published(TargetPush& target) override;
    void interrupted(TargetPush& target) override;
    void gaveUp(TargetPush& target, const Error& cause) override;
    void wentOver(TargetPush& target) override;
    bool fallBack(TargetPush& target, bool pictures, bool sound) override;
    void add(const Properties& properties, const livepusher::Target& target, int rendition, const rtmp::FileSettings& file);
    void add(TargetPush::Settings settings);
    void leave(std::string_view id);
    TargetPush* find(std::string_view id) const;
    void want(std::string_view id, int rendition);
    std::optional<Packet> configOf(Packet::Track track, int rendition) const;
    bool isIn(const TargetPush& target) const;
    void noteOutage();

    const Stages& stages_;
    session::ControlLoop& control_;
    Events& events_;
    PushObserver& observer_;
    const Tracks tracks_;
    KeyFrames keyFrames_;
    int aac_ = 0;              // what packets of AAC bear
    Timestamp keyInterval_{};  // how long a target may have to wait for a key frame; zero: it asks for one
    std::vector<livepusher::Target> wanted_;
    Renditions renditions_;
    bool sourcesOpen_ = false, begun_ = false, gaveUp_ = false, everPublished_ = false, wasPublishing_ = false;

    /// Held while the list changes, for the few instructions of that; by deliver() shared.
    mutable std::shared_mutex mutex_;
    std::vector<std::unique_ptr<TargetPush>> targets_;
    std::vector<std::unique_ptr<TargetPush>> leaving_;  // taken out, and has not said goodbye yet
    std::mutex configMutex_;
    std::map<std::pair<Packet::Track, int>, Packet> configs_;  // in force, by track and rendition
    std::atomic<Timestamp::rep> reached_{0};                   // decoding time of the last packet
    int reconnectsBefore_ = 0;                                 // of targets that have left
    std::uint64_t bytesBefore_ = 0;                            // sent by them
    std::optional<Error> cause_;                               // of the last target that gave up
    session::Lifetime alive_;
};

}  // namespace livepusher::pipeline
