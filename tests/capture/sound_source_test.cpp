// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <string>
#include <vector>

#include "capture/device_lists.hpp"
#include "capture/sound/sound_input.hpp"
#include "capture/source_makers.hpp"
#include "collector.hpp"
#include "sound/alsa_cards.hpp"
#include "temp_folder.hpp"

// With a real server they are tried by tests/integration/microphones_test.py; here is what holds without one, and with
// one that never answers.
namespace livepusher::capture {
namespace {

class SoundSource : public ::testing::Test {
protected:
    SoundSource() {
        setenv("PULSE_SERVER", ("unix:" + socketPath()).c_str(), 1);  // NOLINT(concurrency-mt-unsafe): no thread runs yet
    }
    ~SoundSource() override {
        unsetenv("PULSE_SERVER");  // NOLINT(concurrency-mt-unsafe)
        for (const int client : clients_) ::close(client);
        if (socket_ >= 0) ::close(socket_);
    }

    std::string socketPath() const { return folder_.file("native"); }

    /// A server that takes a connection and says nothing.
    void listen() {
        socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        socketPath().copy(address.sun_path, sizeof address.sun_path - 1);
        ASSERT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        ASSERT_EQ(::listen(socket_, 8), 0);
    }
    /// Returns when a client has come.
    void waitForClient() { clients_.push_back(::accept(socket_, nullptr, nullptr)); }

    static std::unique_ptr<AudioSource> make(const std::string& text) {
        const auto spec = parseAudioSpec(text);
        return spec->kind == SourceKind::System ? makeSystemSound(*spec) : makeMicrophone(*spec);
    }

    TempFolder folder_;
    Collector got_;
    int socket_ = -1;
    std::vector<int> clients_;
};

TEST_F(SoundSource, AnUnsupportedRateIsRefusedBeforeAnythingIsOpened) {
    for (const auto* text : {"mic", "system", "mic:hw:0", "mic+system"}) {
        const auto started = make(text)->start({{.sampleRate = 1}}, got_.audio());
        ASSERT_FALSE(started) << text;
        EXPECT_EQ(started.error().code, Code::UnsupportedSampleRate) << text;
    }
}

TEST_F(SoundSource, WithoutAServerAllFailAndSayWhatToDo) {
    for (const auto* text : {"mic:some", "system", "mic:some+system"}) {
        const auto started = make(text)->start({}, got_.audio());
        ASSERT_FALSE(started) << text;
        EXPECT_EQ(started.error().code, Code::MicrophoneFailed) << text;
        EXPECT_NE(started.error().message.find("start PulseAudio or PipeWire"), std::string::npos) << started.error().message;
    }
}

TEST_F(SoundSource, ACardThatIsNotThereIsToldByName) {
    const auto started = make("mic:hw:31,7")->start({}, got_.audio());
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().message.find("microphone \"hw:31,7\": "), std::string::npos) << started.error().message;
    EXPECT_EQ(started.error().message.find('\n'), std::string::npos);
}

TEST_F(SoundSource, MayBeStartedAgainAndStoppedWithoutEverHavingBegun) {
    const auto source = make("mic:some");
    source->stop();
    EXPECT_FALSE(source->start({}, got_.audio()));
    EXPECT_FALSE(source->start({}, got_.audio()));
    source->setRole(AudioVolumeType::voicecall);
    source->stop();
}

TEST_F(SoundSource, AServerThatDoesNotAnswerIsTold) {
    listen();
    const auto started = make("mic")->start({}, got_.audio());
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Code::MicrophoneFailed);
    EXPECT_NE(started.error().message.find("does not answer"), std::string::npos) << started.error().message;
}

TEST_F(SoundSource, InterruptEndsAWaitForAServerForGood) {
    listen();
    for (const auto* text : {"mic", "mic+system"}) {
        const auto source = make(text);
        auto started = std::async(std::launch::async, [&] { return source->start({}, got_.audio()); });
        waitForClient();
        source->interrupt();
        const auto answer = started.get();
        ASSERT_FALSE(answer) << text;
        EXPECT_EQ(answer.error().code, Code::Cancelled) << text << ": " << answer.error().message;
        const auto again = source->start({}, got_.audio());
        ASSERT_FALSE(again) << text;
        EXPECT_EQ(again.error().code, Code::Cancelled) << text;
    }
}

TEST_F(SoundSource, ListingSaysWhyThereIsNothing) {
    std::vector<std::string> notes;
    const auto any = [&](const std::string& text) {
        return std::ranges::any_of(notes, [&](const auto& note) { return note.find(text) != std::string::npos; });
    };
    for (const auto& each : listMicrophones(notes)) EXPECT_EQ(each.server, "alsa");
    EXPECT_TRUE(any("no sound server answers")) << testing::PrintToString(notes);
    notes.clear();
    listen();
    for (const auto& each : listMicrophones(notes)) EXPECT_EQ(each.server, "alsa");
    EXPECT_TRUE(any("does not answer")) << testing::PrintToString(notes);
}

TEST(SoundIds, NameACardOfAlsaOrASourceOfTheServer) {
    for (const auto* id : {"hw:0", "hw:CARD=USB,DEV=0", "plughw:1,0", "sysdefault:CARD=PCH", "alsa:my_mic"})
        EXPECT_TRUE(sound::isAlsaId(id)) << id;
    for (const auto* id : {"", "alsa_input.pci-0000_00_1f.3.analog-stereo", "bluez_input.AA:BB:CC:DD:EE:FF.0", "microphone"})
        EXPECT_FALSE(sound::isAlsaId(id)) << id;
}

}  // namespace
}  // namespace livepusher::capture
