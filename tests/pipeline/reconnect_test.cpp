// SPDX-License-Identifier: MIT
#include "link_rig.hpp"
#include "loopback_server.hpp"
#include "publisher_client.hpp"
#include "rtmp/amf.hpp"
#include "rtmp/amf_writer.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <vector>

namespace livepusher::testing {
namespace {

using namespace rtmp::test;

std::string address(int port) { return "rtmp://127.0.0.1:" + std::to_string(port) + "/live"; }
std::string target(int port) { return address(port) + "/s3cr3t-key"; }

const base::ReconnectSpec kSoon{{30ms, 30ms, 30ms}, false};

rtmp::PublisherSettings enhanced() {
    rtmp::PublisherSettings settings;
    settings.enhancedRtmp = true;
    return settings;
}

/// What one connection brought, as a server sees it.
struct Received {
    struct Item {
        char what;  ///< m(etadata), V and A (headers), k(ey), d(elta), a(udio)
        std::uint32_t timestamp, number;
    };
    std::vector<Item> items;
    std::vector<std::string> commands;
    bool byReset = false;

    std::string first(std::size_t count) const {
        std::string out;
        for (std::size_t i = 0; i < std::min(count, items.size()); ++i) out += items[i].what;
        return out;
    }
    std::vector<Item> of(const char* kinds) const {
        std::vector<Item> out;
        std::ranges::copy_if(items, std::back_inserter(out),
                             [&](const Item& i) { return std::string(kinds).find(i.what) != std::string::npos; });
        return out;
    }
    void take(const Peer::Message& message) {
        if (!message.command.empty()) commands.push_back(message.command);
        if (message.type != 8 && message.type != 9 && message.type != 18) return;
        const std::size_t head = message.type == 9 ? 5 : 2;
        const bool header = message.type != 18 && message.body.at(1) == 0;
        std::uint32_t number = 0;
        if (!header && message.body.size() >= head + 4)
            for (std::size_t i = 0; i < 4; ++i) number = number << 8 | message.body[head + i];
        const char picture = header ? 'V' : message.body.at(0) >> 4 == 1 ? 'k' : 'd';
        const char what = message.type == 18 ? 'm' : message.type == 9 ? picture : header ? 'A' : 'a';
        items.push_back({what, message.timestamp, number});
    }
    void take(Peer& peer, std::size_t media) {
        for (const auto until = items.size() + media; items.size() < until;) take(peer.next());
    }
    void takeAll(Peer& peer) {
        try {
            for (;;) take(peer.next());
        } catch (const Peer::Closed& closed) {
            byReset = closed.byReset;
        }
    }
};

void askToReconnect(Peer& peer, const std::string& tcUrl) {
    rtmp::AmfWriter out;
    out.string("onStatus").number(0).null().beginObject().member("level", "status");
    out.member("code", "NetConnection.Connect.ReconnectRequest").member("description", "moving house");
    if (!tcUrl.empty()) out.member("tcUrl", tcUrl);
    peer.send(message(3, 20, out.endObject().bytes()));
}

void sendOn(Peer& peer, const std::string& to) {
    rtmp::AmfWriter out;
    out.string("onStatus")
        .number(0)
        .null()
        .beginObject()
        .member("level", "error")
        .member("code", "NetConnection.Connect.Rejected");
    out.key("ex").beginObject().member("code", 302).member("redirect", to).endObject();
    peer.send(message(3, 20, out.endObject().bytes()));
}

std::vector<std::string> codes(const LinkRig& rig) {
    auto all = rig.journal.all();
    std::erase_if(all, [](const std::string& e) { return e.size() > 5 || (std::isdigit(e[0]) == 0 && e[0] != '-'); });
    return all;
}

/// Waits for a line of the log.
class Log {
public:
    Log() {
        setLogLevel(LogLevel::Debug);
        setLogHandler([this](LogLevel, std::string_view line) {
            EXPECT_EQ(line.find("s3cr3t"), std::string::npos) << line;
            std::lock_guard lock(mutex_);
            lines_ += line;
            lines_ += '\n';
            changed_.notify_all();
        });
    }
    ~Log() {
        setLogHandler({});
        setLogLevel(LogLevel::Warning);
    }
    bool await(const std::string& part) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 10s, [&] { return lines_.find(part) != std::string::npos; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string lines_;
};

#if defined(__has_feature)
#define LIVEPUSHER_TEST_HAS(feature) __has_feature(feature)
#else
#define LIVEPUSHER_TEST_HAS(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || LIVEPUSHER_TEST_HAS(address_sanitizer) || \
    LIVEPUSHER_TEST_HAS(thread_sanitizer)
constexpr bool kSanitized = true;  // memory that was freed is kept for a while
#else
constexpr bool kSanitized = false;
#endif

long entries(const char* folder) {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator{});
}

long residentMemory() {
    long total = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace

TEST(Reconnect, EachConnectionBeginsWithHeadersAndAKeyFrameAndTimeGoesOn) {
    std::vector<Received> got;
    LoopbackServer server(
        [&](Peer& peer) {
            peer.accept();
            auto& now = got.emplace_back();
            now.take(peer, 60);
            peer.reset();
        },
        false, 3);
    {
        LinkRig rig(target(server.port()), {{30ms, 30ms}, false});
        EXPECT_TRUE(rig.journal.await("gave up"));
        server.wait();
        EXPECT_EQ(rig.journal.seen("1002"), 3U);
        EXPECT_EQ(rig.journal.seen("publishing"), 3U);
    }
    ASSERT_EQ(got.size(), 3U);
    for (std::size_t i = 0; i < got.size(); ++i) {
        SCOPED_TRACE(i);
        EXPECT_EQ(got[i].first(3), "mVA");
        const auto media = got[i].of("kda");
        if (i > 0) {
            EXPECT_EQ(media.front().what, 'k');
            EXPECT_GT(media.front().timestamp, got[i - 1].of("kda").back().timestamp);
        }
        for (std::size_t j = 1; j < media.size(); ++j) EXPECT_GE(media[j].timestamp, media[j - 1].timestamp);
    }
}

TEST(Reconnect, AttemptsUsedUpAreCountedAndEndedOnce) {
    int port = 0;
    {
        LoopbackServer gone([](Peer&) {});
        port = gone.port();
    }
    LinkRig rig(target(port), kSoon);
    EXPECT_TRUE(rig.journal.await("gave up"));
    rig.stop();
    const std::vector<std::string> expected{"3002", "1102", "3002", "1102", "3002", "1102", "3002", "-1307"};
    EXPECT_EQ(codes(rig), expected);
    EXPECT_EQ(rig.journal.seen("reconnecting: attempt 3 of 3 in 0.0 s"), 1U);
}

TEST(Reconnect, AGhostOfOursIsWaitedForThoughThePolicyIsShort) {
    std::atomic<int> number{0};
    Received last;
    LoopbackServer server(
        [&](Peer& peer) {
            if (++number == 2) {
                peer.untilPublish();
                peer.status("error", "NetStream.Publish.BadName", "Already publishing");
                peer.untilClosed();
                return;
            }
            peer.accept();
            last.take(peer, 10);
            number == 1 ? peer.reset() : last.takeAll(peer);
        },
        false, 3);
    LinkRig rig(target(server.port()), {{30ms}, false});
    ASSERT_TRUE(rig.journal.await("1002", 2));
    rig.stop();
    const std::vector<std::string> expected{"1001", "1002", "3005", "1102", "1001", "3004", "1102", "1001", "1002"};
    EXPECT_EQ(codes(rig), expected);
    EXPECT_EQ(rig.journal.seen("reconnecting: attempt 1 of 12 to get the stream's name back in 2.5 s"), 1U);
    server.wait();
    EXPECT_FALSE(last.byReset);
}

TEST(Reconnect, AServerThatRefusesAndNamesAnotherIsNoLoss) {
    Log log;
    Received got;
    Gate flows;
    LoopbackServer second([&](Peer& peer) {
        peer.accept();
        got.take(peer, 10);
        flows.open();
        got.takeAll(peer);
    });
    LoopbackServer first([&](Peer& peer) {
        peer.untilPublish();
        sendOn(peer, address(second.port()));
        peer.untilClosed();
    });
    LinkRig rig(target(first.port()), {});
    ASSERT_TRUE(rig.journal.await("1002"));
    EXPECT_TRUE(log.await("redirects to rtmp://127.0.0.1:" + std::to_string(second.port()) + "/live/***"));
    flows.wait();
    rig.stop();
    second.wait();
    const std::vector<std::string> expected{"1001", "1001", "1002"};
    EXPECT_EQ(codes(rig), expected);
    EXPECT_EQ(got.first(3), "mVA");
}

TEST(Reconnect, ServersThatSendUsRoundInCirclesAreLeft) {
    std::atomic<int> connections{0};
    std::atomic<int> port{0};
    Gate known;
    LoopbackServer server(
        [&](Peer& peer) {
            ++connections;
            known.wait();
            peer.handshake();
            peer.next("connect");
            sendOn(peer, address(port));
            peer.untilClosed();
        },
        false, 20);
    port = server.port();
    known.open();
    LinkRig rig(target(server.port()), kSoon);
    EXPECT_TRUE(rig.journal.await("gave up"));
    rig.stop();
    EXPECT_EQ(connections, 6) << "the first, and five that it was sent to";
    EXPECT_EQ(rig.journal.seen("1102"), 0U);
    EXPECT_EQ(rig.journal.seen("3004"), 1U);
}

TEST(Reconnect, AServerThatAsksIsLeftAtAKeyFrameAndNothingIsLostOrTwice) {
    Received before, after;
    Gate flows;
    LoopbackServer second([&](Peer& peer) {
        peer.accept();
        after.take(peer, 40);
        flows.open();
        after.takeAll(peer);
    });
    LoopbackServer first([&](Peer& peer) {
        peer.accept();
        before.take(peer, 40);
        askToReconnect(peer, address(second.port()));
        before.takeAll(peer);
    });
    LinkRig rig(target(first.port()), kSoon, enhanced());
    ASSERT_TRUE(rig.journal.await("1002", 2));
    first.wait();  // the goodbye has come
    flows.wait();
    rig.run([&] { EXPECT_EQ(rig.link().reconnects(), 1); });
    rig.stop();
    second.wait();
    const std::vector<std::string> expected{"1001", "1002", "1001", "1002"};
    EXPECT_EQ(codes(rig), expected);
    EXPECT_EQ(rig.journal.seen("interrupted"), 0U);

    EXPECT_FALSE(before.byReset);
    EXPECT_EQ(before.commands.back(), "deleteStream");
    EXPECT_EQ(std::ranges::count(before.commands, "FCUnpublish"), 0) << "the stream is not over";
    EXPECT_EQ(std::ranges::count(after.commands, "FCUnpublish"), 1);
    EXPECT_EQ(after.first(4), "mVAk");
    for (const char* track : {"kd", "a"}) {
        auto numbers = before.of(track);
        const auto there = after.of(track);
        numbers.insert(numbers.end(), there.begin(), there.end());
        for (std::size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(numbers[i].number, numbers[0].number + i) << track;
        for (std::size_t i = 1; i < numbers.size(); ++i) ASSERT_GE(numbers[i].timestamp, numbers[i - 1].timestamp) << track;
    }
}

TEST(Reconnect, TheStreamStaysWhereTheNextServerCannotBeReached) {
    Log log;
    int gone = 0;
    {
        LoopbackServer nobody([](Peer&) {});
        gone = nobody.port();
    }
    Gate refused;
    Received got;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        got.take(peer, 10);
        askToReconnect(peer, address(gone));
        refused.wait();
        got.take(peer, 200);
        got.takeAll(peer);
    });
    LinkRig rig(target(server.port()), kSoon, enhanced());
    EXPECT_TRUE(log.await("could not reconnect where the server asks for it: "));
    refused.open();
    EXPECT_TRUE(log.await("the stream stays with rtmp://127.0.0.1:" + std::to_string(server.port()) + "/live/***"));
    rig.stop();
    server.wait();
    const std::vector<std::string> expected{"1001", "1002"};
    EXPECT_EQ(codes(rig), expected);
    const auto pictures = got.of("kd");
    for (std::size_t i = 0; i < pictures.size(); ++i) ASSERT_EQ(pictures[i].number, pictures[0].number + i);
    EXPECT_EQ(got.commands.back(), "deleteStream");
}

TEST(Reconnect, AServerThatDiesAfterItsRequestIsReplacedByTheOneItNamed) {
    Gate reached, told, flows;
    Received after;
    LoopbackServer second([&](Peer& peer) {
        peer.handshake();
        reached.open();
        told.wait();
        peer.answerConnect();
        peer.answerCreateStream();
        peer.answerPublish();
        after.take(peer, 10);
        flows.open();
        after.takeAll(peer);
    });
    LoopbackServer first([&](Peer& peer) {
        peer.accept();
        Received().take(peer, 10);
        askToReconnect(peer, address(second.port()));
        reached.wait();
        peer.reset();
    });
    LinkRig rig(target(first.port()), kSoon, enhanced());
    ASSERT_TRUE(rig.journal.await("1102"));
    told.open();
    ASSERT_TRUE(rig.journal.await("1002", 2));
    flows.wait();
    rig.stop();
    second.wait();
    EXPECT_EQ(after.first(4), "mVAk");
    EXPECT_EQ(rig.journal.seen("reconnecting: attempt 1 of 3, under way already, to where the server asked for it"), 1U);
    EXPECT_EQ(rig.journal.seen("1102"), 1U);
}

TEST(Reconnect, ANewServerThatSendsUsOnIsFollowedAndTheFourthRequestIsNot) {
    Log log;
    std::vector<std::unique_ptr<LoopbackServer>> servers;
    Received last;
    Gate flows;
    servers.push_back(std::make_unique<LoopbackServer>([&](Peer& peer) {
        peer.accept();
        askToReconnect(peer, "");
        last.take(peer, 10);
        flows.open();
        last.takeAll(peer);
    }));
    for (int i = 0; i < 3; ++i) {
        const auto to = address(servers.back()->port());
        servers.push_back(std::make_unique<LoopbackServer>([to](Peer& peer) {
            peer.accept();
            askToReconnect(peer, to);
            Received().takeAll(peer);
        }));
    }
    LinkRig rig(target(servers.back()->port()), kSoon, enhanced());
    ASSERT_TRUE(rig.journal.await("1002", 4));
    EXPECT_TRUE(log.await("for the fourth time within a short while"));
    flows.wait();
    rig.stop();
    EXPECT_EQ(rig.journal.seen("1002"), 4U);
    EXPECT_EQ(rig.journal.seen("1102"), 0U);
    servers.clear();
    EXPECT_EQ(last.first(4), "mVAk");
}

// What is left of a connection that is over would show with many. LIVEPUSHER_TEST_RECONNECTS sets how many.
TEST(Reconnect, ManyReconnectsLeaveNothingBehind) {
    const char* wanted = std::getenv("LIVEPUSHER_TEST_RECONNECTS");
    const int count = wanted ? std::max(40, std::atoi(wanted)) : 100;
    const int warm = count / 4;  // libraries set themselves up, the allocator finds its size
    struct Footprint {
        long memory = 0, threads = 0, files = 0;
    };
    const auto footprint = [] {
        Footprint now{residentMemory(), entries("/proc/self/task"), entries("/proc/self/fd")};
        return now;
    };
    Footprint before, after;
    int connections = 0;
    LoopbackServer server(
        [&](Peer& peer) {
            peer.accept();
            Received().take(peer, 6);
            ++connections;  // here each time: a connection stands and carries media
            if (connections == warm) before = footprint();
            if (connections == count) after = footprint();
            peer.reset();
        },
        false, count);
    {
        LinkRig rig(target(server.port()),
                    {std::vector<std::chrono::milliseconds>(static_cast<std::size_t>(count) - 1, 1ms), false});
        server.wait();
        EXPECT_TRUE(rig.journal.await("gave up"));
        const auto tries = rig.journal.seen("1102");
        EXPECT_GE(tries, static_cast<std::size_t>(count) - 1);
        // An end just after the publish may be a server's that still holds our name: such are asked again, and not counted.
        EXPECT_LE(tries, static_cast<std::size_t>(count) - 1 + rig.journal.holding("to get the stream's name back"));
    }
    const double slope = static_cast<double>(after.memory - before.memory) / 1024 / (count - warm);
    std::printf("%d reconnects: %+.2f KiB each (%ld to %ld KiB resident), %ld to %ld threads, %ld to %ld descriptors\n",
                count - 1, slope, before.memory / 1024, after.memory / 1024, before.threads, after.threads, before.files,
                after.files);
    EXPECT_LE(after.threads, before.threads + 1);  // one that has been joined may not be gone from /proc yet
    EXPECT_LE(after.files, before.files);
    if (!kSanitized) {
        EXPECT_LT(slope, count >= 400 ? 4 : 12) << "KiB";  // with few of them an allocator's next arena weighs much
    }
}

}  // namespace livepusher::testing
