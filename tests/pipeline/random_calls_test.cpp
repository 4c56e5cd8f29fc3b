// SPDX-License-Identifier: MIT
// Calls in no order at all, with fixed seeds: nothing crashes or hangs, each call is answered once, and every refusal
// is one that the table of methods has.
#include "pipeline/methods.hpp"

#include "fakes.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <map>
#include <random>

namespace livepusher::testing {

using pipeline::Method;
using pipeline::Phase;

namespace {

constexpr int kSeeds = 10;
constexpr int kSteps = 10'000;  // a seed

/// One call, and what came of it; written on the event thread only.
struct Answer {
    Method method;
    int success = 0, fail = 0, complete = 0;
    MethodResult result;
};

class Caller {
public:
    explicit Caller(unsigned seed) : random_(seed) {
        scene_.onOpen = [this](int number, const std::atomic<bool>&) -> Result<void> {
            if (number % 5 == 3) return Error{Code::TcpFailed, "refused"};
            if (number % 17 == 5) return Error{Code::ServerClosed, "no", 0, true};
            return {};
        };
        auto p = pushing();
        p.reconnect = "2x0.1";
        auto o = options(scene_, p);
        o.handlers.onStateChange = [this](const StateChangeEvent& e) { known_ = known_ && describeCode(e.code); };
        o.handlers.onPreviewFrame = [](const VideoFrame&) {};
        o.customRender = {.onCaptured = [](VideoFrame& f) { f.mutablePlane(0)[0] = 17; }, .onBeforeEncode = {}, .budget = {}};
        context_ = std::make_unique<LivePusherContext>(std::move(o), fakeStages(scene_));
    }

    void step() {
        const auto dice = pick(1000);
        if (dice < 12) {
            startAndWait();
        } else if (dice < 20) {
            call(Method::Stop);
        } else if (dice < 30) {
            breakConnection();
        } else if (dice < 40) {
            awaitLast();
        } else if (dice < 250) {
            changeProperty();
        } else {
            Method method{};
            do method = static_cast<Method>(pick(static_cast<int>(pipeline::methodRules().size())));
            while (method == Method::Start || method == Method::Stop || method == Method::SetProperty);
            call(method);
        }
        const auto state = context_->state();
        EXPECT_LE(state, State::Reconnecting);
    }

    /// The context is usable after all of it.
    void finish() {
        context_->endInterruption();
        context_->exitBackground();
        context_->stop();
        context_->update([](Properties& p) { p = pushing(); });
        awaitLast();  // no connection asks onOpen any more
        scene_.onOpen = {};
        std::promise<MethodResult> told;
        context_->start({.complete = [&](const MethodResult& r) { told.set_value(r); }});
        const auto result = told.get_future().get();
        EXPECT_EQ(result.errCode, 0) << result.errMsg;
        askTheCamera();
        seekAndWait();
        context_.reset();
        EXPECT_EQ(scene_.liveSources, 0);
        EXPECT_EQ(scene_.liveMusic, 0);
        EXPECT_TRUE(known_) << "an event had a code that is in no table";
        std::map<Method, int> worked;
        for (const auto& answer : answers_) {
            check(*answer);
            worked[answer->method] += answer->success;
        }
        for (const auto& rule : pipeline::methodRules()) {
            EXPECT_GT(worked[rule.method], 0) << rule.name << " never worked: the walk is too narrow";
        }
    }

private:
    /// What the camera is asked for is often overtaken in the walk.
    void askTheCamera() {
        context_->toggleTorch(answered(Method::ToggleTorch));
        context_->getMaxZoom(answered<MaxZoomOptions>(Method::GetMaxZoom, {}));
        std::promise<void> told;
        auto zoom = answered<ZoomOptions>(Method::SetZoom, {.zoom = 2});
        zoom.complete = [&told, note = std::move(zoom.complete)](const MethodResult& r) {
            note(r);
            told.set_value();
        };
        context_->setZoom(std::move(zoom));
        told.get_future().get();
    }

    /// What takes the sound lane some 10 ms is always overtaken in the walk.
    void seekAndWait() {
        std::promise<void> told;
        context_->playBGM(answered<PlayBgmOptions>(Method::PlayBgm, {.url = "music.mp3", .loop = true}));
        auto seek = answered<SeekBgmOptions>(Method::SeekBgm, {.position = 100});
        seek.complete = [&told, note = std::move(seek.complete)](const MethodResult& r) {
            note(r);
            told.set_value();
        };
        context_->seekBGM(std::move(seek));
        told.get_future().get();
    }

    int pick(int below) { return std::uniform_int_distribution<>(0, below - 1)(random_); }

    const char* music() {
        static constexpr std::array kPieces{"music.mp3", "missing", "breaks", "slow", "live", "song.ogg"};
        return kPieces[static_cast<std::size_t>(pick(6))];
    }

    template <typename Options = CallOptions>
    Options answered(Method method, Options options = {}) {
        auto answer = std::make_shared<Answer>(Answer{method, 0, 0, 0, {}});
        answers_.push_back(answer);
        options.success = [answer](const auto&) { ++answer->success; };
        options.fail = [answer](const MethodResult&) { ++answer->fail; };
        options.complete = [answer](const MethodResult& result) {
            ++answer->complete;
            answer->result = result;
        };
        return options;
    }

    void call(Method method) {
        auto& c = *context_;
        switch (method) {
            case Method::Start: return c.start(answered(method));
            case Method::Stop: return c.stop(answered(method));
            case Method::Pause: return c.pause(answered(method));
            case Method::Resume: return c.resume(answered(method));
            case Method::StartPreview: return pick(10) == 0 ? c.startPreview(answered(method)) : void();
            case Method::StopPreview: return c.stopPreview(answered(method));
            case Method::SwitchCamera: return c.switchCamera(answered(method));
            case Method::ToggleTorch: return c.toggleTorch(answered(method));
            case Method::Snapshot: return c.snapshot(answered<SnapshotOptions>(method, {.toFile = false}));
            case Method::PlayBgm: return c.playBGM(answered<PlayBgmOptions>(method, {.url = music(), .loop = pick(2) == 0}));
            case Method::PauseBgm: return c.pauseBGM(answered(method));
            case Method::ResumeBgm: return c.resumeBGM(answered(method));
            case Method::StopBgm: return c.stopBGM(answered(method));
            case Method::SeekBgm: return c.seekBGM(answered<SeekBgmOptions>(method, {.position = pick(1000) - 100}));
            case Method::SetBgmVolume: return c.setBGMVolume(answered<VolumeOptions>(method, {.volume = pick(30) / 10.0}));
            case Method::SetMicVolume: return c.setMICVolume(answered<VolumeOptions>(method, {.volume = pick(30) / 10.0}));
            case Method::SetZoom: return c.setZoom(answered<ZoomOptions>(method, {.zoom = pick(50) / 10.0}));
            case Method::GetMaxZoom: return c.getMaxZoom(answered<MaxZoomOptions>(method, {}));
            case Method::SendMessage:
                return c.sendMessage(
                    answered<MessageOptions>(method, {.msg = std::string(static_cast<std::size_t>(pick(1100)), 'm')}));
            case Method::SaveReplay:
                return c.saveReplay(answered<SaveReplayOptions>(method, {.path = pick(4) == 0 ? "" : "replay.mp4"}));
            case Method::EnterPictureInPicture: return c.enterPictureInPicture(answered(method));
            case Method::ExitPictureInPicture: return c.exitPictureInPicture(answered(method));
            case Method::HostNavigated: return c.hostNavigated(PictureInPictureEvent::pop, answered(method));
            case Method::EnterBackground: return c.enterBackground(answered(method));
            case Method::ExitBackground: return c.exitBackground(answered(method));
            case Method::BeginInterruption: return c.beginInterruption(answered(method));
            case Method::EndInterruption: return c.endInterruption(answered(method));
            case Method::AddTarget:
                return c.addTarget({.id = target(), .urls = {"rtmp://server.example/app/" + target()}}, answered(method));
            case Method::RemoveTarget: return c.removeTarget(target(), answered(method));
            case Method::UpdateTarget:
                return c.updateTarget(
                    target(), [url = target()](livepusher::Target& t) { t.urls.front() = "rtmp://server.example/app/" + url; },
                    answered(method));
            case Method::Update: return c.update([fps = pick(70)](Properties& p) { p.fps = fps; }, answered(method));
            case Method::SetProperty: return changeProperty();
        }
    }

    std::string target() { return std::string(1, static_cast<char>('a' + pick(3))); }

    void changeProperty() {
        static const std::vector<std::string> values{
            "true",       "false",
            "",           "0",
            "1",          "5",
            "30",         "400",
            "640",        "-3",
            "x",          "SD",
            "horizontal", "3:4",
            "pink",       "2.5",
            "auto",       "push",
            "image.png",  "rtmp://server.example/app/other",
            "all",        "a=rtmp://server.example/app/a\nb=rtmp://server.example/app/b"};
        const auto rows = allProperties();
        const auto& row = rows[static_cast<std::size_t>(pick(static_cast<int>(rows.size())))];
        if (row.name == "pauseTimeout" || row.name == "snapshotDirectory" || row.name == "url" || row.name == "autopush" ||
            row.name == "targets")
            return;
        context_->setProperty(std::string(row.name), values[static_cast<std::size_t>(pick(static_cast<int>(values.size())))],
                              answered(Method::SetProperty));
    }

    void breakConnection() {
        std::function<void(Error)> breakIt;
        {
            std::lock_guard lock(scene_.mutex);
            breakIt = scene_.breakConnection;
        }
        if (breakIt) breakIt({Code::TransferFailed, "reset"});
    }

    /// So that much of what follows meets a push.
    void startAndWait() {
        std::promise<void> done;
        auto options = answered(Method::Start);
        options.complete = [&done, note = options.complete](const MethodResult& r) {
            note(r);
            done.set_value();
        };
        context_->endInterruption();
        context_->start(std::move(options));
        done.get_future().wait();
    }

    /// Lets what was asked for so far happen, so that not all of it falls between two states.
    void awaitLast() {
        std::promise<void> done;
        context_->update([](Properties&) {}, {.complete = [&](const MethodResult&) { done.set_value(); }});
        done.get_future().wait();
    }

    void check(const Answer& answer) {
        const std::string told = std::string(pipeline::rule(answer.method).name) + ": " + answer.result.errMsg;
        EXPECT_EQ(answer.success + answer.fail, 1) << told;
        EXPECT_EQ(answer.complete, 1) << told;
        EXPECT_EQ(answer.result.errCode == 0, answer.success == 1) << told;
        EXPECT_NE(describeCode(answer.result.errCode), nullptr) << told;
        const std::string_view refusal = "the context is ";
        const auto at = answer.result.errMsg.find(refusal);
        if (at == std::string::npos) return;
        const auto rest = std::string_view(answer.result.errMsg).substr(at + refusal.size());
        const auto named = rest.substr(0, rest.find(';'));
        for (const auto phase : {Phase::Idle, Phase::Previewing, Phase::Connecting, Phase::Pushing, Phase::Paused,
                                 Phase::Reconnecting, Phase::ReconnectingPaused})
            if (named == toString(phase)) {
                EXPECT_FALSE(pipeline::permit(answer.method, phase)) << told;
            }
    }

    Scene scene_;
    std::mt19937 random_;
    bool known_ = true;
    std::vector<std::shared_ptr<Answer>> answers_;
    std::unique_ptr<LivePusherContext> context_;
};

}  // namespace

class RandomCallsTest : public ::testing::TestWithParam<int> {};

TEST_P(RandomCallsTest, EachIsAnsweredOnceAndTheContextStaysUsable) {
    Caller caller(static_cast<unsigned>(GetParam()));
    for (int i = 0; i < kSteps; ++i) caller.step();
    caller.finish();
}

INSTANTIATE_TEST_SUITE_P(Seed, RandomCallsTest, ::testing::Range(0, kSeeds));

}  // namespace livepusher::testing
