// SPDX-License-Identifier: MIT
#include <livepusher/context.hpp>

#include "base/attempt.hpp"
#include "pipeline/methods.hpp"
#include "pipeline/session.hpp"
#include "wiring.hpp"

#include <utility>

namespace livepusher {

using pipeline::Method;

namespace {

/// "start:ok" or "start:fail " and why; the name is not said twice.
std::string told(const std::string& method, const Result<void>& outcome) {
    if (outcome) return method + ":ok";
    std::string_view why = outcome.error().message;
    if (why.starts_with(method + ": ")) why.remove_prefix(method.size() + 2);
    return method + ":fail " + std::string(why);
}

}  // namespace

struct LivePusherContext::Impl {
    Impl(ContextOptions options, pipeline::Stages stages)
        : events(std::move(options.handlers), std::move(options.executor)),
          control("control"),
          owned(std::make_unique<pipeline::Session>(options, std::move(stages), control, events)),
          session(*owned) {
        if (events.handlers().onAttached) events.call(events.handlers().onAttached);
        control.post([this] { session.autopush(); });
    }

    ~Impl() {
        control.post([this] { session.stop(); });
        control.join();
        owned.reset();  // answers what is still open
        events.close();
    }

    /// Tells a method's outcome: one of success and fail, then complete.
    template <typename Options>
    void answer(const char* method, const Options& options, const Result<void>& outcome) {
        MethodResult result{outcome ? 0 : static_cast<int>(outcome.error().code), told(method, outcome)};
        events.call([options, result = std::move(result)] {
            if constexpr (requires { options.success(result); }) {
                if (const auto& first = result.errCode == 0 ? options.success : options.fail) first(result);
            } else {
                if (options.fail) options.fail(result);
            }
            if (options.complete) options.complete(result);
        });
    }

    /// A method that is over when its command is.
    template <typename Command, typename Options>
    void run(Method method, Options options, Command command) {
        runLong(method, std::move(options),
                [command = std::move(command)](pipeline::Session& s, auto reply) { reply(command(s)); });
    }

    /// A method that ends later: the command is given the reply to call.
    template <typename Command, typename Options>
    void runLong(Method method, Options options, Command command) {
        control.post([this, method, options = std::move(options), command = std::move(command)] {
            const auto reply = [this, method, options](const Result<void>& outcome) {
                answer(pipeline::rule(method).name.data(), options, outcome);
            };
            if (const auto permitted = pipeline::permit(method, session.phase()); !permitted) return reply(permitted);
            const auto answered = std::make_shared<bool>(false);
            const auto once = [reply, answered](const Result<void>& outcome) {
                if (!std::exchange(*answered, true)) reply(outcome);
            };
            if (const auto done = base::attempt([&] { command(session, once); }); !done) once(done);
        });
    }

    pipeline::Events events;
    pipeline::ControlLoop control;
    std::unique_ptr<pipeline::Session> owned;
    pipeline::Session& session;
};

LivePusherContext::LivePusherContext(ContextOptions options) : LivePusherContext(std::move(options), realStages()) {}
LivePusherContext::LivePusherContext(ContextOptions options, pipeline::Stages stages)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(stages))) {}
LivePusherContext::~LivePusherContext() = default;

void LivePusherContext::start(CallOptions options) {
    impl_->runLong(Method::Start, std::move(options), [](pipeline::Session& s, auto reply) { s.start(std::move(reply)); });
}
void LivePusherContext::stop(CallOptions options) {
    impl_->run(Method::Stop, std::move(options), [](pipeline::Session& s) -> Result<void> {
        s.stop();
        return {};
    });
}
void LivePusherContext::pause(CallOptions options) {
    impl_->run(Method::Pause, std::move(options), [](pipeline::Session& s) { return s.pause(); });
}
void LivePusherContext::resume(CallOptions options) {
    impl_->run(Method::Resume, std::move(options), [](pipeline::Session& s) { return s.resume(); });
}
void LivePusherContext::startPreview(CallOptions options) {
    impl_->runLong(Method::StartPreview, std::move(options),
                   [](pipeline::Session& s, auto reply) { s.startPreview(std::move(reply)); });
}
void LivePusherContext::stopPreview(CallOptions options) {
    impl_->run(Method::StopPreview, std::move(options), [](pipeline::Session& s) { return s.stopPreview(); });
}

void LivePusherContext::switchCamera(CallOptions options) {
    impl_->runLong(Method::SwitchCamera, std::move(options),
                   [](pipeline::Session& s, auto reply) { s.camera().switchCamera(std::move(reply)); });
}
void LivePusherContext::toggleTorch(CallOptions options) {
    impl_->runLong(Method::ToggleTorch, std::move(options),
                   [](pipeline::Session& s, auto reply) { s.camera().toggleTorch(std::move(reply)); });
}
void LivePusherContext::setZoom(ZoomOptions options) {
    const double zoom = options.zoom;
    impl_->runLong(Method::SetZoom, std::move(options),
                   [zoom](pipeline::Session& s, auto reply) { s.camera().setZoom(zoom, std::move(reply)); });
}

void LivePusherContext::getMaxZoom(MaxZoomOptions options) {
    impl_->control.post([impl = impl_.get(), options = std::move(options)] {
        const auto reply = [impl, options](const Result<double>& most) {
            if (!most) return impl->answer("getMaxZoom", CallOptions{{}, options.fail, options.complete}, most.error());
            impl->events.call([options, most = *most] {
                const MaxZoomResult result{.errMsg = "getMaxZoom:ok", .maxZoom = most};
                if (options.success) options.success(result);
                if (options.complete) options.complete({result.errCode, result.errMsg});
            });
        };
        if (const auto permitted = pipeline::permit(Method::GetMaxZoom, impl->session.phase()); !permitted)
            return reply(permitted.error());
        impl->session.camera().maxZoom(reply);
    });
}

void LivePusherContext::snapshot(SnapshotOptions options) {
    impl_->control.post([impl = impl_.get(), options = std::move(options)] {
        const auto reply = [impl, options](Result<SnapshotResult> taken) {
            if (!taken) return impl->answer("snapshot", CallOptions{{}, options.fail, options.complete}, taken.error());
            impl->events.call([options, result = std::move(*taken)] {
                if (options.success) options.success(result);
                if (options.complete) options.complete({result.errCode, result.errMsg});
            });
        };
        if (const auto permitted = pipeline::permit(Method::Snapshot, impl->session.phase()); !permitted)
            return reply(permitted.error());
        impl->session.pictures().snapshot(options.quality, options.sourceType, options.toFile, reply);
    });
}

void LivePusherContext::playBGM(PlayBgmOptions options) {
    auto url = options.url;
    const bool loop = options.loop;
    impl_->runLong(Method::PlayBgm, std::move(options), [url = std::move(url), loop](pipeline::Session& s, auto reply) {
        s.audio().play(url, loop, std::move(reply));
    });
}
void LivePusherContext::pauseBGM(CallOptions options) {
    impl_->run(Method::PauseBgm, std::move(options), [](pipeline::Session& s) { return s.audio().music().pause(); });
}
void LivePusherContext::resumeBGM(CallOptions options) {
    impl_->run(Method::ResumeBgm, std::move(options), [](pipeline::Session& s) { return s.audio().music().resume(); });
}
void LivePusherContext::stopBGM(CallOptions options) {
    impl_->run(Method::StopBgm, std::move(options), [](pipeline::Session& s) { return s.audio().music().stop(); });
}
void LivePusherContext::seekBGM(SeekBgmOptions options) {
    const std::int64_t to = options.position;
    impl_->runLong(Method::SeekBgm, std::move(options),
                   [to](pipeline::Session& s, auto reply) { s.audio().seek(to, std::move(reply)); });
}
void LivePusherContext::setBGMVolume(VolumeOptions options) {
    const double volume = options.volume;
    impl_->run(Method::SetBgmVolume, std::move(options),
               [volume](pipeline::Session& s) { return s.audio().setMusicVolume(volume); });
}
void LivePusherContext::setMICVolume(VolumeOptions options) {
    const double volume = options.volume;
    impl_->run(Method::SetMicVolume, std::move(options),
               [volume](pipeline::Session& s) { return s.audio().setMicrophoneVolume(volume); });
}

void LivePusherContext::sendMessage(MessageOptions options) {
    auto text = options.msg;
    impl_->run(Method::SendMessage, std::move(options),
               [text = std::move(text)](pipeline::Session& s) { return s.pictures().sendMessage(text); });
}
void LivePusherContext::enterPictureInPicture(CallOptions options) {
    impl_->runLong(Method::EnterPictureInPicture, std::move(options),
                   [](pipeline::Session& s, auto reply) { s.enterPictureInPicture(std::move(reply)); });
}
void LivePusherContext::exitPictureInPicture(CallOptions options) {
    impl_->runLong(Method::ExitPictureInPicture, std::move(options),
                   [](pipeline::Session& s, auto reply) { s.exitPictureInPicture(std::move(reply)); });
}
void LivePusherContext::hostNavigated(PictureInPictureEvent event, CallOptions options) {
    impl_->runLong(Method::HostNavigated, std::move(options),
                   [event](pipeline::Session& s, auto reply) { s.hostNavigated(event, std::move(reply)); });
}
void LivePusherContext::enterBackground(CallOptions options) {
    impl_->run(Method::EnterBackground, std::move(options), [](pipeline::Session& s) { return s.setBackground(true); });
}
void LivePusherContext::exitBackground(CallOptions options) {
    impl_->run(Method::ExitBackground, std::move(options), [](pipeline::Session& s) { return s.setBackground(false); });
}
void LivePusherContext::beginInterruption(CallOptions options) {
    impl_->run(Method::BeginInterruption, std::move(options), [](pipeline::Session& s) { return s.setInterrupted(true); });
}
void LivePusherContext::endInterruption(CallOptions options) {
    impl_->run(Method::EndInterruption, std::move(options), [](pipeline::Session& s) { return s.setInterrupted(false); });
}

void LivePusherContext::update(std::function<void(Properties&)> change, CallOptions options) {
    impl_->run(Method::Update, std::move(options),
               [change = std::move(change)](pipeline::Session& s) { return s.update(change); });
}

void LivePusherContext::setProperty(std::string name, std::string value, CallOptions options) {
    impl_->run(Method::SetProperty, std::move(options),
               [name = std::move(name), value = std::move(value)](pipeline::Session& s) -> Result<void> {
                   Properties probe = s.properties();
                   if (auto set = livepusher::setProperty(probe, name, value); !set) return set;
                   return s.update([&](Properties& p) { p = probe; });
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

}  // namespace livepusher
