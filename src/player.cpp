// SPDX-License-Identifier: MIT
#include <livepusher/player.hpp>

#include "base/attempt.hpp"
#include "playback/player_methods.hpp"
#include "playback/player_session.hpp"
#include "session/method_call.hpp"
#include "wiring.hpp"

#include <memory>
#include <utility>

namespace livepusher {

using playback::PlayerMethod;
using playback::PlayerSession;

struct LivePlayerContext::Impl {
    Impl(PlayerOptions options, playback::PlayerStages stages)
        : events(std::move(options.handlers), std::move(options.executor)),
          control("control"),
          owned(std::make_unique<PlayerSession>(options, std::move(stages), control, events)),
          session(*owned) {
        events.tell(&PlayerHandlers::onAttached);
        control.post([this] { session.autoplay(); });
    }

    ~Impl() {
        control.post([this] { session.stop(true); });
        control.join();
        owned.reset();  // answers what is still open
        events.close();
    }

    /// Has control run `command`, which returns the outcome, or, where the method ends later, takes the reply to call.
    template <typename Options, typename Command>
    void run(PlayerMethod method, Options options, Command command) {
        control.post([this, method, options = std::move(options), command = std::move(command)] {
            const session::MethodReply<playback::PlayerEvents, Options> reply{&events, std::string(playback::rule(method).name),
                                                                              options};
            session::perform(reply, playback::permit(method, owned->state()), *owned, command);
        });
    }

    playback::PlayerEvents events;
    session::ControlLoop control;
    std::unique_ptr<PlayerSession> owned;
    PlayerSession& session;
};

LivePlayerContext::LivePlayerContext(PlayerOptions options) : LivePlayerContext(std::move(options), realPlayerStages()) {}
LivePlayerContext::LivePlayerContext(PlayerOptions options, playback::PlayerStages stages)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(stages))) {}
LivePlayerContext::~LivePlayerContext() = default;

void LivePlayerContext::start(CallOptions options) {
    impl_->run(PlayerMethod::Start, std::move(options), [](PlayerSession& s, auto reply) { s.start(reply); });
}
void LivePlayerContext::stop(StopPlayOptions options) {
    impl_->run(PlayerMethod::Stop, options,
               [clear = options.clearLastFrame](PlayerSession& s) { return base::attempt([&] { s.stop(clear); }); });
}
void LivePlayerContext::pause(CallOptions options) {
    impl_->run(PlayerMethod::Pause, std::move(options), [](PlayerSession& s) { return s.pause(); });
}
void LivePlayerContext::resume(CallOptions options) {
    impl_->run(PlayerMethod::Resume, std::move(options), [](PlayerSession& s) { return s.resume(); });
}
void LivePlayerContext::mute(MuteOptions options) {
    impl_->run(PlayerMethod::Mute, options, [muted = options.muted](PlayerSession& s) { return s.mute(muted); });
}
void LivePlayerContext::requestFullScreen(FullScreenOptions options) {
    impl_->run(PlayerMethod::RequestFullScreen, options,
               [direction = options.direction](PlayerSession& s, auto reply) { s.requestFullScreen(direction, reply); });
}
void LivePlayerContext::exitFullScreen(CallOptions options) {
    impl_->run(PlayerMethod::ExitFullScreen, std::move(options), [](PlayerSession& s, auto reply) { s.exitFullScreen(reply); });
}
void LivePlayerContext::snapshot(SnapshotOptions options) {
    impl_->run(PlayerMethod::Snapshot, options,
               [quality = options.quality, source = options.sourceType, toFile = options.toFile](PlayerSession& s, auto reply) {
                   s.snapshot(quality, source, toFile, reply);
               });
}
void LivePlayerContext::enterPictureInPicture(CallOptions options) {
    impl_->run(PlayerMethod::EnterPictureInPicture, std::move(options),
               [](PlayerSession& s, auto reply) { s.enterPictureInPicture(reply); });
}
void LivePlayerContext::exitPictureInPicture(CallOptions options) {
    impl_->run(PlayerMethod::ExitPictureInPicture, std::move(options),
               [](PlayerSession& s, auto reply) { s.exitPictureInPicture(reply); });
}
void LivePlayerContext::enterBackground(CallOptions options) {
    impl_->run(PlayerMethod::EnterBackground, std::move(options), [](PlayerSession& s) { return s.setBackground(true); });
}
void LivePlayerContext::exitBackground(CallOptions options) {
    impl_->run(PlayerMethod::ExitBackground, std::move(options), [](PlayerSession& s) { return s.setBackground(false); });
}
void LivePlayerContext::hostNavigated(PictureInPictureEvent event, CallOptions options) {
    impl_->run(PlayerMethod::HostNavigated, std::move(options),
               [event](PlayerSession& s, auto reply) { s.hostNavigated(event, reply); });
}
void LivePlayerContext::hostOpenedNative(CallOptions options) {
    impl_->run(PlayerMethod::HostOpenedNative, std::move(options), [](PlayerSession& s) { return s.hostOpenedNative(); });
}
void LivePlayerContext::hostReturned(CallOptions options) {
    impl_->run(PlayerMethod::HostReturned, std::move(options), [](PlayerSession& s) { return s.hostReturned(); });
}
void LivePlayerContext::update(std::function<void(PlayerProperties&)> change, CallOptions options) {
    impl_->run(PlayerMethod::Update, std::move(options), [change = std::move(change)](PlayerSession& s) {
        auto wanted = s.properties();
        change(wanted);
        return s.update(wanted);
    });
}
void LivePlayerContext::setProperty(std::string name, std::string value, CallOptions options) {
    impl_->run(PlayerMethod::SetProperty, std::move(options),
               [name = std::move(name), value = std::move(value)](PlayerSession& s) -> Result<void> {
                   auto wanted = s.properties();
                   if (auto set = livepusher::setProperty(wanted, name, value); !set) return set;
                   return s.update(wanted);
               });
}

PlayerState LivePlayerContext::state() const { return impl_->session.state(); }
PlayerProperties LivePlayerContext::properties() const { return impl_->session.properties(); }
PlayerNetStatus LivePlayerContext::netStatus() const { return impl_->session.netStatus(); }

}  // namespace livepusher
