// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/events.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/link.hpp"
#include "pipeline/rendition_switch.hpp"
#include "pipeline/send_queue.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace livepusher::pipeline {

class TargetPush;

/// Hears what becomes of a target, on control.
class TargetObserver {
public:
    virtual void published(TargetPush& target) = 0;                   ///< again after each reconnect
    virtual void interrupted(TargetPush& target) = 0;                 ///< it is tried again
    virtual void gaveUp(TargetPush& target, const Error& cause) = 0;  ///< at most once; not to be answered by its end at once
    virtual void wentOver(TargetPush& target) = 0;                    ///< to another rendition
    /// As PublishingObserver::fallBack(), after which it is given the sound that it is to have.
    virtual bool fallBack(TargetPush& target, bool pictures, bool sound) = 0;

protected:
    ~TargetObserver() = default;
};

/// One target's part of a push: the queue that its packets go through, and the link to its server or file. Belongs to the
/// control thread, but for deliver().
class TargetPush final : PublishingObserver {
public:
    struct Settings {
        std::string id;
        std::vector<base::Url> urls;
        base::ReconnectSpec reconnect;
        bool preferFirst = false;
        rtmp::PublisherSettings publisher{};
        bool video = true, audio = true;
        bool ordered = true;     ///< picture and sound leave in the order of their time
        int rendition = 0;       ///< whose pictures it gets
        int soundRendition = 0;  ///< which coding of the sound it gets
    };
    /// `pictures` is asked for key frames by this target's threads.
    TargetPush(const Link::MakePublisher& makePublisher, Settings settings, session::ControlLoop& control, Events& events,
               KeyFrameSource& pictures, TargetObserver& observer);

    const std::string& id() const { return id_; }
    /// Of a push that has begun already: its `configs` come first, and its time `from` is zero here. Before the first deliver().
    void join(const std::vector<Packet>& configs, Timestamp from);
    /// Its pictures come from another encoder, or its sound as that coding, from their next Config on. Not beside deliver().
    void takeOtherPictures() { queue_.expectAnew(Packet::Track::Video); }
    void takeOtherSound(int rendition) {
        soundRendition_ = rendition;
        queue_.expectAnew(Packet::Track::Audio);
    }
    void sourcesOpen() { queue_.sourcesOpen(); }
    void awaitKey(Timestamp longest) { queue_.awaitKey(longest); }
    /// Whether the packet may be for it: pictures of all renditions, of which deliver() takes what it gets. [any-thread]
    bool wants(const Packet& packet) const { return packet.track == Packet::Track::Video || packet.rendition == soundRendition_; }
    /// True when the queue had to drop pictures and wants a key frame. Those of other renditions it passes over. [any-thread]
    bool deliver(Packet packet);
    /// Goes over to another rendition at the next key frame: wentOver() tells. `config`: what is in force there.
    void want(int rendition, std::optional<Packet> config);
    void lose(int rendition);  ///< as RenditionSwitch::lose()
    struct Routes {
        int current = 0, wanted = 0;
        bool have(int rendition) const { return current == rendition || wanted == rendition; }
    };
    Routes renditions() const;
    void finish() { queue_.finish(); }  ///< what is queued goes out, nothing more comes
    /// After finish(): ends in order, in `atMost` or a little more.
    void drain(std::chrono::milliseconds atMost) { link_.drain(atMost); }

    const Link& link() const { return link_; }
    SendQueue::Counts queued() const { return queue_.counts(); }
    bool gaveUp() const { return gaveUp_; }

private:
    void published() override { observer_.published(*this); }
    void interrupted() override { observer_.interrupted(*this); }
    void gaveUp(const Error& cause) override;
    void wentOver() { observer_.wentOver(*this); }
    bool fallBack(bool pictures, bool sound) override { return observer_.fallBack(*this, pictures, sound); }

    const std::string id_;
    TargetObserver& observer_;
    session::ControlLoop& control_;
    SendQueue queue_;
    int soundRendition_;
    mutable std::mutex switchMutex_;  // renditions come on a thread each
    RenditionSwitch switch_;
    Timestamp from_{};
    bool gaveUp_ = false;
    session::Lifetime alive_;
    const session::Lifetime::Stretch reports_ = alive_.now();
    Link link_;
};

}  // namespace livepusher::pipeline
