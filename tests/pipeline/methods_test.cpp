// SPDX-License-Identifier: MIT
// Walks every cell of the table of methods and states, and keeps docs/methods.md, which is made from it.
#include "pipeline/methods.hpp"

#include "../docs_page.hpp"
#include "session_case.hpp"

#include <array>
#include <future>
#include <map>
#include <sstream>

namespace livepusher::testing {

using pipeline::Input;
using pipeline::Method;
using pipeline::Phase;

namespace {

constexpr std::array kPhases{Phase::Idle,   Phase::Previewing,   Phase::Connecting,        Phase::Pushing,
                             Phase::Paused, Phase::Reconnecting, Phase::ReconnectingPaused};

using Call = std::function<void(LivePusherContext&, CallOptions)>;

template <typename Options>
Call with(void (LivePusherContext::*method)(Options), Options options) {
    return [=](LivePusherContext& context, const CallOptions& call) {
        auto filled = options;
        filled.fail = call.fail;
        filled.complete = call.complete;
        (context.*method)(std::move(filled));
    };
}

Call plain(void (LivePusherContext::*method)(CallOptions)) {
    return [=](LivePusherContext& context, CallOptions call) { (context.*method)(std::move(call)); };
}

Call withMusic(void (LivePusherContext::*method)(CallOptions)) {
    return [method](LivePusherContext& context, CallOptions call) {
        context.playBGM({.url = "music.mp3"});
        (context.*method)(std::move(call));
    };
}

/// How a test calls each method, with what else it needs already there.
const std::map<Method, Call>& calls() {
    using C = LivePusherContext;
    static const std::map<Method, Call> all{
        {Method::Start, plain(&C::start)},
        {Method::Stop, plain(&C::stop)},
        {Method::Pause, plain(&C::pause)},
        {Method::Resume, plain(&C::resume)},
        {Method::StartPreview, plain(&C::startPreview)},
        {Method::StopPreview, plain(&C::stopPreview)},
        {Method::SwitchCamera, plain(&C::switchCamera)},
        {Method::ToggleTorch, plain(&C::toggleTorch)},
        {Method::Snapshot, with(&C::snapshot, SnapshotOptions{.toFile = false})},
        {Method::PlayBgm, with(&C::playBGM, PlayBgmOptions{.url = "music.mp3"})},
        {Method::PauseBgm, withMusic(&C::pauseBGM)},
        {Method::ResumeBgm,
         [](C& context, CallOptions call) {
             context.playBGM({.url = "music.mp3"});
             context.pauseBGM();
             context.resumeBGM(std::move(call));
         }},
        {Method::StopBgm, withMusic(&C::stopBGM)},
        {Method::SeekBgm,
         [](C& context, CallOptions call) {
             context.playBGM({.url = "music.mp3"});
             with(&C::seekBGM, SeekBgmOptions{.position = 100})(context, std::move(call));
         }},
        {Method::SetBgmVolume, with(&C::setBGMVolume, VolumeOptions{.volume = 0.5})},
        {Method::SetMicVolume, with(&C::setMICVolume, VolumeOptions{.volume = 0.5})},
        {Method::SetZoom, with(&C::setZoom, ZoomOptions{.zoom = 1})},
        {Method::GetMaxZoom, with(&C::getMaxZoom, MaxZoomOptions{})},
        {Method::SendMessage, with(&C::sendMessage, MessageOptions{.msg = "hello"})},
        {Method::SaveReplay, with(&C::saveReplay, SaveReplayOptions{.path = "replay.mp4"})},
        {Method::EnterPictureInPicture, plain(&C::enterPictureInPicture)},
        {Method::ExitPictureInPicture,
         [](C& context, CallOptions call) {
             context.enterPictureInPicture();
             context.exitPictureInPicture(std::move(call));
         }},
        {Method::HostNavigated,
         [](C& context, CallOptions call) { context.hostNavigated(PictureInPictureEvent::push, std::move(call)); }},
        {Method::EnterBackground, plain(&C::enterBackground)},
        {Method::ExitBackground,
         [](C& context, CallOptions call) {
             context.enterBackground();
             context.exitBackground(std::move(call));
         }},
        {Method::BeginInterruption, plain(&C::beginInterruption)},
        {Method::EndInterruption,
         [](C& context, CallOptions call) {
             context.beginInterruption();
             context.endInterruption(std::move(call));
         }},
        {Method::AddTarget,
         [](C& context, CallOptions call) {
             context.addTarget({.id = "second", .urls = {"rtmp://server.example/app/b"}}, std::move(call));
         }},
        {Method::RemoveTarget,
         [](C& context, CallOptions call) {
             context.addTarget({.id = "second", .urls = {"rtmp://server.example/app/b"}});
             context.removeTarget("second", std::move(call));
         }},
        {Method::UpdateTarget,
         [](C& context, CallOptions call) {
             context.addTarget({.id = "second", .urls = {"rtmp://server.example/app/b"}});
             context.updateTarget(
                 "second", [](livepusher::Target& target) { target.reconnect = "off"; }, std::move(call));
         }},
        {Method::Update, [](C& context, CallOptions call) { context.update([](Properties& p) { p.gop = 3; }, std::move(call)); }},
        {Method::SetProperty, [](C& context, CallOptions call) { context.setProperty("gop", "4", std::move(call)); }},
    };
    return all;
}

/// The state that a method leads to, where it leads to one.
std::optional<Phase> after(Method method, Phase phase) {
    switch (method) {
        case Method::Start: return Phase::Pushing;
        case Method::Stop: return next(phase, Input::Stop);
        case Method::Pause: return next(phase, Input::Pause);
        case Method::Resume: return next(phase, Input::Resume);
        case Method::StartPreview: return next(phase, Input::StartPreview);
        case Method::StopPreview: return next(phase, Input::StopPreview);
        default: return phase;
    }
}

std::string page() {
    std::ostringstream page;
    page << "# Methods and states\n\nMade from the table in `src/pipeline/methods.cpp`; a test walks every cell of it and keeps "
            "this page current. "
            "✓: allowed; –: fails with 20002 (InvalidState) and changes nothing. Any method may be called in any state, from any "
            "thread; each gets exactly one of `success` and `fail`, then "
            "`complete`.\n\n| method |";
    for (const auto phase : kPhases) page << " " << toString(phase) << " |";
    page << " leads to | also needs |\n|---|";
    for ([[maybe_unused]] const auto phase : kPhases) page << ":-:|";
    page << "---|---|\n";
    for (const auto& rule : pipeline::methodRules()) {
        page << "| `" << rule.name << "` |";
        for (const auto phase : kPhases) {
            const auto permitted = pipeline::permit(rule.method, phase);
            page << (permitted ? " ✓ |" : " – |");
        }
        page << " " << rule.effect << " | " << rule.also << " |\n";
    }
    page << "\nBackground and interruption are the application's own and last until it ends them, through `stop()` and the "
            "next `start()`. `state()` says Reconnecting for both of the last two columns.\n";
    return page.str();
}

}  // namespace

class MethodsTest : public SessionTest, public ::testing::WithParamInterface<Phase> {
protected:
    /// A context in the phase asked for, with a picture wherever there can be one.
    std::unique_ptr<LivePusherContext> contextIn(Phase phase) {
        using enum Phase;
        const bool reconnecting = phase == Reconnecting || phase == ReconnectingPaused;
        scene_.onOpen = [=](int number, const std::atomic<bool>& cancelled) -> Result<void> {
            const bool hangs = phase == Connecting || (reconnecting && number > 1);
            while (hangs && !cancelled) std::this_thread::yield();
            if (cancelled) return Error{Code::Cancelled, "cancelled"};
            return {};
        };
        auto o = options(scene_);
        o.handlers.onPreviewFrame = [this](const VideoFrame&) { journal().note("preview"); };
        auto context = std::make_unique<LivePusherContext>(std::move(o), fakeStages(scene_));
        if (phase == Idle) return context;
        if (phase == Previewing) {
            context->startPreview();
        } else {
            context->start();
            EXPECT_TRUE(journal().await("open"));
        }
        if (phase != Previewing && phase != Connecting) {
            EXPECT_TRUE(journal().await("1002"));
        }
        EXPECT_TRUE(journal().await("preview"));
        if (phase != Previewing && phase != Connecting) {
            EXPECT_TRUE(journal().await("video key"));
        }
        if (phase == Paused || phase == ReconnectingPaused) {
            context->pause(noting(scene_, "prepare"));
            EXPECT_TRUE(journal().await("prepare:ok"));
        }
        if (reconnecting) {
            scene_.breakConnection({Code::TransferFailed, "reset"});
            EXPECT_TRUE(journal().await("open", 2));
        }
        EXPECT_EQ(context->state(), publicState(phase));
        return context;
    }
};

TEST_P(MethodsTest, EveryMethodDoesWhatTheTableSays) {
    const auto phase = GetParam();
    for (const auto& rule : pipeline::methodRules()) {
        SCOPED_TRACE(std::string(rule.name) + " while " + std::string(toString(phase)));
        const auto call = calls().find(rule.method);
        ASSERT_NE(call, calls().end()) << "the walk leaves it out";
        journal().clear();
        auto context = contextIn(phase);
        std::promise<MethodResult> told;
        int failed = 0;
        call->second(*context, {.fail = [&](const MethodResult&) { ++failed; },
                                .complete = [&](const MethodResult& r) { told.set_value(r); }});
        const auto result = told.get_future().get();
        const auto permitted = pipeline::permit(rule.method, phase);
        EXPECT_EQ(result.errCode, permitted ? 0 : static_cast<int>(permitted.error().code)) << result.errMsg;
        EXPECT_EQ(failed, permitted ? 0 : 1);
        EXPECT_TRUE(result.errMsg.starts_with(std::string(rule.name) + (permitted ? ":ok" : ":fail "))) << result.errMsg;
        const auto expected = permitted ? after(rule.method, phase) : phase;
        ASSERT_TRUE(expected) << "the table allows what the state machine refuses";
        EXPECT_EQ(toString(context->state()), toString(publicState(*expected)));
    }
}

INSTANTIATE_TEST_SUITE_P(From, MethodsTest, ::testing::ValuesIn(kPhases), [](const auto& parameter) {
    std::string name(toString(parameter.param));
    std::erase_if(name, [](char c) { return c == ',' || c == ' '; });
    return name;
});

TEST(Methods, ThePageIsCurrent) { expectCurrent("methods.md", page()); }

}  // namespace livepusher::testing
