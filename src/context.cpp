// SPDX-License-Identifier: MIT
#include <livepusher/context.hpp>

#include "base/attempt.hpp"
#include "pipeline/methods.hpp"
#include "pipeline/session.hpp"
#include "properties/targets.hpp"
#include "session/method_call.hpp"
#include "wiring.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace livepusher {

using pipeline::Method;
using pipeline::Session;

namespace {

Error noTarget(const Properties& properties, const std::string& id) {
    std::string ids;
    for (const auto& target : properties.targets) ids += (ids.empty() ? "" : ", ") + target.id;
    return {Code::InvalidArgument, "there is no target \"" + id.substr(0, 32) + "\"" +
                                       (ids.empty() ? ": none was added" : ": there are " + ids) +
                                       (id == properties::kMainTarget ? "; main is the property url" : "")};
}

}  // namespace

struct LivePusherContext::Impl {
    Impl(ContextOptions options, pipeline::Stages stages)
        : events(std::move(options.handlers), std::move(options.executor)),
          control("control"),
          owned(std::make_unique<Session>(options, std::move(stages), control, events)),
          session(*owned) {
        events.tell(&Handlers::onAttached);
        control.post([this] { session.autopush(); });
    }

    ~Impl() {
        control.post([this] { session.stop(); });
        control.join();
        owned.reset();  // answers what is still open
        events.close();
    }

    /// Has control run `command`, which returns the outcome, or, where the method ends later, takes the reply to call.
    template <typename Options, typename Command>
    void run(Method method, Options options, Command command) {
        control.post([this, method, options = std::move(options), command = std::move(command)] {
            const session::MethodReply<pipeline::Events, Options> reply{&events, std::string(pipeline::rule(method).name),
                                                                        options};
            session::perform(reply, pipeline::permit(method, owned->phase()), *owned, command);
        });
    }

    pipeline::Events events;
    session::ControlLoop control;
    std::unique_ptr<Session> owned;
    Session& session;
};

LivePusherContext::LivePusherContext(ContextOptions options) : LivePusherContext(std::move(options), realStages()) {}
LivePusherContext::LivePusherContext(ContextOptions options, pipeline::Stages stages)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(stages))) {}
LivePusherContext::~LivePusherContext() = default;

void LivePusherContext::start(CallOptions options) { impl_->run(Method::Start, std::move(options), &Session::start); }
void LivePusherContext::stop(CallOptions options) {
    impl_->run(Method::Stop, std::move(options), [](Session& s) { return base::attempt([&] { s.stop(); }); });
}
void LivePusherContext::pause(CallOptions options) { impl_->run(Method::Pause, std::move(options), &Session::pause); }
void LivePusherContext::resume(CallOptions options) { impl_->run(Method::Resume, std::move(options), &Session::resume); }
void LivePusherContext::startPreview(CallOptions options) {
    impl_->run(Method::StartPreview, std::move(options), &Session::startPreview);
}
void LivePusherContext::stopPreview(CallOptions options) {
    impl_->run(Method::StopPreview, std::move(options), &Session::stopPreview);
}

void LivePusherContext::switchCamera(CallOptions options) {
    impl_->run(Method::SwitchCamera, std::move(options), [](Session& s, auto reply) { s.camera().switchCamera(reply); });
}
void LivePusherContext::toggleTorch(CallOptions options) {
    impl_->run(Method::ToggleTorch, std::move(options), [](Session& s, auto reply) { s.camera().toggleTorch(reply); });
}
void LivePusherContext::setZoom(ZoomOptions options) {
    impl_->run(Method::SetZoom, options, [zoom = options.zoom](Session& s, auto reply) { s.camera().setZoom(zoom, reply); });
}
void LivePusherContext::getMaxZoom(MaxZoomOptions options) {
    impl_->run(Method::GetMaxZoom, std::move(options), [](Session& s, auto reply) { s.camera().maxZoom(reply); });
}

void LivePusherContext::snapshot(SnapshotOptions options) {
    impl_->run(Method::Snapshot, options,
               [quality = options.quality, source = options.sourceType, toFile = options.toFile](Session& s, auto reply) {
                   s.pictures().snapshot(quality, source, toFile, reply);
               });
}

void LivePusherContext::playBGM(PlayBgmOptions options) {
    impl_->run(Method::PlayBgm, options,
               [url = options.url, loop = options.loop](Session& s, auto reply) { s.audio().play(url, loop, reply); });
}
void LivePusherContext::pauseBGM(CallOptions options) {
    impl_->run(Method::PauseBgm, std::move(options), [](Session& s) { return s.audio().music().pause(); });
}
void LivePusherContext::resumeBGM(CallOptions options) {
    impl_->run(Method::ResumeBgm, std::move(options), [](Session& s) { return s.audio().music().resume(); });
}
void LivePusherContext::stopBGM(CallOptions options) {
    impl_->run(Method::StopBgm, std::move(options), [](Session& s) { return s.audio().music().stop(); });
}
void LivePusherContext::seekBGM(SeekBgmOptions options) {
    impl_->run(Method::SeekBgm, options, [to = options.position](Session& s, auto reply) { s.audio().seek(to, reply); });
}
void LivePusherContext::setBGMVolume(VolumeOptions options) {
    impl_->run(Method::SetBgmVolume, options, [volume = options.volume](Session& s) { return s.audio().setMusicVolume(volume); });
}
void LivePusherContext::setMICVolume(VolumeOptions options) {
    impl_->run(Method::SetMicVolume, options,
               [volume = options.volume](Session& s) { return s.audio().setMicrophoneVolume(volume); });
}

void LivePusherContext::sendMessage(MessageOptions options) {
    impl_->run(Method::SendMessage, options, [text = options.msg](Session& s) { return s.pictures().sendMessage(text); });
}
void LivePusherContext::saveReplay(SaveReplayOptions options) {
    impl_->run(Method::SaveReplay, options, [path = options.path](Session& s, auto reply) { s.saveReplay(path, reply); });
}
void LivePusherContext::enterPictureInPicture(CallOptions options) {
    impl_->run(Method::EnterPictureInPicture, std::move(options), &Session::enterPictureInPicture);
}
void LivePusherContext::exitPictureInPicture(CallOptions options) {
    impl_->run(Method::ExitPictureInPicture, std::move(options), &Session::exitPictureInPicture);
}
void LivePusherContext::hostNavigated(PictureInPictureEvent event, CallOptions options) {
    impl_->run(Method::HostNavigated, std::move(options), [event](Session& s, auto reply) { s.hostNavigated(event, reply); });
}
void LivePusherContext::enterBackground(CallOptions options) {
    impl_->run(Method::EnterBackground, std::move(options), [](Session& s) { return s.setBackground(true); });
}
void LivePusherContext::exitBackground(CallOptions options) {
    impl_->run(Method::ExitBackground, std::move(options), [](Session& s) { return s.setBackground(false); });
}
void LivePusherContext::beginInterruption(CallOptions options) {
    impl_->run(Method::BeginInterruption, std::move(options), [](Session& s) { return s.setInterrupted(true); });
}
void LivePusherContext::endInterruption(CallOptions options) {
    impl_->run(Method::EndInterruption, std::move(options), [](Session& s) { return s.setInterrupted(false); });
}

void LivePusherContext::update(std::function<void(Properties&)> change, CallOptions options) {
    impl_->run(Method::Update, std::move(options), [change = std::move(change)](Session& s) {
        auto wanted = s.properties();
        change(wanted);
        return s.update(wanted);
    });
}

void LivePusherContext::setProperty(std::string name, std::string value, CallOptions options) {
    impl_->run(Method::SetProperty, std::move(options),
               [name = std::move(name), value = std::move(value)](Session& s) -> Result<void> {
                   auto wanted = s.properties();
                   if (auto set = livepusher::setProperty(wanted, name, value); !set) return set;
                   return s.update(wanted);
               });
}

void LivePusherContext::addTarget(Target target, CallOptions options) {
    impl_->run(Method::AddTarget, std::move(options), [target = std::move(target)](Session& s) -> Result<void> {
        auto wanted = s.properties();
        if (properties::findTarget(wanted, target.id))
            return Error{Code::InvalidArgument,
                         "there is a target \"" + target.id.substr(0, 32) + "\" already: updateTarget() changes it"};
        wanted.targets.push_back(target);
        return s.update(wanted);
    });
}

void LivePusherContext::removeTarget(std::string id, CallOptions options) {
    impl_->run(Method::RemoveTarget, std::move(options), [id = std::move(id)](Session& s) -> Result<void> {
        auto wanted = s.properties();
        if (std::erase_if(wanted.targets, [&](const Target& target) { return target.id == id; }) == 0)
            return noTarget(wanted, id);
        return s.update(wanted);
    });
}

void LivePusherContext::updateTarget(std::string id, std::function<void(Target&)> change, CallOptions options) {
    impl_->run(Method::UpdateTarget, std::move(options),
               [id = std::move(id), change = std::move(change)](Session& s) -> Result<void> {
                   auto wanted = s.properties();
                   const auto found = std::ranges::find(wanted.targets, id, &Target::id);
                   if (found == wanted.targets.end()) return noTarget(wanted, id);
                   change(*found);
                   return s.update(wanted);
               });
}

Result<void> LivePusherContext::pushVideoFrame(const VideoFrameView& frame) {
    return impl_->session.lanes().pushVideoFrame(frame);
}
Result<void> LivePusherContext::pushCodedVideo(const CodedVideoView& unit) { return impl_->session.lanes().pushCodedVideo(unit); }
Result<void> LivePusherContext::pushAudioBlock(const AudioBlockView& block) {
    return impl_->session.lanes().pushAudioBlock(block);
}
State LivePusherContext::state() const { return impl_->session.state(); }
Properties LivePusherContext::properties() const { return impl_->session.properties(); }
NetStatus LivePusherContext::netStatus() const { return impl_->session.netStatus(); }
std::optional<NetStatus> LivePusherContext::netStatus(const std::string& targetId) const {
    return impl_->session.netStatus(targetId);
}

}  // namespace livepusher
