// SPDX-License-Identifier: MIT
// stop() while the real connection hangs in every way a server can make it hang: it answers in time, and nothing stays behind.
#include "loopback_server.hpp"
#include "publisher_client.hpp"
#include "sanitized.hpp"
#include "session_case.hpp"
#include "wiring.hpp"

#include <filesystem>
#include <iostream>
#include <optional>

namespace livepusher::testing {
namespace {

using rtmp::test::FullPort;
using rtmp::test::Gate;
using rtmp::test::LoopbackServer;
using rtmp::test::Peer;

/// What is promised of stop(). Where a queue is full it waits for 0.7 s by itself: more is allowed to a machine that is loaded.
constexpr std::chrono::milliseconds kBound = kSanitized ? 5s : 1s;  // 50 ms of freeing certificates take 370 there
constexpr std::chrono::milliseconds kBoundWithFullQueue = kSanitized ? 5s : 2s;

std::size_t entries(const char* directory) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory), std::filesystem::directory_iterator{}));
}

struct Resources {
    std::size_t threads = entries("/proc/self/task");
    std::size_t descriptors = entries("/proc/self/fd");
    bool operator==(const Resources&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Resources& r) {
    return out << r.threads << " threads, " << r.descriptors << " descriptors";
}

/// The kernel wakes a joiner a moment before it takes the thread out of /proc.
bool comesDownTo(const Resources& expected) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!(Resources() == expected)) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

/// Where a connection hangs: what the server has done by then, and what the application has heard.
struct Hanging {
    const char* name;
    LoopbackServer::Script before;  ///< empty: the server takes no connection
    const char* scheme = "rtmp";
    const char* heard = nullptr;
    const char* reconnect = "off";
    bool closes = false;    ///< the server ends the connection then; else it reads nothing more
    std::size_t times = 1;  ///< that the application has heard it
    std::chrono::milliseconds bound = kBound;
};

void PrintTo(const Hanging& hanging, std::ostream* out) { *out << hanging.name; }

class StopInFaults : public ::testing::TestWithParam<Hanging> {
protected:
    static void SetUpTestSuite() {
        Scene scene(Scene::Clock::Real);  // what libcurl, TLS and the sanitizers keep for good, they get here
        LivePusherContext context(optionsFor(scene, propertiesFor("rtmps://127.0.0.1:1/live/key")), stages(scene));
        context.start(noting(scene, "start"));
        ASSERT_TRUE(scene.journal.await("-1307"));
    }

    static Properties propertiesFor(const std::string& url) {
        auto properties = pushing();
        properties.url = url;
        properties.reconnect = "off";
        properties.adaptation = Adaptation::off;  // the queue is to fill up
        properties.mode = Mode::SD;
        properties.minBitrate = properties.maxBitrate = 4000;
        return properties;
    }

    static ContextOptions optionsFor(Scene& scene, const Properties& properties) {
        auto out = options(scene, properties);
        out.sources = {.video = "test", .audio = "test", .loop = false};
        return out;
    }

    static pipeline::Stages stages(Scene& scene) {
        auto stages = fakeStages(scene);
        const auto real = realStages();
        stages.publisher = real.publisher;
        stages.sources = real.sources;
        stages.videoEncoder = real.videoEncoder;
        stages.audioEncoder = real.audioEncoder;
        return stages;
    }

    static void run(const Hanging& hanging) {
        Scene scene(Scene::Clock::Real);
        Gate there;
        Gate over;
        FullPort full;
        std::optional<LoopbackServer> server;
        if (hanging.before)
            server.emplace([&](Peer& peer) {
                hanging.before(peer);
                there.open();
                if (hanging.closes) return;
                over.wait();
            });
        auto properties = propertiesFor(hanging.scheme + std::string("://127.0.0.1:") +
                                        std::to_string(server ? server->port() : full.port()) + "/live/key");
        properties.reconnect = hanging.reconnect;
        {
            LivePusherContext context(optionsFor(scene, properties), stages(scene));
            context.start(noting(scene, "start"));
            if (server) there.wait();
            if (hanging.heard) {
                EXPECT_TRUE(scene.journal.await(hanging.heard, hanging.times)) << hanging.heard;
            }
            const auto before = std::chrono::steady_clock::now();
            context.stop(noting(scene, "stop"));
            ASSERT_TRUE(scene.journal.await("stop:ok"));
            const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - before);
            std::cout << hanging.name << ": stopped after " << took.count() << " ms\n";
            EXPECT_LE(took, hanging.bound);
        }
        EXPECT_EQ(scene.journal.seen("start:complete"), 1U);
        EXPECT_EQ(scene.journal.seen("-1307"), 0U) << "the application's own stop is no failure";
        over.open();
    }
};

TEST_P(StopInFaults, EndsInTimeAndLeavesNothingBehind) {
    const Resources before;
    run(GetParam());
    EXPECT_TRUE(comesDownTo(before)) << Resources() << ", before: " << before;
}

INSTANTIATE_TEST_SUITE_P(, StopInFaults,
                         ::testing::Values(Hanging{"BlackHole", {}, "rtmp", "1008"},
                                           Hanging{"BlackHoleInTls", {}, "rtmps", "1008"},
                                           Hanging{"MuteInTls", [](Peer& peer) { peer.read(5); }, "rtmps"},
                                           Hanging{"MuteInTheHandshake", [](Peer& peer) { peer.read(1537); }, "rtmp", "1001"},
                                           Hanging{"HalfAHandshake",
                                                   [](Peer& peer) {
                                                       peer.read(1537);
                                                       rtmp::test::Bytes half(701, 0);
                                                       half[0] = 3;
                                                       peer.send(half);
                                                   },
                                                   "rtmp", "1001"},
                                           Hanging{"ConnectUnanswered",
                                                   [](Peer& peer) {
                                                       peer.handshake();
                                                       peer.next("connect");
                                                   }},
                                           Hanging{"CreateStreamUnanswered",
                                                   [](Peer& peer) {
                                                       peer.handshake();
                                                       peer.answerConnect();
                                                       peer.next("createStream");
                                                   }},
                                           Hanging{"PublishUnanswered", &Peer::untilPublish},
                                           Hanging{"NothingReadAnyMoreAndTheQueueFull", &Peer::accept, "rtmp", "1101", "off",
                                                   false, 1, kBoundWithFullQueue},
                                           Hanging{"WaitingForAReconnectAfterTheHandshakeFailed",
                                                   [](Peer& peer) { peer.read(1537); }, "rtmp", "1102", "5x60", true},
                                           Hanging{"WaitingForAReconnectAfterAnEndInMidStream",
                                                   [](Peer& peer) {
                                                       peer.accept();
                                                       peer.nextMedia();
                                                   },
                                                   "rtmp", "1102", "5x60", true},
                                           Hanging{"ReconnectedToAMuteServer",
                                                   [](Peer& peer) {
                                                       peer.accept();
                                                       peer.nextMedia();
                                                       peer.reset();
                                                   },
                                                   "rtmp", "1001", "5x0.1", true, 2}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace livepusher::testing
