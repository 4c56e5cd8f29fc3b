// SPDX-License-Identifier: MIT
// subscribe URL SECONDS [CA_FILE [PROXY]]
// Plays a stream for so long, or to its end, and prints what came as JSON: {"events": ["connected", "playing", …], "packets":
// [[track, kind, dts ms, pts ms, bytes, FNV-1a of the bytes], …], "metadata": {…}, "ended": true, "error": {"code": 3004,
// "message": "…"}, "received": bytes, "server": "127.0.0.1"}. "ready" goes to stderr once it plays. Exit code 3: it did not play.
#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "base/event_fd.hpp"
#include "flv/subscribers.hpp"
#include "rtmp/subscribers.hpp"

namespace {

using namespace livepusher;
using nlohmann::json;

std::unique_ptr<rtmp::Subscriber> subscriberFor(base::Url::Scheme scheme) {
    using enum base::Url::Scheme;
    if (scheme == HttpFlv) return rtmp::makeHttpFlvSubscriber();
    if (scheme == FlvFile) return rtmp::makeFlvFileSubscriber();
    return rtmp::makeRtmpSubscriber();
}

std::string hashOf(const std::vector<std::uint8_t>& bytes) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const auto byte : bytes) hash = (hash ^ byte) * 1099511628211ULL;
    return std::to_string(hash);
}

struct Heard final : rtmp::SubscriberObserver, rtmp::ReceivedPackets {
    json events = json::array(), packets = json::array(), said = json::object();

    void transportConnected() override { events.push_back("connected"); }
    void playing() override {
        events.push_back("playing");
        std::fputs("ready\n", stderr);
    }
    void streamBegan() override { events.push_back("stream began"); }
    void publisherLeft() override { events.push_back("publisher left"); }
    void trackLeftOut(const std::string& name) override { events.push_back("left out: " + name); }
    void reconnectRequested(const rtmp::ReconnectRequest&) override { events.push_back("asked to reconnect"); }
    void redirected(const std::string&) override { events.push_back("redirected"); }
    void metadata(const rtmp::StreamMetadata& of) override {
        for (const auto& field : of.fields) said[field.name] = field.number ? json(*field.number) : json(field.text);
    }
    void take(Packet packet) override {
        const char* kind = packet.kind == Packet::Kind::Config ? "config" : packet.kind == Packet::Kind::Key ? "key" : "delta";
        packets.push_back({packet.track == Packet::Track::Video ? "video" : "audio", kind, packet.dts.count() / 1000,
                           packet.pts.count() / 1000, packet.data->size(), hashOf(*packet.data)});
    }
};

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::fputs("subscribe URL SECONDS [CA_FILE [PROXY]]\n", stderr);
        return 2;
    }
    const auto url = base::Url::parse(arguments[1]);
    if (!url) {
        std::fprintf(stderr, "%s\n", url.error().message.c_str());
        return 2;
    }
    rtmp::SubscriberSettings settings;
    if (count > 3) settings.network.caFile = arguments[3];
    if (count > 4) settings.network.proxy = arguments[4];
    Heard heard;
    const base::EventFd wake;
    const auto subscriber = subscriberFor(url->scheme());
    json out{{"ended", false}, {"error", nullptr}};
    const auto note = [&](const Error& error) {
        out["error"] = {{"code", static_cast<int>(error.code)}, {"message", error.message}, {"native", error.native}};
    };
    const auto opened = subscriber->open(*url, settings, heard);
    if (opened) {
        const auto until = rtmp::Subscriber::Clock::now() + std::chrono::seconds(std::atoi(arguments[2]));
        const auto played = subscriber->run(until, wake, heard);
        if (played)
            out["ended"] = *played == rtmp::Subscriber::State::Ended;
        else
            note(played.error());
    } else {
        note(opened.error());
    }
    const auto figures = subscriber->statistics();
    subscriber->close();
    out["events"] = heard.events;
    out["packets"] = heard.packets;
    out["metadata"] = heard.said;
    out["received"] = figures.bytesReceived;
    out["server"] = figures.serverIp;
    std::puts(out.dump().c_str());
    return opened ? 0 : 3;
}
