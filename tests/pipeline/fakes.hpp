// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/livepusher.hpp>

#include "fake_idle.hpp"
#include "fake_sources.hpp"
#include "pipeline/stages.hpp"
#include "scene.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace livepusher::testing {

class NoEffect final : public effects::VideoEffect {
public:
    void apply(VideoFrame& frame, base::PictureSize target, const Properties&) override {
        if (base::sizeOf(frame) == target) return;
        auto other = grey(target.width, target.height, frame.plane(0)[0]);
        other.pts = frame.pts;
        frame = other;
    }
};

class FakeEncoder final : public encode::VideoEncoder {
public:
    FakeEncoder(Scene& scene, encode::VideoEncoderChoice choice) : scene_(scene), choice_(std::move(choice)) {}

    Result<std::string> open(const encode::VideoEncoderSettings& settings, encode::PacketSink& sink) override {
        if (scene_.encoderError.code != Code::Ok) return scene_.encoderError;
        if (settings.width == scene_.failsAtWidth)
            return Error{Code::VideoEncodeFailed, "not at a width of " + std::to_string(settings.width)};
        scene_.journal.note("preset " + settings.preset);
        size_ = base::sizeText(settings.width, settings.height);
        scene_.journal.note("encoder " + size_);
        if (std::exchange(asked_, false)) choice_.onCode(Code::SwitchedToHardware, "the fake hardware");
        if (scene_.noHardware) choice_.onCode(Code::HardwareEncoderFailed, "there is no fake hardware");
        sink_ = &sink;
        count_ = 0;
        keyEvery_ = static_cast<int>(15 * settings.gop);  // at the pace of the properties' default
        scene_.bitrate = settings.bitrate;
        const Packet::Description about{
            .width = settings.width, .height = settings.height, .fps = double(settings.fps), .bitrate = settings.bitrate};
        {
            std::lock_guard lock(scene_.mutex);
            scene_.sizes.emplace_back(settings.width, settings.height);
        }
        sink_->take({Packet::Track::Video, Packet::Kind::Config, {}, {}, nullptr, std::make_shared<Packet::Description>(about)});
        return std::string("fake");
    }
    void addMessage(std::string text) override { scene_.journal.note("message " + text); }
    Result<bool> encode(const VideoFrame& frame, bool forceKey) override {
        if (scene_.failFrames) return Error{Code::VideoEncodeFailed, "told to fail"};
        std::this_thread::sleep_for(std::chrono::milliseconds(scene_.encodingTakes));
        ++scene_.framesEncoded;
        if (const int luma = frame.plane(0)[0]; luma != scene_.luma.exchange(luma))
            scene_.journal.note("luma " + std::to_string(luma));
        const bool key = forceKey || count_ == 0 || count_ >= keyEvery_;
        count_ = key ? 1 : count_ + 1;
        sink_->take(
            {Packet::Track::Video, key ? Packet::Kind::Key : Packet::Kind::Delta, frame.pts, frame.pts, nullptr, nullptr});
        return key;
    }
    Result<void> setBitrate(int kbps) override {
        scene_.bitrate = kbps;
        scene_.journal.note("bitrate " + std::to_string(kbps));
        return {};
    }
    void close() override {
        if (std::exchange(sink_, nullptr)) scene_.journal.note("encoder " + size_ + " closed");
    }
    bool canBeFaster() override { return asked_ = scene_.hardwareIsThere; }

private:
    Scene& scene_;
    const encode::VideoEncoderChoice choice_;
    encode::PacketSink* sink_ = nullptr;
    std::string size_;
    int count_ = 0;  // of frames since the last key frame, with it
    int keyEvery_ = 30;
    bool asked_ = false;
};

class FakeAudioEncoder final : public encode::AudioEncoder {
public:
    explicit FakeAudioEncoder(Scene& scene, std::size_t frameSize = 1024) : scene_(scene), frameSize_(frameSize) {}

    Result<std::string> open(const encode::AudioEncoderSettings&, encode::PacketSink& sink) override {
        if (scene_.audioEncoderError.code != Code::Ok) return scene_.audioEncoderError;
        sink_ = &sink;
        sink_->take({Packet::Track::Audio, Packet::Kind::Config, {}, {}, nullptr, nullptr});
        return std::string("fake");
    }
    std::size_t frameSize() const override { return frameSize_; }
    Result<void> encode(const float* samples, Timestamp pts) override {
        sink_->take({Packet::Track::Audio, Packet::Kind::Key, pts, pts,
                     std::make_shared<std::vector<std::uint8_t>>(1, samples[0] == 0.0F ? std::uint8_t{0} : std::uint8_t{1}),
                     nullptr});
        return {};
    }
    void close() override { sink_ = nullptr; }

private:
    Scene& scene_;
    const std::size_t frameSize_;
    encode::PacketSink* sink_ = nullptr;
};

/// Hands on what it gets: the microphone or silence, and music.
class FakeAudioChain final : public effects::AudioChain {
public:
    void apply(std::span<const float> samples, const effects::AudioMix& mix, const Properties&,
               std::vector<float>& out) override {
        music_.assign(samples.size(), 0.0F);
        if (mix.music) mix.music->read(music_);
        for (std::size_t i = 0; i < samples.size(); ++i) out.push_back((mix.microphoneOn ? samples[i] : 0.0F) + music_[i]);
    }
    std::size_t delay() const override { return 0; }
    int microphoneLevel() const override { return 50; }

private:
    std::vector<float> music_;
};

class FakeClockMatcher final : public effects::ClockMatcher {
public:
    void process(std::span<const float> samples, double, std::vector<float>& out) override {
        out.insert(out.end(), samples.begin(), samples.end());
    }
    std::size_t delay() const override { return 0; }
};

/// A piece of music: a number of seconds of one value; its url says how it fares ("missing", "breaks", "slow").
class FakeMusic final : public capture::Music {
public:
    FakeMusic(Scene& scene, capture::MusicSettings settings, capture::MusicEvents events)
        : scene_(scene), settings_(std::move(settings)), left_(kFrames) {
        ++scene_.liveMusic;
        if (settings_.url == "missing") {
            events.onFailed(Error{Code::BgmFailed, "missing: no such file"});
        } else if (settings_.url != "slow") {
            events.onReady(duration());
            if (settings_.url == "breaks") events.onFailed(Error{Code::BgmFailed, "breaks: broke off"});
        }
    }
    ~FakeMusic() override { --scene_.liveMusic; }

    std::size_t read(std::span<float> samples) override {
        const auto channels = static_cast<std::size_t>(settings_.wanted.channels);
        if (settings_.loop && left_ == 0) left_ = kFrames;
        const auto frames = std::min(left_.load(), samples.size() / channels);
        std::fill_n(samples.begin(), frames * channels, 0.125F);
        left_ -= frames;
        return frames * channels;
    }
    bool over() const override { return left_ == 0 && !settings_.loop; }
    Timestamp position() const override { return timeOf(kFrames - left_); }
    Timestamp duration() const override { return timeOf(kFrames); }
    Result<void> seek(Timestamp to) override {
        if (settings_.url == "live") return Error{Code::BgmFailed, "live: can't be sought in"};
        left_ = kFrames - std::min(kFrames, static_cast<std::size_t>(to.count() * settings_.wanted.sampleRate / 1'000'000));
        return {};
    }

private:
    static constexpr std::size_t kFrames = 24'000;  // half a second
    Timestamp timeOf(std::size_t frames) const {
        return Timestamp(static_cast<std::int64_t>(frames) * 1'000'000 / settings_.wanted.sampleRate);
    }

    Scene& scene_;
    const capture::MusicSettings settings_;
    std::atomic<std::size_t> left_;
};

/// A file that takes all, whatever the network does.
class FakeReplay final : public rtmp::Publisher {
public:
    explicit FakeReplay(Scene& scene) : scene_(scene) {}
    Result<void> open(const base::Url&, const rtmp::PublisherSettings&, rtmp::PublisherObserver&) override { return {}; }
    Result<void> begin() override { return {}; }
    Result<void> write(const Packet& packet) override {
        if (packet.kind == Packet::Kind::Key && packet.track == Packet::Track::Video) scene_.journal.note("replay key");
        return {};
    }
    Result<void> idle(Clock::time_point, const base::EventFd&) override { return {}; }
    Result<void> close(rtmp::EndReason) override { return {}; }
    void cancel() override {}
    rtmp::LinkStatistics statistics() const override { return {}; }

private:
    Scene& scene_;
};

class FakePublisher final : public rtmp::Publisher {
public:
    FakePublisher(Scene& scene, int number) : scene_(scene), number_(number) {
        std::lock_guard lock(scene.mutex);
        scene.breakConnection = [state = state_](Error error) {
            std::lock_guard inner(state->mutex);
            state->failed = std::move(error);
            state->ended.signal();
        };
    }

    Result<void> open(const base::Url&, const rtmp::PublisherSettings&, rtmp::PublisherObserver& observer) override {
        scene_.journal.note("open");
        if (scene_.onOpen)
            if (auto opened = scene_.onOpen(number_, cancelled_); !opened) return opened;
        observer.transportConnected();
        return {};
    }
    Result<void> begin() override {
        scene_.journal.note("publish");
        return {};
    }
    Result<void> write(const Packet& packet) override {
        if (auto good = state(); !good) return good;
        const std::string track = packet.track == Packet::Track::Video ? "video" : "audio";
        const char* kind = packet.kind == Packet::Kind::Config ? " config" : packet.kind == Packet::Kind::Key ? " key" : " delta";
        scene_.journal.note(track + kind);
        if (track == "audio" && packet.data) scene_.journal.note(packet.data->front() ? "sound" : "silence");
        ++scene_.packetsWritten;
        return {};
    }
    Result<void> idle(Clock::time_point until, const base::EventFd& wake) override {
        (void)rtmp::test::idle(until, wake, state_->ended);
        return state();
    }
    Result<void> close(rtmp::EndReason) override {
        scene_.journal.note(cancelled_ ? "cancelled" : "closed");
        return {};
    }
    void cancel() override {
        cancelled_ = true;
        state_->ended.signal();
    }
    rtmp::LinkStatistics statistics() const override {
        return scene_.onStatistics ? scene_.onStatistics() : rtmp::LinkStatistics{};
    }

private:
    struct State {
        std::mutex mutex;
        std::optional<Error> failed;
        base::EventFd ended;
    };
    Result<void> state() const {
        if (cancelled_) return Error{Code::Cancelled, "cancelled"};
        std::lock_guard lock(state_->mutex);
        if (state_->failed) return *state_->failed;
        return {};
    }

    Scene& scene_;
    const int number_;
    const std::shared_ptr<State> state_ = std::make_shared<State>();
    std::atomic<bool> cancelled_{false};
};

inline pipeline::Stages fakeStages(Scene& scene) {
    auto connections = std::make_shared<std::atomic<int>>(0);
    return {.sources = [&scene](const Sources&, const Properties&) -> Result<capture::SourcePair> {
                const auto kind = scene.fileFps > 0 ? capture::SourceKind::File : capture::SourceKind::Camera;
                return capture::SourcePair{std::make_unique<FakeCamera>(scene), std::make_unique<FakeMicrophone>(scene), kind,
                                           capture::SourceKind::Microphone};
            },
            .videoEffects = [](const std::function<void(Code, std::string)>&) { return std::make_unique<NoEffect>(); },
            .checkEffects = [](const Properties&) { return Result<void>(); },
            .window = {},
            .loadPicture = [&scene](const Properties& p, const std::atomic<bool>& cancelled) -> Result<VideoFrame> {
                scene.journal.note("load " + p.waitingImage);
                if (scene.onLoad) return scene.onLoad(p, cancelled);
                return withCorner(grey(360, 640, kImageGrey));
            },
            .audioChain = [](base::AudioFormat) { return std::make_unique<FakeAudioChain>(); },
            .clockMatcher = [](base::AudioFormat) { return std::make_unique<FakeClockMatcher>(); },
            .music =
                [&scene](capture::MusicSettings settings, capture::MusicEvents events) {
                    return std::make_unique<FakeMusic>(scene, std::move(settings), std::move(events));
                },
            .videoEncoder =
                [&scene](encode::VideoEncoderChoice choice) { return std::make_unique<FakeEncoder>(scene, std::move(choice)); },
            .audioEncoder = [&scene](AudioCodec) { return std::make_unique<FakeAudioEncoder>(scene); },
            .publisher = [&scene, connections](base::Url::Scheme scheme) -> std::unique_ptr<rtmp::Publisher> {
                if (scheme == base::Url::Scheme::Mp4File) return std::make_unique<FakeReplay>(scene);
                return std::make_unique<FakePublisher>(scene, ++*connections);
            }};
}

inline Properties pushing() {
    Properties p;
    p.url = "rtmp://server.example/app/secret-key";
    p.fps = 60;
    p.netStatusInterval = 0.5;
    p.reconnect = "2x0.1";
    p.replaySeconds = 5;
    return p;
}

/// Options whose events go to the scene's journal, as "1002" and the like.
inline ContextOptions options(Scene& scene, Properties properties = pushing()) {
    return {.properties = std::move(properties),
            .sources = {},
            .handlers = {.onStateChange = [&scene](const StateChangeEvent& e) { scene.journal.note(std::to_string(e.code)); },
                         .onNetStatus = [&scene](const NetStatusEvent&) { scene.journal.note("netstatus"); },
                         .onError = [&scene](const ErrorEvent& e) { scene.journal.note("error " + std::to_string(e.errCode)); }},
            .customRender = {},
            .executor = {},
            .recordPath = {},
            .onSourceEnded = {}};
}

/// Callbacks that note "start:ok" and the like.
inline CallOptions noting(Scene& scene, const std::string& method) {
    return {
        .success = [&scene, method](const MethodResult&) { scene.journal.note(method + ":ok"); },
        .fail = [&scene, method](const MethodResult& r) { scene.journal.note(method + ":fail " + std::to_string(r.errCode)); },
        .complete = [&scene, method](const MethodResult&) { scene.journal.note(method + ":complete"); }};
}

}  // namespace livepusher::testing
