// SPDX-License-Identifier: MIT
#include "rtmp/playing_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "client_case.hpp"
#include "flv/amf.hpp"

namespace livepusher::rtmp {
namespace {

/// A player that a test speaks to, at times that it makes up.
struct PlayTalk {
    Protocol::Time now{1h};
    PlayingClient client;
    std::vector<std::string> events;
    std::vector<Packet> packets;

    explicit PlayTalk(bool enhanced = true)
        : client(kUrl, {.enhanced = enhanced, .buffer = 1500ms, .timeouts = {5s, 15s}, .dataTimeout = 10s}, 1, now) {}

    Result<void> hear(const Bytes& bytes) {
        auto done = client.handleInput(bytes, now);
        for (auto& item : client.takeReceived()) {
            if (auto* packet = std::get_if<Packet>(&item)) packets.push_back(*packet);
            if (auto* event = std::get_if<StreamEvent>(&item))
                events.emplace_back(*event == StreamEvent::Began ? "began" : "left");
            if (std::get_if<StreamMetadata>(&item)) events.emplace_back("metadata");
        }
        return done;
    }
    Result<void> hearCommand(const Bytes& body) { return hear(message(3, 20, body)); }
    Bytes said() { return std::exchange(client.output(), {}); }
    PlayTalk& to(Step step) {
        EXPECT_TRUE(hear(serverHandshake()));
        if (step >= Step::Creating) {
            EXPECT_TRUE(hearCommand(kConnected));
        }
        if (step >= Step::Asking) {
            client.play(now);
            EXPECT_TRUE(hearCommand(kCreated));
        }
        if (step >= Step::Accepted) {
            EXPECT_TRUE(hearCommand(info("onStatus", 0, "status", "NetStream.Play.Start", "go")));
        }
        said();
        return *this;
    }
    std::string bytes(std::size_t packet) const {
        const auto& data = *packets.at(packet).data;
        return {data.begin(), data.end()};
    }
};

Bytes status(const char* code, const char* level = "status", const char* description = "") {
    return info("onStatus", 0, level, code, description);
}

Bytes event(int type, std::uint32_t stream) { return message(2, 4, be(static_cast<std::uint64_t>(type), 2) + be(stream, 4)); }

const Bytes kAvcStart = message(6, 9, Bytes{0x17, 0, 0, 0, 0} + text("avcC"), 7);

TEST(PlayingClient, SaysWhatAPlayerSaysInOrder) {
    PlayTalk talk;
    talk.said();
    ASSERT_TRUE(talk.hear(serverHandshake()));
    const Decodable all;
    EXPECT_EQ(talk.said(), Bytes(1536, 0x11) + message(3, 20, playingConnectCommand(kUrl, &all)));
    ASSERT_TRUE(talk.hearCommand(kConnected));
    EXPECT_TRUE(talk.said().empty()) << "not before it is told to play";
    talk.client.play(talk.now);
    EXPECT_EQ(talk.said(), message(3, 20, createStreamCommand()));
    ASSERT_TRUE(talk.hearCommand(kCreated));
    const auto play = AmfWriter().string("play").number(5).null().string(kStreamKey).number(-1000).bytes();
    EXPECT_EQ(talk.said(), message(2, 4, be(3, 2) + be(7, 4) + be(1500, 4)) + message(3, 20, play, 7));
    EXPECT_FALSE(talk.client.accepted());
    ASSERT_TRUE(talk.hearCommand(status("NetStream.Play.Reset")));
    EXPECT_FALSE(talk.client.accepted());
    ASSERT_TRUE(talk.hearCommand(status("NetStream.Play.Start")));
    EXPECT_TRUE(talk.client.accepted());
    talk.client.end();
    EXPECT_EQ(talk.said(), message(3, 20, deleteStreamCommand(7)));
}

TEST(PlayingClient, TellsInConnectWhatItDecodesAndLooksLikeNoPublisher) {
    const auto objectOf = [](const Bytes& body) {
        AmfReader reader(body);
        EXPECT_EQ(reader.next()->string, "connect");
        reader.next();
        return *reader.next();
    };
    const auto member = [](const AmfValue& of, std::string_view name) -> const AmfValue* {
        for (const auto& each : of.members)
            if (each.name == name) return &each;
        return nullptr;
    };
    const Decodable some{.hevc = true, .av1 = false, .opus = true};
    const auto enhanced = objectOf(playingConnectCommand(kUrl, &some));
    EXPECT_EQ(enhanced.text("flashVer").find("FMLE"), std::string_view::npos);
    EXPECT_EQ(enhanced.text("tcUrl"), kUrl.tcUrl());
    ASSERT_TRUE(member(enhanced, "fourCcList"));
    std::string list;
    for (const auto& each : member(enhanced, "fourCcList")->members) list += each.string + " ";
    EXPECT_EQ(list, "avc1 hvc1 mp4a Opus ");
    ASSERT_TRUE(member(enhanced, "videoFourCcInfoMap"));
    EXPECT_EQ(member(*member(enhanced, "videoFourCcInfoMap"), "hvc1")->number, 1) << "CanDecode";
    EXPECT_FALSE(member(*member(enhanced, "videoFourCcInfoMap"), "av01"));
    EXPECT_EQ(member(*member(enhanced, "audioFourCcInfoMap"), "Opus")->number, 1);
    EXPECT_EQ(member(enhanced, "capsEx")->number, 1);
    EXPECT_FALSE(member(objectOf(playingConnectCommand(kUrl, nullptr)), "fourCcList"));
}

TEST(PlayingClient, MakesPacketsOfMediaOfAnyStreamNumber) {
    PlayTalk talk;
    talk.to(Step::Accepted);
    ASSERT_TRUE(talk.hear(kAvcStart + message(6, 9, Bytes{0x17, 1, 0, 0, 5} + text("key"), 1) +
                          message(4, 8, {0xAF, 0, 0x11, 0x90}, 0) + message(4, 8, Bytes{0xAF, 1} + text("aac"), 7)));
    ASSERT_EQ(talk.packets.size(), 4U);
    EXPECT_EQ(talk.bytes(1), "key");
    EXPECT_EQ(talk.packets[1].pts, Timestamp(5000));
    EXPECT_EQ(talk.bytes(3), "aac");
    const auto metadata = AmfWriter().string("onMetaData").beginEcmaArray(1).member("width", 64.0).endObject().bytes();
    ASSERT_TRUE(talk.hear(message(5, 18, metadata, 7) + message(5, 15, Bytes{0} + metadata, 7)));
    EXPECT_EQ(talk.events, (std::vector<std::string>{"metadata", "metadata"}));
}

TEST(PlayingClient, TakesMediaForTheStart) {
    PlayTalk talk;
    talk.to(Step::Creating);
    ASSERT_TRUE(talk.hear(kAvcStart));
    EXPECT_TRUE(talk.packets.empty()) << "of no stream that was asked for";
    talk.client.play(talk.now);
    ASSERT_TRUE(talk.hearCommand(kCreated));
    ASSERT_TRUE(talk.hear(kAvcStart));
    EXPECT_TRUE(talk.client.accepted());
    EXPECT_EQ(talk.packets.size(), 1U);
}

TEST(PlayingClient, HearsHowTheStreamGoesOn) {
    PlayTalk talk;
    talk.to(Step::Accepted);
    ASSERT_TRUE(talk.hear(event(0, 0) + event(1, 0)));
    EXPECT_TRUE(talk.events.empty()) << "of the connection, not of our stream";
    ASSERT_TRUE(talk.hear(event(0, 7) + event(1, 7) + event(2, 7)));
    ASSERT_TRUE(talk.hearCommand(status("NetStream.Play.UnpublishNotify")));
    ASSERT_TRUE(talk.hearCommand(status("NetStream.Play.PublishNotify")));
    EXPECT_EQ(talk.events, (std::vector<std::string>{"began", "left", "left", "began"}));
    EXPECT_FALSE(talk.client.over());
    ASSERT_TRUE(talk.hearCommand(status("NetConnection.Connect.ReconnectRequest", "status", "k3y-of-mine moves")));
    EXPECT_EQ(talk.client.takeReconnectRequest()->words, "*** moves");
    const auto complete =
        AmfWriter().string("onPlayStatus").beginObject().member("code", "NetStream.Play.Complete").endObject().bytes();
    ASSERT_TRUE(talk.hear(message(5, 18, complete, 7)));
    EXPECT_TRUE(talk.client.over());
    ASSERT_TRUE(talk.hear(kAvcStart));
    EXPECT_TRUE(talk.packets.empty()) << "behind its end";
    PlayTalk other;
    other.to(Step::Accepted);
    ASSERT_TRUE(other.hearCommand(status("NetStream.Play.Stop")));
    EXPECT_TRUE(other.client.over());
}

TEST(PlayingClient, TellsEveryRefusalInTheServersWords) {
    const struct {
        Step at;
        Bytes said;
        const char* text;
        bool permanent;
    } cases[] = {
        {Step::Connecting, info("_error", 1, "error", "NetConnection.Connect.InvalidApp", "no app"),
         "refused connect: NetConnection.Connect.InvalidApp: no app", true},
        {Step::Creating, status("NetConnection.Connect.Rejected", "error", "full"),
         "refused createStream: NetConnection.Connect.Rejected: full", false},
        {Step::Asking, status("NetStream.Play.StreamNotFound", "status", "no k3y-of-mine here"),
         "refused play: NetStream.Play.StreamNotFound: no *** here", false},
        {Step::Asking, status("NetStream.Play.Failed", "error"), "refused play: NetStream.Play.Failed", false},
        {Step::Asking, status("Odd.Code", "error", "odd"), "refused play: Odd.Code: odd", false},
        {Step::Asking, info("_error", 5, "error", "NetStream.Play.Failed", "no"), "refused play", false},
        {Step::Accepted, status("NetStream.Play.InsufficientBW", "warning", "slow"),
         "ended the stream: NetStream.Play.InsufficientBW: slow", false},
        {Step::Accepted, AmfWriter().string("close").number(0).null().bytes(), "ended the stream without saying why", false},
    };
    for (const auto& c : cases) {
        PlayTalk talk;
        if (c.at == Step::Creating) {
            talk.to(Step::Creating);
            talk.client.play(talk.now);
        } else {
            talk.to(c.at);
        }
        const auto done = talk.hearCommand(c.said);
        ASSERT_FALSE(done) << c.text;
        EXPECT_EQ(done.error().code, Code::ServerClosed);
        EXPECT_NE(done.error().message.find(c.text), std::string::npos) << done.error().message;
        EXPECT_EQ(done.error().permanent, c.permanent) << c.text;
    }
}

TEST(PlayingClient, EndsWhenNoMediaComesHoweverMuchElse) {
    PlayTalk talk;
    talk.to(Step::Accepted);
    EXPECT_EQ(talk.client.nextTimeout(), talk.now + 10s);
    talk.now += 3s;
    ASSERT_TRUE(talk.hear(kAvcStart));
    EXPECT_EQ(talk.client.nextTimeout(), talk.now + 10s);
    const auto before = talk.client.nextTimeout();
    talk.now += 3s;
    ASSERT_TRUE(talk.hear(event(6, 1)));  // a ping
    EXPECT_EQ(talk.client.nextTimeout(), before);
    EXPECT_EQ(talk.client.timedOut().code, Code::TransferFailed);
    EXPECT_EQ(talk.client.timedOut().message, "the server has sent no media for 10 s");
    PlayTalk asking;
    asking.to(Step::Asking);
    EXPECT_EQ(asking.client.timedOut().message, "the server did not answer play within 15 s");
}

TEST(PlayingClient, SplitsAggregates) {
    const auto part = [](int type, std::uint32_t time, const Bytes& body) {
        return be(static_cast<std::uint64_t>(type), 1) + be(body.size(), 3) + be(time & 0xFFFFFF, 3) + be(time >> 24, 1) +
               Bytes(3, 0) + body + be(body.size() + 11, 4);
    };
    const Bytes aggregate = part(9, 0x01000000, Bytes{0x17, 0, 0, 0, 0} + text("avcC")) +
                            part(9, 0x01000028, Bytes{0x17, 1, 0, 0, 0} + text("key")) + part(22, 0x01000030, text("nested")) +
                            part(9, 0x01000050, Bytes{0x27, 1, 0, 0, 0} + text("delta"));
    PlayTalk talk;
    talk.to(Step::Accepted);
    ASSERT_TRUE(talk.hear(fullHeader(6, 500, aggregate.size() - 4, 22, 7) + Bytes(aggregate.begin(), aggregate.end() - 4)));
    ASSERT_EQ(talk.packets.size(), 3U);
    EXPECT_EQ(talk.packets[1].dts, Timestamp(540'000)) << "on the time of the whole";
    EXPECT_EQ(talk.packets[2].dts, Timestamp(580'000));
    for (const std::size_t size : {std::size_t{1}, std::size_t{10}, aggregate.size() - 6}) {
        PlayTalk cut;
        cut.to(Step::Accepted);
        const auto done =
            cut.hear(message(6, 22, Bytes(aggregate.begin(), aggregate.begin() + static_cast<std::ptrdiff_t>(size)), 7));
        ASSERT_FALSE(done) << size;
        EXPECT_EQ(done.error().message, "the server sent malformed RTMP: an aggregate message that is cut off");
    }
}

TEST(PlayingClient, MakesNoCrowdOfPacketsOfOneMessage) {
    const Bytes sound = be(8, 1) + be(2, 3) + Bytes(7, 0) + Bytes{0x2F, 'x'} + be(13, 4);
    Bytes aggregate;
    for (int i = 0; i < 4097; ++i) aggregate.insert(aggregate.end(), sound.begin(), sound.end());
    PlayTalk talk;
    talk.to(Step::Accepted);
    const auto done = talk.hear(message(6, 22, aggregate, 7));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "the server sent malformed RTMP: an aggregate of more than 4096 messages");
    EXPECT_EQ(talk.packets.size(), 4097U) << "a Config, and what stands before";
    PlayTalk tracks;
    tracks.to(Step::Accepted);
    Bytes again = Bytes{0x95, 0x11} + text("Opus");
    for (int i = 0; i < 10'000; ++i) again = std::move(again) + Bytes{0} + be(1, 3) + Bytes{'x'};
    ASSERT_TRUE(tracks.hear(message(4, 8, Bytes{0x90} + text("OpusOpusHead"), 7) + message(4, 8, again, 7)));
    EXPECT_EQ(tracks.packets.size(), 2U) << "each track once";
}

TEST(PlayingClient, TakesLargeMessagesAndHoldsNoMoreThanItsBounds) {
    PlayTalk talk;
    talk.to(Step::Accepted);
    const Bytes large = Bytes{0x17, 1, 0, 0, 0} + Bytes((8 << 20) - 5, 'x');
    ASSERT_TRUE(talk.hear(message(2, 1, be(0x7FFFFFFF, 4)) + kAvcStart));
    ASSERT_TRUE(talk.hear(fullHeader(6, 0, large.size(), 9, 7) + large));
    ASSERT_EQ(talk.packets.size(), 2U);
    EXPECT_EQ(talk.packets[1].data->size(), large.size() - 5);
    EXPECT_EQ(talk.hear(fullHeader(6, 0, large.size() + 1, 9, 7)).error().message,
              "the server sent malformed RTMP: a message of more than 8 MiB");
    // 8 MiB announced on each of 16 chunk streams, and as much sent as may be.
    PlayTalk many;
    many.to(Step::Accepted);
    ASSERT_TRUE(many.hear(message(2, 1, be(1 << 20, 4))));
    std::size_t sent = 0;
    Result<void> done;
    for (int turn = 0; turn < 8 && done; ++turn)
        for (int channel = 4; channel < 18 && done; ++channel, ++sent)
            done =
                many.hear((turn == 0 ? fullHeader(channel, 0, 8 << 20, 9, 7) : Bytes{static_cast<std::uint8_t>(0xC0 | channel)}) +
                          Bytes(1 << 20, 'x'));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "the server sent malformed RTMP: more than 16 MiB of messages without an end");
    EXPECT_EQ(sent, 17U);
}

TEST(PlayingClient, ReadsExtendedTimesOfPeersThatRepeatThemAndOfThoseThatDoNot) {
    const Bytes body = Bytes{0x27, 1, 0, 0, 0} + Bytes(300, 'x');
    const auto tail = [&](std::size_t from, std::size_t to) {
        return Bytes(body.begin() + static_cast<std::ptrdiff_t>(from), body.begin() + static_cast<std::ptrdiff_t>(to));
    };
    for (const bool repeats : {true, false}) {
        for (const std::size_t portion : {std::size_t{1}, std::size_t{3}, std::size_t{5000}}) {
            PlayTalk talk;
            talk.to(Step::Accepted);
            const Bytes again = Bytes{0xC6} + (repeats ? be(0x01020304, 4) : Bytes{});
            Bytes bytes = kAvcStart;
            for (int i = 0; i < 3; ++i)
                bytes = bytes + fullHeader(6, 0x01020304, body.size(), 9, 7) + tail(0, 128) + again + tail(128, 256) + again +
                        tail(256, body.size());
            for (std::size_t at = 0; at < bytes.size(); at += portion)
                ASSERT_TRUE(talk.hear({bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                       bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + portion, bytes.size()))}));
            ASSERT_EQ(talk.packets.size(), 4U) << repeats << " " << portion;
            for (std::size_t i = 1; i < 4; ++i) {
                EXPECT_EQ(talk.bytes(i), std::string(300, 'x'));
                EXPECT_EQ(talk.packets[i].dts, Timestamp(0x01020304LL * 1000));
            }
        }
    }
}

// What looks like the time may be the body's own: then the rest of it tells.
TEST(PlayingClient, IsNotMisledByBytesThatBeginLikeATime) {
    Bytes body = Bytes{0x27, 1, 0, 0, 0} + Bytes(122, 'x') + Bytes{'x', 1, 2, 3, 'y'} + Bytes(20, 'z');
    body.insert(body.begin() + 127, 'x');
    PlayTalk talk;
    talk.to(Step::Accepted);
    ASSERT_TRUE(talk.hear(kAvcStart + message(2, 1, be(2, 4))));
    // Chunks of two bytes, without the time: "\1\2" begins like 0x01020304, and what follows is the next header.
    Bytes bytes = fullHeader(6, 0x01020304, body.size(), 9, 7);
    for (std::size_t at = 0; at < body.size(); at += 2) {
        if (at > 0) bytes.push_back(0xC6);
        bytes.push_back(body[at]);
        if (at + 1 < body.size()) bytes.push_back(body[at + 1]);
    }
    for (const auto byte : bytes) ASSERT_TRUE(talk.hear({byte}));
    ASSERT_EQ(talk.packets.size(), 2U);
    EXPECT_EQ(Bytes(talk.packets[1].data->begin(), talk.packets[1].data->end()), Bytes(body.begin() + 5, body.end()));
}

}  // namespace
}  // namespace livepusher::rtmp
