// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "flv/amf.hpp"
#include "flv/amf_writer.hpp"
#include "flv/flv.hpp"
#include "loopback_server.hpp"
#include "publisher_client.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;
using Kind = Packet::Kind;
using Track = Packet::Track;

std::vector<AmfValue> arguments(const Peer::Message& message) {
    std::vector<AmfValue> out;
    AmfReader reader(message.body);
    while (auto value = reader.next()) out.push_back(*value);
    return out;
}

/// What connect says to a server that doesn't answer.
AmfValue connectObject(EnhancedRtmp enhanced, VideoCodec codec) {
    AmfValue object;
    LoopbackServer server([&](Peer& peer) {
        peer.handshake();
        object = arguments(peer.next("connect")).at(2);
        peer.untilClosed();
    });
    Client client;
    client.settings.enhancedRtmp = enhanced;
    client.settings.videoCodec = codec;
    client.settings.responseTimeout = 150ms;
    EXPECT_FALSE(client.open(urlOf(server.port())));
    client.close();
    server.wait();
    return object;
}

TEST(RtmpPublisher, OffersWhatItCanOfEnhancedRtmpWhenToldTo) {
    for (const bool enhanced : {false, true}) {
        const auto object = connectObject(enhanced ? EnhancedRtmp::require : EnhancedRtmp::off, VideoCodec::h264);
        std::map<std::string, AmfValue> members;
        for (const auto& member : object.members) members[member.name] = member;
        EXPECT_EQ(members.count("capsEx"), enhanced ? 1U : 0U);
        EXPECT_EQ(members.count("fourCcList"), enhanced ? 1U : 0U);
        if (!enhanced) continue;
        EXPECT_EQ(members["capsEx"].number, 1) << "reconnect, and neither multitrack nor the rest";
        ASSERT_EQ(members["fourCcList"].type, AmfValue::Type::Array);
        std::vector<std::string> list;
        for (const auto& each : members["fourCcList"].members) list.push_back(each.string);
        EXPECT_EQ(list, (std::vector<std::string>{"avc1", "hvc1", "av01", "mp4a", "Opus"}));
        for (std::size_t i = 0; i < 3; ++i) {
            EXPECT_EQ(members["videoFourCcInfoMap"].members.at(i).name, list[i]);
            EXPECT_EQ(members["videoFourCcInfoMap"].members.at(i).number, 2) << "can encode";
        }
        EXPECT_EQ(members["audioFourCcInfoMap"].members.at(0).name, "mp4a");
        EXPECT_EQ(members["audioFourCcInfoMap"].members.at(1).name, "Opus");
        EXPECT_EQ(members["audioFourCcInfoMap"].members.at(1).number, 2);
    }
}

TEST(RtmpPublisher, OffersNothingWhereTheCodecsOfOldGo) {
    for (const bool plain : {true, false}) {
        const auto object = connectObject(EnhancedRtmp::automatic, plain ? VideoCodec::h264 : VideoCodec::av1);
        EXPECT_EQ(std::ranges::count(object.members, "fourCcList", &AmfValue::name), plain ? 0 : 1);
    }
}

TEST(RtmpPublisher, DoubtsTheCodecsOfAServerThatClosesAtTheFirstOfThem) {
    for (const bool silent : {true, false}) {
        LoopbackServer server([&](Peer& peer) {
            peer.handshake();
            peer.next("connect");
            AmfWriter out;
            out.string("_result").number(1).null().beginObject().member("code", "NetConnection.Connect.Success");
            if (!silent) out.key("fourCcList").beginStrictArray(1).string("Opus");
            peer.send(message(3, 20, out.endObject().bytes()));
            peer.answerCreateStream();
            peer.answerPublish();
            peer.nextMedia();
            peer.close();
        });
        Client client;
        client.settings.enhancedRtmp = EnhancedRtmp::automatic;
        client.settings.audioCodec = AudioCodec::opus;
        ASSERT_TRUE(client.open(urlOf(server.port())));
        Result<void> done;
        for (Timestamp::rep at = 0; done; at += 20'000) done = at == 0 ? client.write(audioConfig()) : client.write(sound(at));
        if (silent) {
            EXPECT_EQ(done.error().code, Code::ServerClosed) << done.error().message;
        }
        EXPECT_EQ(done.error().native == kSoundNotTaken, silent) << done.error().message;
        EXPECT_EQ(done.error().message.find("never said that it takes Opus") != std::string::npos, silent)
            << done.error().message;
        EXPECT_FALSE(done.error().permanent);
        client.close();
    }
}

TEST(RtmpPublisher, TellsRequestsToReconnectOnceItPublishes) {
    for (const bool enhanced : {false, true}) {
        Gate asked, asking;
        const auto ask = [](Peer& peer) { peer.status("status", "NetConnection.Connect.ReconnectRequest", "s3cr3t-key moves"); };
        LoopbackServer server([&](Peer& peer) {
            peer.handshake();
            peer.answerConnect();
            ask(peer);  // too early: kept
            peer.answerCreateStream();
            peer.answerPublish();
            asking.wait();
            ask(peer);
            peer.send(message(2, 4, Bytes{0, 6} + be(1, 4)));
            while (peer.next().type != 4) continue;  // the pong: all before it has been taken
            asked.open();
            peer.untilClosed();
        });
        Client client;
        client.settings.enhancedRtmp = enhanced ? EnhancedRtmp::require : EnhancedRtmp::off;
        ASSERT_TRUE(client.open(urlOf(server.port())));
        EXPECT_EQ(client.requests.size(), enhanced ? 1U : 0U);
        asking.open();
        client.serve(asked);
        client.close(EndReason::Replaced);
        EXPECT_EQ(client.requests.size(), enhanced ? 2U : 0U);
        for (const auto& request : client.requests) EXPECT_EQ(request.words, "*** moves");
    }
}

}  // namespace
}  // namespace livepusher::rtmp
