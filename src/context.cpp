// SPDX-License-Identifier: MIT
#include <livepusher/context.hpp>

#include "pipeline/session.hpp"
#include "wiring.hpp"

#include <utility>

namespace livepusher {

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
    void run(const char* method, Options options, Command command) {
        control.post([this, method, options = std::move(options), command = std::move(command)] {
            answer(method, options, command(session));
        });
    }

    /// A method that ends later: the command is given the reply to call.
    template <typename Command>
    void runLong(const char* method, CallOptions options, Command command) {
        control.post([this, method, options = std::move(options), command = std::move(command)] {
            command(session, [this, method, options](const Result<void>& outcome) { answer(method, options, outcome); });
        });
    }

    template <typename Options>
    void refuse(const char* method, Options options) {
        run(method, std::move(options), [](pipeline::Session&) -> Result<void> {
            return Error{Code::NotAvailable, "not available in this build"};
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
    impl_->runLong("start", std::move(options), [](pipeline::Session& s, auto reply) { s.start(std::move(reply)); });
}
void LivePusherContext::stop(CallOptions options) {
    impl_->run("stop", std::move(options), [](pipeline::Session& s) -> Result<void> {
        s.stop();
        return {};
    });
}
void LivePusherContext::pause(CallOptions options) {
    impl_->run("pause", std::move(options), [](pipeline::Session& s) { return s.pause(); });
}
void LivePusherContext::resume(CallOptions options) {
    impl_->run("resume", std::move(options), [](pipeline::Session& s) { return s.resume(); });
}
void LivePusherContext::startPreview(CallOptions options) {
    impl_->runLong("startPreview", std::move(options),
                   [](pipeline::Session& s, auto reply) { s.startPreview(std::move(reply)); });
}
void LivePusherContext::stopPreview(CallOptions options) {
    impl_->run("stopPreview", std::move(options), [](pipeline::Session& s) { return s.stopPreview(); });
}

void LivePusherContext::snapshot(SnapshotOptions options) {
    impl_->control.post([impl = impl_.get(), options = std::move(options)] {
        impl->session.snapshot(options.quality, options.sourceType, [impl, options](Result<SnapshotResult> taken) {
            if (!taken) return impl->answer("snapshot", CallOptions{{}, options.fail, options.complete}, taken.error());
            impl->events.call([options, result = std::move(*taken)] {
                if (options.success) options.success(result);
                if (options.complete) options.complete({result.errCode, result.errMsg});
            });
        });
    });
}

void LivePusherContext::update(std::function<void(Properties&)> change, CallOptions options) {
    impl_->run("update", std::move(options), [change = std::move(change)](pipeline::Session& s) { return s.update(change); });
}

void LivePusherContext::setProperty(std::string name, std::string value, CallOptions options) {
    impl_->run("setProperty", std::move(options),
               [name = std::move(name), value = std::move(value)](pipeline::Session& s) -> Result<void> {
                   Properties probe = s.properties();
                   if (auto set = livepusher::setProperty(probe, name, value); !set) return set;
                   return s.update([&](Properties& p) { p = probe; });
               });
}

Result<void> LivePusherContext::pushVideoFrame(const VideoFrameView& frame) { return impl_->session.pushVideoFrame(frame); }
Result<void> LivePusherContext::pushAudioBlock(const AudioBlockView& block) { return impl_->session.pushAudioBlock(block); }
State LivePusherContext::state() const { return impl_->session.state(); }
Properties LivePusherContext::properties() const { return impl_->session.properties(); }
NetStatus LivePusherContext::netStatus() const { return impl_->session.netStatus(); }

// Their stages are not built yet: each says so.
void LivePusherContext::switchCamera(CallOptions options) { impl_->refuse("switchCamera", std::move(options)); }
void LivePusherContext::toggleTorch(CallOptions options) { impl_->refuse("toggleTorch", std::move(options)); }
void LivePusherContext::playBGM(PlayBgmOptions options) { impl_->refuse("playBGM", std::move(options)); }
void LivePusherContext::pauseBGM(CallOptions options) { impl_->refuse("pauseBGM", std::move(options)); }
void LivePusherContext::resumeBGM(CallOptions options) { impl_->refuse("resumeBGM", std::move(options)); }
void LivePusherContext::stopBGM(CallOptions options) { impl_->refuse("stopBGM", std::move(options)); }
void LivePusherContext::setBGMVolume(VolumeOptions options) { impl_->refuse("setBGMVolume", std::move(options)); }
void LivePusherContext::setMICVolume(VolumeOptions options) { impl_->refuse("setMICVolume", std::move(options)); }
void LivePusherContext::setZoom(ZoomOptions options) { impl_->refuse("setZoom", std::move(options)); }
void LivePusherContext::getMaxZoom(CallOptions options) { impl_->refuse("getMaxZoom", std::move(options)); }
void LivePusherContext::sendMessage(MessageOptions options) { impl_->refuse("sendMessage", std::move(options)); }
void LivePusherContext::enterPictureInPicture(CallOptions options) { impl_->refuse("enterPictureInPicture", std::move(options)); }
void LivePusherContext::exitPictureInPicture(CallOptions options) { impl_->refuse("exitPictureInPicture", std::move(options)); }
void LivePusherContext::enterBackground(CallOptions options) { impl_->refuse("enterBackground", std::move(options)); }
void LivePusherContext::exitBackground(CallOptions options) { impl_->refuse("exitBackground", std::move(options)); }
void LivePusherContext::beginInterruption(CallOptions options) { impl_->refuse("beginInterruption", std::move(options)); }
void LivePusherContext::endInterruption(CallOptions options) { impl_->refuse("endInterruption", std::move(options)); }

}  // namespace livepusher
