// SPDX-License-Identifier: MIT
// Makes each code that a player sends happen, by its cause in the table.
#include <functional>
#include <map>

#include <livepusher/message.hpp>

#include <sys/stat.h>

#include "fake_hardware.hpp"
#include "media/user_data.hpp"
#include "player_case.hpp"
#include "temp_folder.hpp"

namespace livepusher::playback::test {
namespace {

using namespace std::chrono_literals;

/// A device that says it was moved, or is gone.
class ToldSpeaker final : public speaker::Speaker {
public:
    Result<void> open(const speaker::SpeakerOptions& options, speaker::SampleSource& source,
                      speaker::SpeakerObserver& observer) override {
        auto opened = inner_->open(options, source, observer);
        observer.onSpeakerMoved("another sink");
        return opened;
    }
    void setRole(speaker::Role role) override { inner_->setRole(role); }
    void setLatency(Timestamp latency) override { inner_->setLatency(latency); }
    std::optional<speaker::Heard> heard() const override { return inner_->heard(); }
    void close() override { inner_->close(); }

private:
    const std::unique_ptr<speaker::Speaker> inner_ = speaker::makeSpeaker();
};

Packet damaged(Packet packet) {
    auto bytes = *packet.data;
    for (std::size_t i = bytes.size() / 3; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(bytes[i] * 7 + i);
    packet.data = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    return packet;
}

/// A text of sendMessage(), in front of the picture.
Packet withMessage(Packet packet, std::string_view text) {
    auto unit =
        base::userDataUnit(kMessageUuid, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, VideoCodec::h264);
    std::vector<std::uint8_t> bytes{0, 0, 0, static_cast<std::uint8_t>(unit.size())};
    bytes.insert(bytes.end(), unit.begin(), unit.end());
    bytes.insert(bytes.end(), packet.data->begin(), packet.data->end());
    packet.data = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    return packet;
}

class PlayerCodesTest : public PlayerCase, public ::testing::WithParamInterface<CodeInfo> {
protected:
    using Case = std::function<bool(PlayerCodesTest&)>;

    bool comes(Code code) {
        std::size_t before = 0;
        for (int i = 0; i < 600 && (before = count(code)) == 0; ++i) pass(100ms);
        return before > 0;
    }
    bool playsAndTells(Code code, std::vector<Script> scripts) {
        play(std::move(scripts));
        player->start();
        return comes(code);
    }
    bool refusedWith(Code code) {
        options.properties.reconnect = "1x1";
        return playsAndTells(code, {Script{.refused = Error{code, "as the test wants it"}}, Script::of(coded(50))});
    }
    Script with(Packet::Track track, std::size_t number, const std::function<std::optional<Packet>(Packet)>& changed) {
        std::vector<Packet> packets;
        std::size_t at = 0;
        for (const auto& packet : coded(100)) {
            if (packet.track != track || packet.kind == Packet::Kind::Config || at++ != number) {
                packets.push_back(packet);
            } else if (const auto other = changed(packet)) {
                packets.push_back(*other);
            }
        }
        return Script::of(packets);
    }
    /// Nothing is lost by it.
    bool playsWithHardware(Code code, decode::HardwareApi api) {
        options.properties.videoDecoder = VideoDecoderType::hardware;
        change = [api = std::move(api)](PlayerStages& stages) {
            stages.videoDecoder = [api](VideoDecoderType type, decode::DecoderObserver& observer) {
                return decode::makeVideoDecoderOn(type, observer, {api});
            };
        };
        if (!playsAndTells(code, {whole()}) || !comes(Code::PlayEnded)) return false;
        return shown().size() == 100 && count(Code::VideoDecodeFailed) == 0;
    }
    Script whole() { return Script::of(coded(100)).thenEnds(); }

    static const std::map<Code, Case>& cases();
};

const std::map<Code, PlayerCodesTest::Case>& PlayerCodesTest::cases() {
    using T = PlayerCodesTest;
    using Track = Packet::Track;
    const auto plain = [](Code code) { return [code](T& t) { return t.playsAndTells(code, {t.whole()}); }; };
    const auto refused = [](Code code) { return [code](T& t) { return t.refusedWith(code); }; };
    static const std::map<Code, Case> all{
        {Code::Ok,
         [](T& t) {
             t.play({t.whole()});
             return t.start().errCode == 0;
         }},
        {Code::PlayConnected, plain(Code::PlayConnected)},
        {Code::PlayAccepted, plain(Code::PlayAccepted)},
        {Code::KeyFrameReceived, plain(Code::KeyFrameReceived)},
        {Code::PlayBegan, plain(Code::PlayBegan)},
        {Code::PlayProgress, plain(Code::PlayProgress)},
        {Code::PlayEnded, plain(Code::PlayEnded)},
        {Code::DecoderStarted, plain(Code::DecoderStarted)},
        {Code::FirstFrameShown, plain(Code::FirstFrameShown)},
        {Code::PlayLoading, [](T& t) { return t.playsAndTells(Code::PlayLoading, {Script::of(coded(50))}); }},
        {Code::ResolutionChanged,
         [](T& t) {
             auto packets = coded(50);
             for (auto packet : livepusher::test::codedStream(
                      {.audio = false, .width = 128, .height = 96, .frames = 50, .start = 2s, .first = 50}))
                 packets.push_back(packet);
             std::ranges::stable_sort(packets, {}, &Packet::dts);
             return t.playsAndTells(Code::ResolutionChanged, {Script::of(packets)});
         }},
        {Code::MessageReceived,
         [](T& t) {
             const auto script =
                 t.with(Track::Video, 20, [](Packet packet) { return std::optional(withMessage(std::move(packet), "hello")); });
             if (!t.playsAndTells(Code::MessageReceived, {script})) return false;
             const auto told = t.told();
             return std::ranges::find(told, "hello", &Told::message) != told.end();
         }},
        {Code::SpeakerChanged,
         [](T& t) {
             t.change = [](PlayerStages& stages) { stages.speaker = [] { return std::make_unique<ToldSpeaker>(); }; };
             return t.playsAndTells(Code::SpeakerChanged, {t.whole()});
         }},
        {Code::VideoDecodeFailed,
         [](T& t) { return t.playsAndTells(Code::VideoDecodeFailed, {t.with(Track::Video, 30, damaged)}); }},
        {Code::AudioDecodeFailed,
         [](T& t) { return t.playsAndTells(Code::AudioDecodeFailed, {t.with(Track::Audio, 30, damaged)}); }},
        {Code::FramesMissing,
         [](T& t) {
             return t.playsAndTells(Code::FramesMissing,
                                    {t.with(Track::Video, 30, [](const Packet&) { return std::optional<Packet>(); })});
         }},
        {Code::HardwareDecoderFailed,
         [](T& t) {
             return t.playsWithHardware(Code::HardwareDecoderFailed, livepusher::test::refusingHardware("no such driver"));
         }},
        {Code::HardwareDecoderGaveUp,
         [](T& t) { return t.playsWithHardware(Code::HardwareDecoderGaveUp, livepusher::test::failingHardware()); }},
        {Code::PlayReconnecting, refused(Code::TransferFailed)},
        {Code::DownlinkSlow,
         [](T& t) {
             return t.playsAndTells(Code::DownlinkSlow, {Script::of(coded(250), [](Timestamp dts) { return dts / 4; })});
         }},
        {Code::PlayStuttered, [](T& t) { return t.playsAndTells(Code::PlayStuttered, {Script::of(coded(50))}); }},
        {Code::DnsFailed, refused(Code::DnsFailed)},
        {Code::TcpFailed, refused(Code::TcpFailed)},
        {Code::HandshakeFailed, refused(Code::HandshakeFailed)},
        {Code::ServerClosed, refused(Code::ServerClosed)},
        {Code::TransferFailed, refused(Code::TransferFailed)},
        {Code::PlayGivenUp,
         [](T& t) {
             t.options.properties.reconnect = "off";
             return t.playsAndTells(Code::PlayGivenUp, {});
         }},
        {Code::PlayUrlUnresolved,
         [](T& t) {
             t.options.resolveUrl = [](const std::string&) -> Result<std::string> {
                 return Error{Code::NotAvailable, "the directory is closed"};
             };
             return t.playsAndTells(Code::PlayUrlUnresolved, {});
         }},
        {Code::InvalidArgument,
         [](T& t) {
             t.options.properties.playUrl.clear();
             t.play({});
             return t.start().errCode == static_cast<int>(Code::InvalidArgument);
         }},
        {Code::InvalidState,
         [](T& t) {
             t.play({});
             return t.outcome([&](CallOptions o) { t.player->pause(std::move(o)); }).errCode ==
                    static_cast<int>(Code::InvalidState);
         }},
        {Code::Cancelled,
         [](T& t) {
             t.play({Script{.hangs = true}});
             return t.outcome([&](CallOptions o) {
                         t.player->start(std::move(o));
                         t.player->stop();
                     }).errCode == static_cast<int>(Code::Cancelled);
         }},
        {Code::NotAvailable,
         [](T& t) {
             t.options.window.enabled = true;  // of which the stages have none
             t.play({});
             return t.start().errCode == static_cast<int>(Code::NotAvailable);
         }},
        {Code::SourceFailed,
         [](T& t) {
             t.options.properties.playUrl = "/nowhere/at/all.flv";
             t.play({Script{.refused = Error{Code::SourceFailed, "/nowhere/at/all.flv: no such file"}}});
             return t.start().errCode == static_cast<int>(Code::SourceFailed) && t.errors().size() == 1;
         }},
        {Code::FileBegan,
         [](T& t) {
             const capture::TempFolder folder;
             t.options.recordPath = folder.file("kept.flv");
             const bool came = t.playsAndTells(Code::FileBegan, {t.whole()});
             t.await(Code::PlayEnded);
             t.stop();
             return came && livepusher::test::readFile(folder.file("kept.flv")).video.pts.size() > 50;
         }},
        {Code::FileStalled,
         [](T& t) {
             const capture::TempFolder folder;
             t.options.recordPath = folder.file("nobody-reads.flv");
             if (mkfifo(t.options.recordPath.c_str(), 0600) != 0) return false;
             return t.playsAndTells(Code::FileStalled, {Script::of(coded(250))});
         }},
        {Code::InternalFailure,
         [](T& t) {
             t.change = [](PlayerStages& stages) {
                 stages.audioDecoder = [](base::AudioFormat, decode::DecoderObserver&) -> std::unique_ptr<decode::AudioDecoder> {
                     throw std::bad_alloc();
                 };
             };
             t.play({});
             return t.start().errCode == static_cast<int>(Code::InternalFailure);
         }},
        {Code::FileFailed,
         [](T& t) {
             t.options.recordPath = "/nowhere/at/all/kept.flv";
             t.play({t.whole()});
             const bool played = t.start().errCode == 0;
             t.pass(1s);
             const auto errors = t.errors();
             return played && errors.size() == 1 && errors.front().code == static_cast<int>(Code::FileFailed);
         }},
    };
    return all;
}

TEST_P(PlayerCodesTest, HappensByItsCause) {
    const auto found = cases().find(GetParam().code);
    ASSERT_NE(found, cases().end()) << "no case makes it happen";
    EXPECT_TRUE(found->second(*this)) << GetParam().cause;
}

std::vector<CodeInfo> playersCodes() {
    std::vector<CodeInfo> found;
    for (const auto& info : allCodes())
        if (info.sender != Sender::Pusher) found.push_back(info);
    return found;
}

INSTANTIATE_TEST_SUITE_P(Code, PlayerCodesTest, ::testing::ValuesIn(playersCodes()),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace
}  // namespace livepusher::playback::test
