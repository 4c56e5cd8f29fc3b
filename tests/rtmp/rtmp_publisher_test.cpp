// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "loopback_server.hpp"
#include "packets.hpp"
#include "rtmp/amf.hpp"
#include "rtmp/amf_writer.hpp"
#include "rtmp/flv.hpp"
#include "rtmp/publishers.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;
using namespace std::chrono_literals;
using Kind = Packet::Kind;
using Track = Packet::Track;

constexpr const char* kKey = "s3cr3t-key?token=t0ken-value";

/// A door that one thread opens and others wait at.
class Gate {
public:
    void open() {
        std::lock_guard lock(mutex_);
        open_ = true;
        opened_.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(opened_.wait_for(lock, 30s, [&] { return open_; }));
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

std::string urlOf(int port, const char* scheme = "rtmp", const char* host = "127.0.0.1") {
    return std::string(scheme) + "://" + host + ":" + std::to_string(port) + "/live/" + kKey;
}

void expectNoKey(const Error& error) {
    EXPECT_EQ(error.message.find("s3cr3t"), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find("t0ken"), std::string::npos) << error.message;
}

struct Client {
    PublisherSettings settings;
    std::atomic<int> connected{0}, failures{0};
    Gate failed;
    std::unique_ptr<Publisher> publisher = makeRtmpPublisher();  // last: its thread uses the others

    Client() {
        publisher->onFailed([this] {
            if (++failures == 1) failed.open();
        });
    }
    Result<void> open(const std::string& url) {
        auto done = publisher->open(*base::Url::parse(url), settings, [this] { ++connected; });
        if (!done) expectNoKey(done.error());
        return done;
    }
    Result<void> write(const Packet& packet) {
        auto done = publisher->write(packet);
        if (!done) expectNoKey(done.error());
        return done;
    }
};

Packet sound(std::int64_t us, const Bytes& data = text("aac")) { return media(Track::Audio, Kind::Key, us, us, data); }

std::vector<AmfValue> arguments(const Peer::Message& message) {
    std::vector<AmfValue> out;
    AmfReader reader(message.body);
    while (auto value = reader.next()) out.push_back(*value);
    return out;
}

TEST(RtmpPublisher, SaysWhatAPublisherSaysInOrder) {
    std::vector<std::string> commands;
    LoopbackServer server([&](Peer& peer) {
        peer.handshake();
        const auto connect = peer.next();
        commands.push_back(connect.command);
        const auto object = arguments(connect).at(2);
        EXPECT_EQ(object.text("app"), "live");
        EXPECT_EQ(object.text("type"), "nonprivate");
        EXPECT_TRUE(object.text("flashVer").starts_with("FMLE/3.0"));
        EXPECT_EQ(object.text("tcUrl").substr(0, 17), "rtmp://127.0.0.1:");
        EXPECT_EQ(object.text("tcUrl").find("s3cr3t"), std::string_view::npos);
        AmfWriter out;
        out.string("_result").number(1).null().beginObject().member("code", "NetConnection.Connect.Success").endObject();
        peer.send(message(3, 20, out.bytes()));
        EXPECT_EQ(peer.next().type, 1) << "set chunk size";
        for (int i = 0; i < 3; ++i) {
            const auto command = peer.next();
            commands.push_back(command.command);
            if (i < 2) {
                EXPECT_EQ(arguments(command).at(3).string, kKey);
            }
        }
        peer.send(message(3, 20, AmfWriter().string("_result").number(4).null().number(1).bytes()));
        const auto publish = peer.next();
        commands.push_back(publish.command);
        EXPECT_EQ(publish.stream, 1U);
        EXPECT_EQ(arguments(publish).at(3).string, kKey) << "with its query, as it was given";
        EXPECT_EQ(arguments(publish).at(4).string, "live");
        peer.status("status", "NetStream.Publish.Start", "");
        for (int i = 0; i < 2; ++i) commands.push_back(peer.next().command);
        EXPECT_FALSE(peer.untilClosed().byReset) << "ended in order";
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    EXPECT_EQ(client.connected, 1);
    EXPECT_EQ(client.publisher->statistics().serverIp, "127.0.0.1");
    client.publisher->close();
    server.wait();
    const std::vector<std::string> expected{"connect", "releaseStream", "FCPublish",   "createStream",
                                            "publish", "FCUnpublish",   "deleteStream"};
    EXPECT_EQ(commands, expected);
    EXPECT_FALSE(client.publisher->failed());
    EXPECT_EQ(client.failures, 0);
}

TEST(RtmpPublisher, DeliversMetadataHeadersAndMedia) {
    std::vector<Peer::Message> got;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        while (got.size() < 6) got.push_back(peer.nextMedia());
        peer.untilClosed();
    });
    Client client;
    client.settings.closeTimeout = 60s;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    Bytes large(1'000'000);
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 7 + i / 4096);
    for (const auto& packet : {videoConfig(), audioConfig(), media(Track::Video, Kind::Key, 80'000, 40'000, large), sound(45'000),
                               media(Track::Video, Kind::Delta, 20'000'000'000, 20'000'000'000, large)})
        ASSERT_TRUE(client.write(packet));
    client.publisher->close();
    server.wait();
    ASSERT_EQ(got.size(), 6U);
    const auto video = videoConfig();
    const auto audio = audioConfig();
    EXPECT_EQ(got[0].body, AmfWriter().string("@setDataFrame").bytes() + metadata(&video, &audio, false));
    EXPECT_EQ(got[0].type, 18);
    EXPECT_EQ(got[1].body, (Bytes{0x17, 0, 0, 0, 0} + text("avcC")));
    EXPECT_EQ(got[2].body, (Bytes{0xAF, 0} + text("asc")));
    EXPECT_EQ(got[3].timestamp, 40U);
    EXPECT_TRUE(got[3].body == (Bytes{0x17, 1, 0, 0, 40} + large));
    EXPECT_EQ(got[4].timestamp, 45U);
    EXPECT_EQ(got[5].timestamp, 20'000'000U) << "beyond 24 bits";
    EXPECT_TRUE(got[5].body == (Bytes{0x27, 1, 0, 0, 0} + large));
    for (const auto& message : got) EXPECT_EQ(message.stream, 1U);
}

TEST(RtmpPublisher, CountsEveryByte) {
    std::size_t total = 0;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        total = peer.nextMedia().body.size();
        peer.nextMedia();
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    ASSERT_TRUE(client.write(sound(0, Bytes(10'000, 'x'))));
    client.publisher->close();
    server.wait();
    const auto statistics = client.publisher->statistics();
    EXPECT_EQ(statistics.bytesQueued, 0U) << "all handed over was taken";
    EXPECT_GT(statistics.bytesSent, 3073U + 10'000U + total);
    EXPECT_LT(statistics.bytesSent, 3073U + 10'000U + total + 1'000U);
}

TEST(RtmpPublisher, ReachesAnIpv6Literal) {
    LoopbackServer server(
        [](Peer& peer) {
            peer.accept();
            peer.untilClosed();
        },
        true);
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port(), "rtmp", "[::1]")));
    EXPECT_EQ(client.publisher->statistics().serverIp, "::1");
}

struct Refusing {
    const char* what;
    LoopbackServer::Script script;
    Code code;
    const char* message;
    bool permanent = false;
};

void untilPublish(Peer& peer) {
    peer.handshake();
    peer.answerConnect();
    peer.answerCreateStream();
    peer.next("publish");
}

Bytes refusedConnect(const char* code, const char* description) {
    AmfWriter out;
    out.string("_error").number(1).null().beginObject().member("level", "error").member("code", code);
    return message(3, 20, out.member("description", description).endObject().bytes());
}

TEST(RtmpPublisher, TellsEachWayOfBeingTurnedAwayFromTheOthers) {
    const std::vector<Refusing> cases{
        {"connect rejected",
         [](Peer& peer) {
             peer.handshake();
             peer.next("connect");
             peer.send(refusedConnect("NetConnection.Connect.Rejected", "not now, s3cr3t-key"));
             peer.untilClosed();
         },
         Code::ServerClosed, "the server refused connect: NetConnection.Connect.Rejected: not now, ***"},
        {"unknown app",
         [](Peer& peer) {
             peer.handshake();
             peer.next("connect");
             peer.send(refusedConnect("NetConnection.Connect.InvalidApp", "none"));
             peer.close();
         },
         Code::ServerClosed, "NetConnection.Connect.InvalidApp", true},
        {"name in use",
         [](Peer& peer) {
             untilPublish(peer);
             peer.status("error", "NetStream.Publish.BadName", "Already publishing t0ken-value");
             peer.untilClosed();
         },
         Code::ServerClosed, "the server refused publish: NetStream.Publish.BadName: Already publishing ***"},
        {"refused and closed at once",
         [](Peer& peer) {
             untilPublish(peer);
             peer.status("error", "NetStream.Publish.Denied", "no");
         },
         Code::ServerClosed, "the server refused publish: NetStream.Publish.Denied: no", true},
        {"refused and reset at once",
         [](Peer& peer) {
             untilPublish(peer);
             peer.reset();
         },
         Code::TransferFailed, "Connection reset by peer"},
        {"closed instead of an answer", [](Peer& peer) { untilPublish(peer); }, Code::ServerClosed,
         "the server closed the connection instead of answering publish"},
        {"closed in the handshake", [](Peer& peer) { peer.read(1537); }, Code::HandshakeFailed,
         "the RTMP handshake failed: the server closed the connection"},
        {"reset in the handshake",
         [](Peer& peer) {
             peer.read(1537);
             peer.send({3});
             peer.reset();
         },
         Code::HandshakeFailed, "the RTMP handshake failed"},
        {"another protocol",
         [](Peer& peer) {
             peer.read(1537);
             peer.send(text("HTTP/1.1 400 Bad Request\r\n\r\n"));
             peer.untilClosed();
         },
         Code::HandshakeFailed, "does not speak RTMP"},
        {"garbage after the handshake",
         [](Peer& peer) {
             peer.handshake();
             peer.send(Bytes(5000, 0x44));
             peer.untilClosed();
         },
         Code::TransferFailed, "malformed RTMP"},
        {"a header in mid message",
         [](Peer& peer) {
             peer.handshake();
             peer.send(fullHeader(4, 0, 200, 8) + Bytes(128, 'x') + Bytes{0x44} + be(0, 3) + be(0xFFFFFF, 3) + Bytes{8});
             peer.untilClosed();
         },
         Code::TransferFailed, "malformed RTMP: a new header in the middle of a message"},
        {"nothing for the handshake", [](Peer& peer) { peer.untilClosed(); }, Code::HandshakeFailed,
         "the server did not answer the RTMP handshake within 150 ms"},
        {"half a handshake",
         [](Peer& peer) {
             peer.read(1537);
             peer.send(Bytes{3} + Bytes(700, 0));
             peer.untilClosed();
         },
         Code::HandshakeFailed, "the server did not answer the RTMP handshake within 150 ms"},
        {"nothing for connect",
         [](Peer& peer) {
             peer.handshake();
             peer.untilClosed();
         },
         Code::ServerClosed, "the server did not answer connect within 150 ms"},
        {"nothing for createStream",
         [](Peer& peer) {
             peer.handshake();
             peer.answerConnect();
             peer.untilClosed();
         },
         Code::ServerClosed, "the server did not answer createStream within 150 ms"},
        {"nothing for publish",
         [](Peer& peer) {
             untilPublish(peer);
             peer.untilClosed();
         },
         Code::ServerClosed, "the server did not answer publish within 150 ms"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        LoopbackServer server(c.script);
        Client client;
        if (std::string(c.message).find("150 ms") != std::string::npos)
            client.settings.handshakeTimeout = client.settings.responseTimeout = 150ms;
        const auto done = client.open(urlOf(server.port()));
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, c.code) << done.error().message;
        EXPECT_NE(done.error().message.find(c.message), std::string::npos) << done.error().message;
        EXPECT_EQ(done.error().permanent, c.permanent);
        EXPECT_EQ(client.connected, 1);
        EXPECT_EQ(client.failures, 0) << "open() tells it";
        client.publisher->close();
    }
}

TEST(RtmpPublisher, TellsARefusedPortAnUnknownHostAndASilentOne) {
    int port = 0;
    {
        LoopbackServer gone([](Peer&) {});
        port = gone.port();
    }
    Client refused;
    auto done = refused.open(urlOf(port));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::TcpFailed);
    EXPECT_EQ(done.error().native, ECONNREFUSED);
    EXPECT_EQ(refused.connected, 0);

    Client unknown;
    done = unknown.open(urlOf(1935, "rtmp", "no-such-host.invalid"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::DnsFailed) << done.error().message;

    FullPort full;
    Client silent;
    silent.settings.connectTimeout = 150ms;
    done = silent.open(urlOf(full.port()));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::TcpFailed) << done.error().message;
    EXPECT_NE(done.error().message.find("no answer in time"), std::string::npos);
}

TEST(RtmpPublisher, SpeaksTlsBeforeAnyRtmpByte) {
    LoopbackServer server([](Peer& peer) {
        const Bytes record = peer.read(5);
        EXPECT_EQ(record[0], 22) << "a TLS handshake record";
        const Bytes hello = peer.read(static_cast<std::size_t>(record[3]) << 8 | record[4]);
        EXPECT_NE(std::string(hello.begin(), hello.end()).find("localhost"), std::string::npos) << "SNI";
        peer.send(text("this is no TLS server"));
        peer.untilClosed();
    });
    Client client;
    const auto done = client.open(urlOf(server.port(), "rtmps", "localhost"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::HandshakeFailed);
    EXPECT_NE(done.error().message.find("TLS"), std::string::npos);
    EXPECT_EQ(client.connected, 0);
}

TEST(RtmpPublisher, CallsAMissingCaFilePermanent) {
    LoopbackServer server([](Peer& peer) { peer.untilClosed(); });
    Client client;
    client.settings.caFile = "/nonexistent/ca.pem";
    const auto done = client.open(urlOf(server.port(), "rtmps"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::HandshakeFailed);
    EXPECT_TRUE(done.error().permanent);
    EXPECT_NE(done.error().message.find("/nonexistent/ca.pem"), std::string::npos) << done.error().message;
}

TEST(RtmpPublisher, TellsTheEndOfAStreamWithNothingToWrite) {
    const struct {
        std::function<void(Peer&)> end;
        Code code;
    } cases[] = {
        {[](Peer& peer) { peer.close(); }, Code::ServerClosed},
        {[](Peer& peer) { peer.reset(); }, Code::TransferFailed},
        {[](Peer& peer) { peer.status("error", "NetStream.Failed", "kicked"); }, Code::ServerClosed},
        {[](Peer& peer) { peer.send(Bytes(100, 0xFF)); }, Code::TransferFailed},
    };
    for (const auto& c : cases) {
        Gate go;
        LoopbackServer server([&](Peer& peer) {
            peer.accept();
            go.wait();
            c.end(peer);
            peer.untilClosed();
        });
        Client client;
        ASSERT_TRUE(client.open(urlOf(server.port())));
        EXPECT_FALSE(client.publisher->failed());
        go.open();
        client.failed.wait();
        ASSERT_TRUE(client.publisher->failed());
        EXPECT_EQ(client.publisher->failed()->code, c.code) << client.publisher->failed()->message;
        const auto done = client.write(sound(0));
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, c.code);
        client.publisher->close();
        EXPECT_EQ(client.failures, 1);
    }
}

TEST(RtmpPublisher, AnswersPingsWhileNothingIsWritten) {
    Gate answered;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        for (std::uint32_t i = 0; i < 3; ++i) {
            peer.send(message(2, 4, Bytes{0, 6} + be(i, 4)));
            auto reply = peer.next();
            EXPECT_EQ(reply.type, 4);
            EXPECT_EQ(reply.body, (Bytes{0, 7} + be(i, 4)));
        }
        answered.open();
        peer.untilClosed();
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    answered.wait();
}

TEST(RtmpPublisher, AnswersPingsBetweenMessagesNeverInsideOne) {
    constexpr std::uint32_t kPings = 200;
    std::uint32_t pongs = 0;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        std::thread pinging([&] {
            for (std::uint32_t i = 0; i < kPings; ++i) peer.send(message(2, 4, Bytes{0, 6} + be(i, 4)));
        });
        for (int left = 400; left > 0;) {
            const auto message = peer.next();  // fails by itself on a chunk that doesn't belong
            if (message.type == 4) ++pongs;
            if (message.type == 8) {
                EXPECT_TRUE(message.body == (Bytes{0xAF, 1} + Bytes(9'000, 'x')));
                --left;
            }
        }
        pinging.join();
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    for (int i = 0; i < 400; ++i) ASSERT_TRUE(client.write(sound(i * 1000, Bytes(9'000, 'x'))));
    server.wait();
    EXPECT_GT(pongs, 0U);
    EXPECT_LE(pongs, kPings);
}

// Writes until the network takes no more.
void writeUntilFull(Client& client, Result<void>& last) {
    do last = client.write(sound(0, Bytes(50'000, 'x')));
    while (last);
}

TEST(RtmpPublisher, HoldsNoMoreThanAMessageAndABoundUnderWay) {
    Gate stop;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        stop.wait();
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    Result<void> last;
    std::thread writing([&] { writeUntilFull(client, last); });
    // Full when nothing moves any more: the kernel takes nothing and the bound is reached.
    for (std::uint64_t before = 0;;) {
        const auto now = client.publisher->statistics();
        EXPECT_LE(now.bytesQueued, 64U * 1024 + 51'000);
        if (now.bytesQueued >= 64 * 1024 && now.bytesSent == before) break;
        before = now.bytesSent;
        std::this_thread::yield();
    }
    client.publisher->cancel();
    writing.join();
    EXPECT_EQ(last.error().code, Code::Cancelled);
    stop.open();
}

TEST(RtmpPublisher, CancelsAtEveryMoment) {
    const struct {
        const char* what;
        std::function<void(Peer&)> before;
    } cases[] = {
        {"handshake", [](Peer& peer) { peer.read(1537); }},
        {"half a handshake",
         [](Peer& peer) {
             peer.read(1537);
             peer.send(Bytes{3} + Bytes(100, 0));
         }},
        {"connect",
         [](Peer& peer) {
             peer.handshake();
             peer.next("connect");
         }},
        {"createStream",
         [](Peer& peer) {
             peer.handshake();
             peer.answerConnect();
             peer.next("createStream");
         }},
        {"publish", untilPublish},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        Gate there;
        Peer::Closed closed{};
        LoopbackServer server([&](Peer& peer) {
            c.before(peer);
            there.open();
            closed = peer.untilClosed();
        });
        Client client;
        client.settings.handshakeTimeout = client.settings.responseTimeout = 60s;
        std::thread cancelling([&] {
            there.wait();
            client.publisher->cancel();
        });
        const auto done = client.open(urlOf(server.port()));
        cancelling.join();
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, Code::Cancelled);
        client.publisher->close();
        server.wait();
        EXPECT_TRUE(closed.byReset);
        EXPECT_EQ(client.failures, 0);
    }
}

TEST(RtmpPublisher, CancelsBeforeItOpensWhileItConnectsAndInTls) {
    Client early;
    early.publisher->cancel();
    EXPECT_EQ(early.open(urlOf(1)).error().code, Code::Cancelled);

    FullPort full;
    Client connecting;
    connecting.settings.connectTimeout = 60s;
    auto opening = std::async(std::launch::async, [&] { return connecting.open(urlOf(full.port())); });
    connecting.publisher->cancel();
    EXPECT_EQ(opening.get().error().code, Code::Cancelled);

    Gate there;
    LoopbackServer server([&](Peer& peer) {
        peer.read(5);
        there.open();
        peer.untilClosed();
    });
    Client inTls;
    inTls.settings.connectTimeout = 60s;
    auto opened = std::async(std::launch::async, [&] { return inTls.open(urlOf(server.port(), "rtmps")); });
    there.wait();
    inTls.publisher->cancel();
    EXPECT_EQ(opened.get().error().code, Code::Cancelled);
}

TEST(RtmpPublisher, CancelsAClose) {
    Gate stop;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        stop.wait();
    });
    Client client;
    client.settings.closeTimeout = 60s;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    std::thread closing([&] { client.publisher->close(); });  // waits for the server's end, which doesn't come
    client.publisher->cancel();
    closing.join();
    stop.open();
}

TEST(RtmpPublisher, GivesUpAnOrderlyCloseInTime) {
    Gate stop;
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        stop.wait();
    });
    Client client;
    client.settings.closeTimeout = 100ms;
    ASSERT_TRUE(client.open(urlOf(server.port())));
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(client.write(sound(0, Bytes(5'000, 'x'))));
    client.publisher->close();
    stop.open();
}

TEST(RtmpPublisher, ResetsWithoutAFarewellAfterAFailure) {
    std::vector<std::string> after;
    Peer::Closed closed{};
    LoopbackServer server([&](Peer& peer) {
        peer.accept();
        peer.send(Bytes(100, 0xFF));
        try {
            for (;;) after.push_back(peer.next().command);
        } catch (const Peer::Closed& end) {
            closed = end;
        }
    });
    Client client;
    const auto done = client.open(urlOf(server.port()));
    if (done) client.failed.wait();
    client.publisher->close();
    server.wait();
    EXPECT_TRUE(after.empty());
    EXPECT_TRUE(closed.byReset);
}

TEST(RtmpPublisher, OpensOnceAndOnlyRtmp) {
    LoopbackServer server([](Peer& peer) {
        peer.accept();
        peer.untilClosed();
    });
    Client client;
    EXPECT_EQ(client.open("a.flv").error().code, Code::InvalidArgument);
    ASSERT_TRUE(client.open(urlOf(server.port())));
    EXPECT_EQ(client.open(urlOf(server.port())).error().code, Code::InvalidState);
    EXPECT_EQ(client.connected, 1);
    client.publisher->close();
    EXPECT_FALSE(client.write(sound(0))) << "closed";
}

TEST(RtmpPublisher, CanBeDestroyedUnopenedAndUnclosed) {
    makeRtmpPublisher().reset();
    LoopbackServer server([](Peer& peer) {
        peer.accept();
        peer.untilClosed();
    });
    Client client;
    ASSERT_TRUE(client.open(urlOf(server.port())));
}

}  // namespace
}  // namespace livepusher::rtmp
