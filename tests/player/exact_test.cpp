// SPDX-License-Identifier: MIT
// On a calm network what is shown and heard is what the decoder makes of the stream, to the bit.
#include <livepusher/player.hpp>

#include <array>
#include <cstdint>

#include "player_case.hpp"

namespace livepusher::playback::test {
namespace {

using namespace std::chrono_literals;
using livepusher::test::codedStream;
using livepusher::test::StreamRecipe;

std::uint64_t hashOf(const VideoFrame& frame) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (int plane = 0; plane < 3; ++plane) {
        const int width = plane == 0 ? frame.width() : frame.width() / 2,
                  height = plane == 0 ? frame.height() : frame.height() / 2;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                hash = (hash ^ frame.plane(plane)[static_cast<std::ptrdiff_t>(y) * frame.stride(plane) + x]) * 1099511628211ULL;
    }
    return hash;
}

struct Deaf final : decode::DecoderObserver {
    void opened(const std::string&) override {}
    void sizeChanged(base::PictureSize) override {}
    void damaged(const std::string& why) override { ADD_FAILURE() << why; }
    void missing(const std::string& why) override { ADD_FAILURE() << why; }
};

std::vector<std::uint64_t> decodedPictures(const std::vector<Packet>& packets) {
    Deaf observer;
    const auto decoder = decode::makeVideoDecoder(VideoDecoderType::software, observer);
    std::vector<std::uint64_t> hashes;
    const auto take = [&] {
        while (const auto picture = decoder->receive()) hashes.push_back(hashOf(picture->frame));
    };
    for (const auto& packet : packets) {
        if (packet.track != Packet::Track::Video) continue;
        EXPECT_TRUE(decoder->send(packet, now()));
        take();
    }
    decoder->drain();
    take();
    return hashes;
}

std::vector<float> decodedSound(const std::vector<Packet>& packets) {
    Deaf observer;
    const auto decoder = decode::makeAudioDecoder(speaker::kFormat, observer);
    std::vector<float> samples;
    const auto take = [&] {
        while (const auto sound = decoder->receive()) samples.insert(samples.end(), sound->samples.begin(), sound->samples.end());
    };
    for (const auto& packet : packets) {
        if (packet.track != Packet::Track::Audio) continue;
        EXPECT_TRUE(decoder->send(packet, now()));
        take();
    }
    return samples;
}

class ExactTest : public PlayerCase, public ::testing::WithParamInterface<StreamRecipe> {
protected:
    void SetUp() override {
        options.properties.minSpeed = options.properties.maxSpeed = 1;
        options.properties.mode = PlayMode::RTC;
    }
};

TEST_P(ExactTest, EachPictureIsShownOnceAndAsItWasDecoded) {
    const auto packets = codedStream(GetParam());
    std::mutex mutex;
    std::vector<std::uint64_t> seen;
    withFrames = false;
    options.handlers.onVideoFrame = [&](const VideoFrame& frame) {
        const std::lock_guard lock(mutex);
        seen.push_back(hashOf(frame));
    };
    play({Script::of(packets).thenEnds()});
    start();
    await(Code::PlayEnded);
    player.reset();
    EXPECT_EQ(seen, decodedPictures(packets));
}

std::string codecOf(const ::testing::TestParamInfo<StreamRecipe>& info) {
    constexpr std::array kNames{"H264WithBPictures", "Hevc", "Av1"};
    return kNames[static_cast<std::size_t>(info.param.videoCodec)];
}

const std::array kRecipes{StreamRecipe{.lowLatency = false, .width = 160, .height = 96, .frames = 100},
                          StreamRecipe{.videoCodec = VideoCodec::hevc, .width = 160, .height = 96, .frames = 60},
                          StreamRecipe{.videoCodec = VideoCodec::av1, .width = 160, .height = 96, .frames = 60}};

INSTANTIATE_TEST_SUITE_P(Codec, ExactTest, ::testing::ValuesIn(kRecipes), codecOf);

class ExactSoundTest : public PlayerCase, public ::testing::WithParamInterface<AudioCodec> {};

TEST_P(ExactSoundTest, IsHeardAsItWasDecoded) {
    const auto packets = codedStream({.audioCodec = GetParam(), .width = 160, .height = 96, .frames = 100});
    std::mutex mutex;
    std::vector<float> heard;
    options.properties.minSpeed = options.properties.maxSpeed = 1;
    options.handlers.onAudioBlock = [&](const HeardAudio& block) {
        const std::lock_guard lock(mutex);
        heard.insert(heard.end(), block.samples, block.samples + static_cast<std::ptrdiff_t>(block.frames) * block.channels);
    };
    play({Script::of(packets).thenEnds()});
    start();
    await(Code::PlayEnded);
    player.reset();
    const auto decoded = decodedSound(packets);
    const auto loud = [](float sample) { return sample != 0; };
    const auto ours = std::ranges::find_if(heard, loud);
    const auto theirs = std::ranges::find_if(decoded, loud);
    ASSERT_NE(ours, heard.end());
    // The end is one of the stream's blocks, faded out; before it every sample is the decoder's.
    const auto count = decoded.end() - theirs;
    ASSERT_GE(heard.end() - ours, count - 960);
    const auto [ended, other] = std::mismatch(theirs, theirs + (count - 960), ours);
    EXPECT_EQ(ended - theirs, count - 960) << (ended == decoded.end() ? 0 : *ended) << " was heard as " << *other;
}

INSTANTIATE_TEST_SUITE_P(Codec, ExactSoundTest, ::testing::Values(AudioCodec::aac, AudioCodec::opus),
                         [](const auto& parameter) { return std::string(parameter.param == AudioCodec::aac ? "Aac" : "Opus"); });

}  // namespace
}  // namespace livepusher::playback::test
