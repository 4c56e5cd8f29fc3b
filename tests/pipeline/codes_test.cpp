// SPDX-License-Identifier: MIT
// Every code of the table happens: each has a case here that brings its cause about, with the real parts wherever a
// machine without devices has them, or says in the table that it is open.
#include <livepusher/codes.hpp>

#include "c_api/guard.hpp"
#include "capture/camera/v4l2.hpp"
#include "encode/encoders.hpp"
#include "encode/packet_list.hpp"
#include "loopback_server.hpp"
#include "session_case.hpp"
#include "slow_link.hpp"
#include "temp_folder.hpp"
#include "wiring.hpp"

#include <hwy/highway.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>

namespace livepusher::testing {

namespace {

using rtmp::test::LoopbackServer;
using rtmp::test::Peer;

/// A pipe of pictures, each writer of which goes when it has written its own, at 25 fps.
class RawPipe {
public:
    RawPipe() { EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0); }
    std::string source() const { return "raw:" + path_ + ",64x64@25"; }
    void write(int pictures) const {
        std::signal(SIGPIPE, SIG_IGN);                // of a reader that is about to close it at the end of the writer before
        std::ofstream pipe(path_, std::ios::binary);  // waits for its reader
        const std::string picture(64 * 64 * 3 / 2, 'x');
        for (int i = 0; i < pictures; ++i) {
            if (i > 0) std::this_thread::sleep_for(40ms);
            if (pipe << picture << std::flush) continue;
            pipe = std::ofstream(path_, std::ios::binary);
        }
    }

private:
    capture::TempFolder folder_;
    std::string path_ = folder_.file("pictures");
};

/// A context, whatever it says written to the scene's journal: "1002", "error 10004", "start:fail 3001".
class Play {
public:
    Scene scene;
    Properties properties = pushing();
    Sources sources{};
    pipeline::Stages stages = fakeStages(scene);

    LivePusherContext& context() {
        if (!context_) {
            auto o = options(scene, properties);
            o.sources = sources;
            context_.emplace(std::move(o), stages);
        }
        return *context_;
    }
    Play& start() {
        context().start(noting(scene, "start"));
        return *this;
    }
    /// Of a push that has begun and shows pictures.
    LivePusherContext& pushingContext() {
        start();
        EXPECT_TRUE(scene.journal.await("start:ok"));
        EXPECT_TRUE(scene.journal.await("video delta"));
        return context();
    }
    /// A URL for the real publisher.
    Play& realUrl(const std::string& url) {
        properties.url = url;
        properties.reconnect = "off";
        stages.publisher = realStages().publisher;
        return *this;
    }
    Play& realSources(const std::string& video, const std::string& audio) {
        sources = {.video = video, .audio = audio, .loop = false};
        stages.sources = realStages().sources;
        return *this;
    }
    /// Real sources, pictures alone, with what stands in for them.
    Play& realFallback(const std::string& video, const std::string& fallback) {
        realSources(video, "none");
        sources.fallback = fallback;
        return start();
    }
    bool says(const std::string& what) { return scene.journal.await(what); }
    /// What a camera or a screen that runs tells.
    bool hearsOfCamera(Code code) {
        pushingContext();
        scene.tellOfCamera(code, "told by the source");
        return says(std::to_string(static_cast<int>(code)));
    }

private:
    std::optional<LivePusherContext> context_;
};

std::string urlOf(int port) { return "rtmp://127.0.0.1:" + std::to_string(port) + "/live/key"; }

bool pushedTo(const LoopbackServer::Script& script, const std::string& code) {
    LoopbackServer server(script);
    Play play;
    return play.realUrl(urlOf(server.port())).start().says(code);
}

bool onASlowLink(const std::string& code) {
    Play play;
    play.properties.fps = 30;  // so that the lowest bitrate is too little for the full size
    play.scene.onStatistics = SlowLink();
    return play.start().says(code);
}

const auto kAccept = [](Peer& peer) {
    peer.accept();
    peer.untilClosed();
};

template <typename Encoder, typename Settings>
Error refusal(std::unique_ptr<Encoder> encoder, const Settings& settings) {
    encode::PacketList sink;
    const auto opened = encoder->open(settings, sink);
    return opened ? Error{} : opened.error();
}

/// True when the cause came about and exactly the code with it.
const std::map<Code, bool (*)()>& cases() {
    static const std::map<Code, bool (*)()> all{
        {Code::Ok,
         [] {
             Play play;
             play.context().stop(noting(play.scene, "stop"));
             return play.says("stop:ok");
         }},
        {Code::Connected, [] { return pushedTo(kAccept, "1001"); }},
        {Code::PushBegan, [] { return pushedTo(kAccept, "1002"); }},
        {Code::ResolutionAdapted, [] { return onASlowLink("1005"); }},
        {Code::BitrateAdapted, [] { return onASlowLink("1006"); }},
        {Code::UplinkSlow, [] { return onASlowLink("1101"); }},
        {Code::CameraOpened, [] { return Play().realSources("test", "test").start().says("1003"); }},
        {Code::ScreenCaptureStarted,
         [] {
             Play play;
             play.stages.sources = [&play](const Sources&, const Properties&) -> Result<capture::SourcePair> {
                 return capture::SourcePair{std::make_unique<FakeCamera>(play.scene), nullptr, capture::SourceKind::Screen,
                                            capture::SourceKind::None};
             };
             return play.start().says("1004");
         }},
        {Code::FirstFrameCaptured, [] { return Play().start().says("1007"); }},
        {Code::EncoderStarted, [] { return Play().start().says("1008"); }},
        {Code::Reconnecting,
         [] {
             Play play;
             play.pushingContext();
             play.scene.breakConnection({Code::TransferFailed, "reset"});
             return play.says("1102");
         }},
        {Code::VideoFrameFailed,
         [] {
             Play play;
             play.scene.failFrames = true;
             return play.start().says("1104");
         }},
        {Code::CameraRemoved, [] { return Play().hearsOfCamera(Code::CameraRemoved); }},
        {Code::CameraReturned, [] { return Play().hearsOfCamera(Code::CameraReturned); }},
        {Code::ScreenCaptureInterrupted, [] { return Play().hearsOfCamera(Code::ScreenCaptureInterrupted); }},
        {Code::ScreenRotationFailed, [] { return Play().hearsOfCamera(Code::ScreenRotationFailed); }},
        {Code::MicrophoneSilent,
         [] {
             Play play;
             play.pushingContext();
             play.scene.tellOfMicrophone(Code::MicrophoneSilent, "the microphone gives nothing");
             return play.says("-1311");
         }},
        {Code::HardwareEncoderFailed,
         [] {
             Play play;
             play.scene.noHardware = true;
             return play.start().says("1103");
         }},
        {Code::SwitchedToHardware,
         [] {
             Play play;
             play.scene.encodingTakes = 30;
             play.scene.hardwareIsThere = true;
             return play.start().says("1107");
         }},
        {Code::DnsFailed, [] { return Play().realUrl("rtmp://no-such-host.invalid/live/key").start().says("3001"); }},
        {Code::TcpFailed,
         [] {
             const int closed = LoopbackServer([](Peer&) {}).port();
             return Play().realUrl(urlOf(closed)).start().says("3002");
         }},
        {Code::HandshakeFailed, [] { return pushedTo([](Peer& peer) { peer.send(rtmp::test::Bytes(64, 'x')); }, "3003"); }},
        {Code::ServerClosed,
         [] {
             return pushedTo(
                 [](Peer& peer) {
                     peer.untilPublish();
                     peer.status("error", "NetStream.Publish.BadName", "in use");
                     peer.untilClosed();
                 },
                 "3004");
         }},
        {Code::TransferFailed,
         [] {
             return pushedTo(
                 [](Peer& peer) {
                     peer.accept();
                     peer.nextMedia();
                     peer.reset();
                 },
                 "3005");
         }},
        {Code::EnableMicChanged,
         [] {
             Play play;
             play.context().setProperty("enableMic", "false");
             return play.says("4998");
         }},
        {Code::MutedChanged,
         [] {
             Play play;
             play.context().setProperty("muted", "true");
             return play.says("4999");
         }},
        {Code::SuspendedTooLong,
         [] {
             Play play;
             play.properties.pauseTimeout = 1;
             play.pushingContext().pause();
             return play.says("5000");
         }},
        {Code::Interrupted,
         [] {
             Play play;
             play.context().beginInterruption();
             return play.says("5001");
         }},
        {Code::CameraDenied,  // root may open anything: the errno is the cause from here on
         [] {
             Play play;
             play.scene.cameraError = capture::cameraError("/dev/video0", EACCES);
             return play.start().says("10001") && play.says("error 10001");
         }},
        {Code::MicrophoneDenied,
         [] {
             Play play;
             play.scene.microphoneError = {Code::MicrophoneDenied, "microphone: access refused"};
             return play.start().says("10002") && play.says("error 10002");
         }},
        {Code::WaitingImageFailed,
         [] {
             Play play;
             play.properties.waitingImage = "/no/such/picture.png";
             play.stages.loadPicture = realStages().loadPicture;
             return play.start().says("10004") && play.says("error 10004") && play.says("start:ok");
         }},
        {Code::CameraFailed, [] { return Play().realSources("camera:/dev/no-such-camera", "none").start().says("-1301"); }},
        {Code::MicrophoneFailed,
         [] {
             Play play;
             play.scene.microphoneError = {Code::MicrophoneFailed, "microphone: there is no sound server"};
             return play.start().says("-1302");
         }},
        {Code::VideoEncodeFailed,
         [] {
             Play play;
             play.scene.failFrames = true;
             return play.start().says("-1303");
         }},
        {Code::AudioEncodeFailed,
         [] {
             Play play;
             play.scene.audioEncoderError = {Code::AudioEncodeFailed, "the encoder could not be opened"};
             return play.start().says("-1304");
         }},
        {Code::UnsupportedResolution,
         [] {
             Play play;
             play.scene.encoderError =
                 refusal(encode::makeX264Encoder(), encode::VideoEncoderSettings{.width = 63, .height = 64});
             return play.start().says("-1305");
         }},
        {Code::EffectsFellBack,
         [] {
             hwy::SetSupportedTargetsForTest(HWY_STATIC_TARGET);
             Play play;
             play.properties.beauty = 3;
             play.stages.videoEffects = realStages().videoEffects;
             play.start();
             const bool said = play.says("1105");
             hwy::SetSupportedTargetsForTest(0);
             return said;
         }},
        {Code::EffectsFellBackAgain,
         [] {
             const capture::TempFolder folder;
             for (const char* model : {"face_detector.tflite", "face_mesh.tflite"}) folder.write(model, "damaged");
             Play play;
             play.properties.customEffect = true;
             play.properties.faceModels = folder.path();
             play.properties.eyeBigness = 0.5;
             play.stages.videoEffects = realStages().videoEffects;
             return play.start().says("1106");
         }},
        {Code::BgmFailed,
         [] {
             Play play;
             play.stages.music = realStages().music;
             play.pushingContext().playBGM({.url = "/no/such/song.mp3"});
             return play.says("error 10003");
         }},
        {Code::UnsupportedSampleRate,
         [] {
             Play play;
             play.scene.audioEncoderError =
                 refusal(encode::makeAacEncoder(), encode::AudioEncoderSettings{{.sampleRate = 47999}});
             return play.start().says("-1306");
         }},
        {Code::ConnectionGivenUp,
         [] {
             const int closed = LoopbackServer([](Peer&) {}).port();
             return Play().realUrl(urlOf(closed)).start().says("-1307");
         }},
        {Code::ScreenCaptureFailed, [] { return Play().realSources("screen::987", "none").start().says("-1308"); }},
        {Code::ScreenCaptureUnsupported,
         [] {
             ::unsetenv("DISPLAY");  // NOLINT(concurrency-mt-unsafe): before the first thread of this case
             return Play().realSources("screen", "none").start().says("-1309");
         }},
        {Code::InvalidArgument,
         [] {
             Play play;
             play.context().setProperty("fps", "61", noting(play.scene, "set"));
             return play.says("set:fail 20001");
         }},
        {Code::InvalidState,
         [] {
             Play play;
             play.context().pause(noting(play.scene, "pause"));
             return play.says("pause:fail 20002");
         }},
        {Code::NotAvailable,
         [] {
             Play play;
             play.scene.cameraCan = false;
             play.start().context().toggleTorch(noting(play.scene, "torch"));
             return play.says("torch:fail 20003");
         }},
        {Code::Cancelled,
         [] {
             Play play;
             play.scene.onOpen = [](int, const std::atomic<bool>& cancelled) -> Result<void> {
                 while (!cancelled) std::this_thread::yield();
                 return Error{Code::Cancelled, "cancelled"};
             };
             play.start().context().stop();
             return play.says("start:fail 20004");
         }},
        {Code::SourceFailed, [] { return Play().realSources("file:/no/such/film.mp4", "none").start().says("error 20005"); }},
        {Code::FileFailed, [] { return Play().realUrl("/no/such/folder/out.flv").start().says("error 20006"); }},
        {Code::FileBegan,
         [] {
             const capture::TempFolder folder;
             Play play;
             return play.realUrl(folder.file("out.flv")).start().says("20008");
         }},
        {Code::FileStalled,
         [] {
             const capture::TempFolder folder;
             const auto pipe = folder.file("nobody-reads.flv");
             if (mkfifo(pipe.c_str(), 0600) != 0) return false;
             Play play;
             return play.realUrl(pipe).start().says("20009");
         }},
        {Code::FallbackBegan,
         [] {
             const RawPipe pipe;
             Play play;
             play.realFallback(pipe.source(), "test");
             pipe.write(1);
             return play.says("20020");
         }},
        {Code::FallbackEnded,
         [] {
             const RawPipe pipe;
             Play play;
             play.realFallback(pipe.source(), "test");
             pipe.write(1);
             if (!play.says("20020")) return false;
             pipe.write(25);
             return play.says("20021");
         }},
        {Code::FallbackFailed,
         [] {
             const RawPipe pipe;
             Play play;
             play.realFallback(pipe.source(), "image:/no/such/pause.png");
             pipe.write(1);
             return play.says("20022");
         }},
        {Code::InternalFailure,
         [] {
             const auto body = []() -> Result<void> { throw std::bad_alloc(); };
             return c_api::guarded(body) == static_cast<int>(Code::InternalFailure);
         }},
    };
    return all;
}

}  // namespace

class CodesTest : public ::testing::TestWithParam<CodeInfo> {};

TEST_P(CodesTest, HappensByItsCause) {
    const auto& info = GetParam();
    const auto found = cases().find(info.code);
    if (info.severity == Severity::Room) {
        EXPECT_TRUE(info.cause.starts_with("room: "));
        EXPECT_EQ(found, cases().end());
    } else {
        ASSERT_NE(found, cases().end()) << "no case makes it happen";
        EXPECT_TRUE(found->second()) << info.cause;
    }
}

std::vector<CodeInfo> pushersCodes() {
    std::vector<CodeInfo> found;
    for (const auto& info : allCodes())
        if (info.sender != Sender::Player) found.push_back(info);
    return found;
}

INSTANTIATE_TEST_SUITE_P(Code, CodesTest, ::testing::ValuesIn(pushersCodes()),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace livepusher::testing
