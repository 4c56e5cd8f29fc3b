// SPDX-License-Identifier: MIT
#include "capture/source_makers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <semaphore>
#include <thread>

#include "av/av.hpp"
#include "capture/network/live_clock.hpp"
#include "collector.hpp"
#include "http_server.hpp"
#include "make_picture.hpp"
#include "media/orientation.hpp"
#include "temp_folder.hpp"
#include "tls_server.hpp"

// RTSP is tried against a real server by tests/integration/network_cameras_test.py.
namespace livepusher::capture {
namespace {

constexpr WantedVideo kWanted{.width = 640, .height = 360};

TEST(LiveClock, AStreamsOwnTimesAreKeptWhateverTheNetworkAdds) {
    LiveClock clock;
    const auto arrival = [](int frame, int late) { return Timestamp(7'000'000 + frame * 40'000 + late); };
    Timestamp last{};
    for (int frame = 0; frame < 500; ++frame) {
        const int late = frame % 10 == 5 ? 60'000 : 1000;
        const auto pts = clock.map(Timestamp(frame * 40'000), arrival(frame, late));
        EXPECT_LE(pts, arrival(frame, late));
        if (frame > 0) {
            EXPECT_NEAR(static_cast<double>((pts - last).count()), 40'000, 1000);
        }
        last = pts;
    }
}

TEST(LiveClock, ASendersClockMayRunFasterOrSlower) {
    for (const double rate : {0.999, 1.001}) {
        LiveClock clock;
        for (std::int64_t frame = 0; frame < 90'000; ++frame) {  // an hour
            const Timestamp told(static_cast<std::int64_t>(static_cast<double>(frame * 40'000) * rate));
            const Timestamp arrival(frame * 40'000);
            ASSERT_NEAR(static_cast<double>((arrival - clock.map(told, arrival)).count()), 0, 12'000) << frame;
        }
    }
}

TEST(LiveClock, ANewCountIsFollowedAtOnce) {
    LiveClock clock;
    EXPECT_EQ(clock.map(Timestamp(5'000'000), Timestamp(100)), Timestamp(100));
    EXPECT_EQ(clock.map(Timestamp(0), Timestamp(40'100)), Timestamp(40'100));
    EXPECT_EQ(clock.map(Timestamp(99'000'000), Timestamp(80'100)), Timestamp(80'100));
}

TEST(LiveClock, PicturesWithoutATimeAreEvenlySpacedAndNearTheirArrival) {
    LiveClock clock;
    Timestamp last{};
    for (int frame = 0; frame < 300; ++frame) {
        const Timestamp arrival(frame * 66'667 + (frame % 2) * 20'000);
        const auto pts = clock.map(std::nullopt, arrival);
        EXPECT_LT((arrival - pts).count(), 45'000);
        EXPECT_LE(pts, arrival);
        if (frame > 100) {
            EXPECT_NEAR(static_cast<double>((pts - last).count()), 66'667, 12'000);
        }
        last = pts;
    }
}

std::string jpeg(int width, int height) {
    return makePicture({.codec = "mjpeg", .format = AV_PIX_FMT_YUVJ420P, .width = width, .height = height});
}

std::string part(const std::string& picture) {
    return "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(picture.size()) + "\r\n\r\n" + picture +
           "\r\n";
}

constexpr const char* kHead = "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n";

/// A bar that moves 4 px a field, two fields woven into one JPEG.
std::string wovenJpeg(int number) {
    constexpr int kWidth = 160, kHeight = 96, kBar = 24;
    const auto* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    const CodecPtr context(avcodec_alloc_context3(codec));
    const FramePtr frame(av_frame_alloc());
    const PacketPtr packet(av_packet_alloc());
    context->width = frame->width = kWidth;
    context->height = frame->height = kHeight;
    frame->format = context->pix_fmt = AV_PIX_FMT_YUVJ444P;
    context->time_base = {1, 25};
    context->thread_count = 1;
    context->flags |= AV_CODEC_FLAG_QSCALE;
    context->global_quality = frame->quality = FF_QP2LAMBDA;
    EXPECT_EQ(avcodec_open2(context.get(), codec, nullptr), 0);
    EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
    for (int y = 0; y < kHeight; ++y) {
        for (const int i : {1, 2}) std::fill_n(frame->data[i] + y * frame->linesize[i], kWidth, std::uint8_t{128});
        auto* row = frame->data[0] + y * frame->linesize[0];
        std::fill_n(row, kWidth, std::uint8_t{0});
        std::fill_n(row + (2 * number + y % 2) * 4 % (kWidth - kBar), kBar, std::uint8_t{255});
    }
    EXPECT_EQ(avcodec_send_frame(context.get(), frame.get()), 0);
    EXPECT_EQ(avcodec_send_frame(context.get(), nullptr), 0);
    EXPECT_EQ(avcodec_receive_packet(context.get(), packet.get()), 0);
    return {reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size)};
}

/// Pixels that lie clearly above or below both their neighbours.
int combed(const VideoFrame& frame) {
    int count = 0;
    for (int y = 1; y + 1 < frame.height(); ++y) {
        const auto* row = frame.plane(0) + y * frame.stride(0);
        const auto *above = row - frame.stride(0), *below = row + frame.stride(0);
        for (int x = 0; x < frame.width(); ++x) count += (above[x] - row[x]) * (below[x] - row[x]) > 2500;
    }
    return count;
}

class NetworkCameraTest : public ::testing::Test, public VideoSource::Sink {
protected:
    /// With the codes and formats as well, which are written as words.
    VideoSource::Sink& sink() { return *this; }
    void frame(VideoFrame frame) override { got.video().frame(std::move(frame)); }
    void ended() override { got.video().ended(); }
    void failed(Error why) override { got.video().failed(std::move(why)); }
    void code(Code code, std::string) override { tell(std::to_string(static_cast<int>(code))); }
    void formatChanged(VideoSourceFormat format) override { tell(std::to_string(format.width)); }
    void tell(std::string what) {
        {
            std::lock_guard lock(mutex_);
            told_.push_back(std::move(what));
        }
        changed_.notify_all();
    }
    bool waitTold(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return told_.size() >= count; });
    }
    std::vector<std::string> told() {
        std::lock_guard lock(mutex_);
        return told_;
    }
    void refused(const std::string& url, const std::string& words, const std::string& caFile = {}) {
        const auto started = makeNetworkCamera(url, {.caFile = caFile})->start(kWanted, sink());
        ASSERT_FALSE(started);
        EXPECT_EQ(started.error().code, Code::CameraFailed);
        EXPECT_NE(started.error().message.find(words), std::string::npos) << started.error().message;
        EXPECT_EQ(started.error().message.find("s3cr3t"), std::string::npos) << started.error().message;
    }

    Collector got;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> told_;
};

TEST_F(NetworkCameraTest, EachPicturesExifSaysHowItIsToBeTurned) {
    const auto plain = jpeg(64, 48);
    const HttpServer server([&](const HttpServer::Exchange& exchange) {
        exchange.send(kHead + part(withOrientation(plain, 6)) + part(withOrientation(plain, 5)) + part(plain) + "--frame\r\n");
        exchange.waitForTheOtherToClose();
    });
    const auto camera = makeNetworkCamera(server.url("/video"));
    ASSERT_TRUE(camera->start(kWanted, sink()));
    ASSERT_TRUE(got.waitFrames(3));
    camera->stop();
    const auto frames = got.frames();
    EXPECT_EQ(base::orientationOf(frames[0]), (base::Orientation{Rotation::Cw90, false}));
    EXPECT_EQ(base::orientationOf(frames[1]), (base::Orientation{Rotation::Cw270, true}));
    EXPECT_TRUE(base::orientationOf(frames[2]).none());
}

TEST_F(NetworkCameraTest, PicturesComeAsTheyArriveAndAnotherSizeIsToldBefore) {
    const auto small = jpeg(64, 48), large = jpeg(128, 96);
    const HttpServer server([&](const HttpServer::Exchange& exchange) {
        exchange.send(kHead + part(small) + part("no JPEG") + part(small) + part(large) + "--frame\r\n");
        exchange.waitForTheOtherToClose();
    });
    const auto camera = makeNetworkCamera(server.url("/video?token=s3cr3t"));
    const auto started = camera->start(kWanted, sink());
    ASSERT_TRUE(started) << started.error().message;
    EXPECT_EQ(started->width, 64);
    EXPECT_EQ(started->description, "camera \"" + server.url("/video") + "\" (mjpeg, 64x48)");
    ASSERT_TRUE(got.waitFrames(3));
    camera->stop();
    const auto frames = got.frames();
    EXPECT_EQ(frames[0].width(), 64);
    EXPECT_EQ(frames[2].width(), 128);
    EXPECT_LT(frames[0].pts, frames[1].pts);
    EXPECT_LT(frames[1].pts, frames[2].pts);
    EXPECT_LE(frames[2].pts, now());
    EXPECT_EQ(told(), (std::vector<std::string>{"128"}));
}

TEST_F(NetworkCameraTest, InterlacedPicturesAreMadeWholeUnlessThatIsTurnedOff) {
    constexpr std::size_t kPictures = 20;
    const HttpServer server([&](const HttpServer::Exchange& exchange) {
        std::string all = kHead;
        for (std::size_t n = 0; n < kPictures; ++n) all += part(wovenJpeg(static_cast<int>(n)));
        exchange.send(all + "--frame\r\n");
        exchange.waitForTheOtherToClose();
    });
    for (const bool deinterlace : {true, false}) {
        Collector frames;
        const auto camera = makeNetworkCamera(server.url("/video"), {}, deinterlace);
        ASSERT_TRUE(camera->start(kWanted, frames.video()));
        const auto count = deinterlace ? kPictures - 1 : kPictures;  // the last one waits for the one after it
        ASSERT_TRUE(frames.waitFrames(count));
        camera->stop();
        ASSERT_EQ(frames.frames().size(), count);
        const int left = combed(frames.frames().at(kPictures - 3));
        if (deinterlace) {
            EXPECT_EQ(left, 0);
        } else {
            EXPECT_GT(left, 200);
        }
    }
}

TEST_F(NetworkCameraTest, ACameraThatEndsOrHangsIsReconnectedToAndItIsToldOnce) {
    const auto picture = jpeg(64, 48);
    std::atomic<int> connections = 0;
    const HttpServer server([&](const HttpServer::Exchange& exchange) {
        const int number = ++connections;
        if (number == 2) return exchange.answer("503 Service Unavailable", "");
        exchange.send(kHead + part(picture) + part(picture) + "--frame\r\n");
        if (number > 1) exchange.waitForTheOtherToClose();  // the first one ends, the third hangs
    });
    const auto camera = makeNetworkCamera(server.url("/video"));
    ASSERT_TRUE(camera->start(kWanted, sink()));
    ASSERT_TRUE(waitTold(7)) << "gone, tried in vain, back, and gone again";
    camera->stop();
    const std::vector<std::string> episode{"1009", "-1301", "1010", "64", "1003", "1009", "-1301"};
    auto all = told();
    all.resize(7);
    EXPECT_EQ(all, episode);
    EXPECT_GE(got.frames().size(), 3U);
}

TEST_F(NetworkCameraTest, RefusalsAreToldInWords) {
    const HttpServer server([&](const HttpServer::Exchange& exchange) {
        if (exchange.target() == "/guarded")
            return exchange.answer("401 Unauthorized", "", "WWW-Authenticate: Basic realm=\"x\"\r\n");
        if (exchange.target() == "/page") return exchange.answer("200 OK", "<p>", "Content-Type: text/html\r\n");
        exchange.answer("404 Not Found", "");
    });
    refused(server.url("/guarded"), "wants a user and a password");
    refused("http://viewer:s3cr3t@127.0.0.1:" + std::to_string(server.port()) + "/guarded",
            "does not take this user and password");
    refused(server.url("/none?key=s3cr3t"), "has no such stream (404)");
    refused(server.url("/page"), "is a page or a text (text/html)");
    refused("mms://viewer:s3cr3t@127.0.0.1/", "must begin with rtsp://");
    refused("rtsp://viewer:s3cr3t@127.0.0.1:1/live", "refuses the connection");
}

TEST_F(NetworkCameraTest, HttpsIsVerified) {
    const SelfSigned known({127, 0, 0, 1}), stranger({127, 0, 0, 1});
    const TempFolder folder;
    const auto caFile = folder.write("ca.pem", known.pem());
    const auto body = part(jpeg(64, 48)) + part(jpeg(64, 48)) + "--frame\r\n";
    {
        const TlsServer server(stranger, body);
        refused(server.url("/video"), "TLS: ", caFile);
    }
    const TlsServer server(known, body);
    const auto camera = makeNetworkCamera(server.url("/video"), {.caFile = caFile});
    const auto started = camera->start(kWanted, sink());
    ASSERT_TRUE(started) << started.error().message;
}

TEST_F(NetworkCameraTest, WhatWaitsIsGivenUpAtOnce) {
    std::binary_semaphore asked(0);
    const HttpServer silent([&](const HttpServer::Exchange& exchange) {
        asked.release();
        exchange.waitForTheOtherToClose();
    });
    for (const auto* scheme : {"http", "rtsp"}) {
        SCOPED_TRACE(scheme);
        const auto camera = makeNetworkCamera(scheme + silent.url("/live").substr(4));
        std::thread interrupter([&] {
            asked.acquire();
            camera->interrupt();
        });
        const auto started = camera->start(kWanted, sink());
        interrupter.join();
        ASSERT_FALSE(started);
        EXPECT_EQ(started.error().code, Code::Cancelled);
    }
}

TEST_F(NetworkCameraTest, ItsZoomIsNotOurs) {
    const auto camera = makeNetworkCamera("rtsp://127.0.0.1/live");
    std::optional<Result<double>> answer;
    camera->request({.what = CameraRequest::What::MaxZoom, .reply = [&](Result<double> told) { answer = std::move(told); }});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->error().code, Code::NotAvailable);
}

}  // namespace
}  // namespace livepusher::capture
