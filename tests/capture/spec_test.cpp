// SPDX-License-Identifier: MIT
#include "capture/spec.hpp"

#include <gtest/gtest.h>

#include "temp_folder.hpp"

namespace livepusher::capture {
namespace {

Spec spec(SourceKind kind, const std::string& target = {}) {
    Spec s;
    s.kind = kind;
    s.target = target;
    return s;
}
Spec raw(const std::string& path, int width, int height, double fps, PixelFormat format = PixelFormat::I420) {
    auto s = spec(SourceKind::Raw, path);
    s.width = width;
    s.height = height;
    s.fps = fps;
    s.format = format;
    return s;
}
Spec pcm(const std::string& path, int rate, int channels) {
    auto s = spec(SourceKind::Pcm, path);
    s.sampleRate = rate;
    s.channels = channels;
    return s;
}
Spec screen(const std::string& display, int left, int top, int width, int height) {
    auto s = spec(SourceKind::Screen, display);
    s.left = left;
    s.top = top;
    s.width = width;
    s.height = height;
    return s;
}

struct Good {
    bool video;
    const char* text;
    Spec expected;
};

TEST(Spec, EveryFormOfTheContractIsUnderstood) {
    const Good table[] = {
        {true, "test", spec(SourceKind::Test)},
        {false, "test", spec(SourceKind::Test)},
        {true, "none", spec(SourceKind::None)},
        {false, "none", spec(SourceKind::None)},
        {true, "app", spec(SourceKind::App)},
        {false, "app", spec(SourceKind::App)},
        {true, "camera", spec(SourceKind::Camera)},
        {true, "camera:/dev/video2", spec(SourceKind::Camera, "/dev/video2")},
        {false, "mic", spec(SourceKind::Microphone)},
        {false, "mic:hw:1,0", spec(SourceKind::Microphone, "hw:1,0")},
        {true, "file:a b,c.mp4", spec(SourceKind::File, "a b,c.mp4")},
        {false, "file:http://h/x.mp4?t=1", spec(SourceKind::File, "http://h/x.mp4?t=1")},
        {true, "raw:-,1280x720@30", raw("-", 1280, 720, 30)},
        {true, "raw:a,b.yuv,360x640@29.97,nv12", raw("a,b.yuv", 360, 640, 29.97, PixelFormat::NV12)},
        {true, "raw:f,64x64@1,i420", raw("f", 64, 64, 1)},
        {true, "raw:f,64x64@15,rgba", raw("f", 64, 64, 15, PixelFormat::Rgba)},
        {false, "pcm:-,48000,2", pcm("-", 48000, 2)},
        {false, "pcm:a,b.pcm,16000,1", pcm("a,b.pcm", 16000, 1)},
        {true, "screen", screen("", 0, 0, 0, 0)},
        {true, "screen::1", screen(":1", 0, 0, 0, 0)},
        {true, "screen::0.0+10,20", screen(":0.0", 10, 20, 0, 0)},
        {true, "screen::0.0+10,20,640x480", screen(":0.0", 10, 20, 640, 480)},
        {true, "screen::0.0,640x480", screen(":0.0", 0, 0, 640, 480)},
        {true, "screen:+10,20,640x480", screen("", 10, 20, 640, 480)},
        {true, "screen:,640x480", screen("", 0, 0, 640, 480)},
    };
    for (const auto& row : table) {
        const auto parsed = row.video ? parseVideoSpec(row.text) : parseAudioSpec(row.text);
        ASSERT_TRUE(parsed) << row.text << ": " << parsed.error().message;
        EXPECT_EQ(*parsed, row.expected) << row.text;
    }
}

struct Bad {
    bool video;
    const char* text;
    const char* part;  ///< that the message must hold
};

TEST(Spec, EachErrorNamesTheValueAndWhatIsAllowed) {
    const Bad table[] = {
        {true, "", "must be one of test, file:"},
        {true, "tset", "must be one of test, file:"},
        {true, "test:1", "takes nothing behind it"},
        {true, "file:", "the path or URL is missing"},
        {true, "camera:", "the ID behind the colon is missing"},
        {true, "mic", "gives sound, no picture"},
        {true, "pcm:-,48000,2", "gives sound, no picture"},
        {false, "camera", "gives a picture, no sound"},
        {false, "screen", "gives a picture, no sound"},
        {false, "raw:-,64x64@1", "gives a picture, no sound"},
        {true, "raw:", "must be raw:PATH"},
        {true, "raw:f", "must be raw:PATH"},
        {true, "raw:f,64x64", "pixel format \"64x64\""},
        {true, "raw:f,64x64@30,yuv9", "pixel format \"yuv9\": must be i420, nv12 or rgba"},
        {true, "raw:f,63x64@30", "size 63x64: width and height must be even, 16..8192"},
        {true, "raw:f,64x9000@30", "size 64x9000"},
        {true, "raw:f,64x64@0", "fps \"0\": must be 1..240"},
        {true, "raw:f,64x64@nan", "fps \"nan\": must be 1..240"},
        {true, "raw:,64x64@30", "must be raw:PATH"},
        {false, "pcm:f", "must be pcm:PATH"},
        {false, "pcm:,48000,2", "must be pcm:PATH"},
        {false, "pcm:f,4000,2", "rate \"4000\": must be 8000..192000"},
        {false, "pcm:f,48000,9", "channels \"9\": must be 1..8"},
        {false, "pcm:f,48000,2x", "channels \"2x\": must be 1..8"},
        {true, "screen::0+1", "must be screen"},
        {true, "screen::0+-1,5", "must be screen"},
        {true, "screen::0,641x480", "size 641x480"},
        {true, "screen::0,abc", "must be screen"},
    };
    for (const auto& row : table) {
        const auto parsed = row.video ? parseVideoSpec(row.text) : parseAudioSpec(row.text);
        ASSERT_FALSE(parsed) << row.text;
        EXPECT_EQ(parsed.error().code, Code::InvalidArgument);
        EXPECT_NE(parsed.error().message.find(row.part), std::string::npos) << parsed.error().message;
        EXPECT_NE(parsed.error().message.find(std::string("\"") + row.text + "\""), std::string::npos) << parsed.error().message;
        EXPECT_EQ(parsed.error().message.find('\n'), std::string::npos);
    }
}

TEST(Spec, AFileUrlBecomesThePathThatItMeansAndAPathStaysAsItIs) {
    const struct {
        const char *text, *target;
    } cases[] = {{"file:///a%20b.mp4", "/a b.mp4"},
                 {"file://localhost/a%20b.mp4", "/a b.mp4"},
                 {"file:file:///a%20b.mp4", "/a b.mp4"},
                 {"file:/a%20b.mp4", "/a%20b.mp4"},
                 {"file:x%d.png", "x%d.png"},
                 {"file:concat:x.mp4", "concat:x.mp4"},
                 {"file:http:x.mp4", "http:x.mp4"},
                 {"file:http://h/a%20b.mp4", "http://h/a%20b.mp4"},
                 {"coded:file:///a%20b.mp4", "/a b.mp4"},
                 {"coded:a:b%20.mp4", "a:b%20.mp4"},
                 {"raw:file:///a%20b.yuv,64x64@25", "/a b.yuv"},
                 {"raw:a,b:c%d.yuv,64x64@25", "a,b:c%d.yuv"},
                 {"file:-", "-"}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto spec = parseVideoSpec(c.text);
        ASSERT_TRUE(spec) << spec.error().message;
        EXPECT_EQ(spec->target, c.target);
    }
    EXPECT_EQ(parseAudioSpec("pcm:file:///a%20b.pcm,48000,2")->target, "/a b.pcm");
    for (const auto* text : {"file://elsewhere/a.mp4", "coded:file://elsewhere/a.mp4", "raw:http://h/a.yuv,64x64@25"}) {
        SCOPED_TRACE(text);
        const auto spec = parseVideoSpec(text);
        ASSERT_FALSE(spec);
        EXPECT_EQ(spec.error().code, Code::InvalidArgument);
        EXPECT_NE(spec.error().message.find("must be"), std::string::npos) << spec.error().message;
    }
}

TEST(Spec, ABarePathIsRefusedWithTheSuggestionOfFile) {
    const TempFolder folder;
    const auto path = folder.write("x.mp4", "x");
    const auto parsed = parseVideoSpec(path);
    ASSERT_FALSE(parsed);
    EXPECT_NE(parsed.error().message.find("write \"file:" + path + "\""), std::string::npos) << parsed.error().message;
}

TEST(Spec, WhatMayBeSecretInAUrlIsNotShown) {
    const auto parsed = parseVideoSpec("rtmp://host/app/secretkey");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().message.find("secretkey"), std::string::npos) << parsed.error().message;
}

}  // namespace
TEST(SourceKind, IsKnownByTheWordThatADescriptionBeginsWith) {
    EXPECT_EQ(kindOf("none"), SourceKind::None);
    EXPECT_EQ(kindOf("coded"), SourceKind::Coded);
    EXPECT_EQ(kindOf("coded:rtsp://camera/"), SourceKind::Coded);
    EXPECT_EQ(kindOf("test+camera"), SourceKind::Test);
    EXPECT_EQ(kindOf("screen::0.0+100,50+camera"), SourceKind::Screen);
    EXPECT_EQ(kindOf("mic+system:monitor"), SourceKind::Microphone);
    for (int i = 0; i <= static_cast<int>(SourceKind::None); ++i) {
        const auto kind = static_cast<SourceKind>(i);
        const auto& traits = traitsOf(kind);
        EXPECT_EQ(traits.kind, kind);
        EXPECT_EQ(findSource(traits.word), &traits);
        EXPECT_TRUE(traits.forVideo || traits.forAudio) << traits.word;
    }
    EXPECT_EQ(findSource("webcam"), nullptr);
}

}  // namespace livepusher::capture
