// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/context_options.hpp>

#include "pipeline/adaptation.hpp"
#include "pipeline/audio_controls.hpp"
#include "pipeline/camera_commands.hpp"
#include "pipeline/events.hpp"
#include "pipeline/lane_settings_store.hpp"
#include "pipeline/lanes.hpp"
#include "pipeline/picture_commands.hpp"
#include "pipeline/preview.hpp"
#include "pipeline/push.hpp"
#include "pipeline/render_hook.hpp"
#include "pipeline/replays.hpp"
#include "pipeline/sound_codecs.hpp"
#include "pipeline/stages.hpp"
#include "pipeline/state.hpp"
#include "pipeline/status_reporter.hpp"
#include "pipeline/suspension_control.hpp"
#include "session/control_loop.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace livepusher::pipeline {

/// Owns the lanes, the link, the state and the properties. Every method belongs to the control
/// thread, but those tagged otherwise; the lanes report by posting to it.
class Session final : public encode::PacketSink,
                      public Adaptation::Host,
                      public LanesObserver,
                      public LaneSettingsObserver,
                      public PreviewObserver,
                      public PushObserver,
                      public SuspensionObserver {
public:
    Session(ContextOptions& options, Stages stages, session::ControlLoop& control, Events& events);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void start(session::Reply reply);
    void stop();
    Result<void> pause();
    Result<void> resume();
    void startPreview(session::Reply reply);
    Result<void> stopPreview();
    void enterPictureInPicture(session::Reply reply) { preview_.enterPictureInPicture(std::move(reply)); }
    void exitPictureInPicture(session::Reply reply) { preview_.exitPictureInPicture(std::move(reply)); }
    void hostNavigated(PictureInPictureEvent event, session::Reply reply);
    Result<void> setBackground(bool on) { return suspension_.setBackground(on); }
    Result<void> setInterrupted(bool on) { return suspension_.setInterrupted(on); }
    Result<void> update(const Properties& after);
    /// As Replays::save() replies.
    void saveReplay(const std::string& path, session::Reply reply);
    void autopush();  ///< starts when the property says so and a url is there

    Phase phase() const { return phase_; }                                 ///< [any-thread]
    State state() const { return publicState(phase_.load()); }             ///< [any-thread]
    Properties properties() const { return settings_.get()->properties; }  ///< [any-thread]
    NetStatus netStatus() const { return status_.last(); }                 ///< [any-thread]
    /// Of one target; empty: there is none of that id. [any-thread]
    std::optional<NetStatus> netStatus(const std::string& targetId) const { return status_.last(targetId); }
    AudioControls& audio() { return audio_; }
    CameraCommands& camera() { return camera_; }
    PictureCommands& pictures() { return pictures_; }
    Lanes& lanes() { return lanes_; }  ///< for what is tagged [any-thread] there

private:
    void take(Packet packet) override;
    void sourceOpened() override { answerPendingStarts(); }
    void sourcesEnded() override;
    void sourcesOver(const Error& why) override { endPush(true, &why); }
    void lanesFailed(const Error& why) override { fail(why); }
    std::vector<Adaptation::Reading> readings() const override;
    void adapt(const Adapted& adapted) override;
    void skipPictures(bool on) override { lanes_.skip(on); }
    void settingsChanged() override;
    void published() override;
    void connected(const TargetPush& target) override;
    void interrupted() override { move(Input::Lost); }
    void gaveUp(const Error& cause) override;
    void renditionsChanged() override;
    void renditionTold(int number, Code code, const std::string& what) override {
        if (push_) push_->targets().renditionTold(number, code, what);
    }
    void renditionFailed(int number, const Error& why) override {
        if (push_) push_->targets().renditionFailed(number, why);
    }
    bool fallBack(bool pictures, bool sound) override;
    void suspensionChanged() override;
    void suspendedTooLong() override { stop(); }
    void previewWheelTurned(int notches) override { camera_.turn(notches); }
    Result<void> openLanes();
    Result<void> check(const Properties& properties) const;
    void beginPush(Outputs outputs);
    InputPaths inputs(const Properties& properties) const;
    void endPush(bool inOrder, const Error* cause);
    void fail(const Error& error);
    void followPreview();
    void answerPendingStarts();  // answers start() and startPreview() when what they wait for is there
    void applyChange(const Properties& before, const Properties& after);
    void answerPreview(const Result<void>& outcome);
    bool move(Input input);
    Adaptation::Tracks tracks(const Properties& properties) const;
    bool comesCoded() const;

    const Sources sources_;
    const std::string recordPath_;
    const std::vector<std::string> alsoRead_;
    const std::function<void()> onSourceEnded_;  ///< the application's; may be empty
    const Stages stages_;
    session::ControlLoop& control_;
    Events& events_;

    std::atomic<Phase> phase_{Phase::Idle};
    LaneSettingsStore settings_;
    session::Lifetime pushLife_;  // from one begin or end of a push to the next
    session::Reply startReply_;
    std::vector<session::Reply> previewReplies_;
    SoundCodecs soundCodecs_;

    Preview preview_;
    RenderHooks renderHooks_;
    SuspensionControl suspension_;
    Adaptation adaptation_;
    AudioControls audio_;

    /// The lanes call take() on their threads while queues come and go here: held for the few
    /// instructions of a push to a queue, never across a callback.
    mutable std::shared_mutex pushMutex_;
    std::unique_ptr<Push> push_;
    Replays replays_;

    Lanes lanes_;  // its threads use what is above
    CameraCommands camera_;
    PictureCommands pictures_;
    StatusReporter status_;
};

}  // namespace livepusher::pipeline
