// SPDX-License-Identifier: MIT
#include "av/resampler.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace livepusher::capture {
namespace {

constexpr base::AudioFormat kStereo{.sampleRate = 48000, .channels = 2};
constexpr int kFrames = 1024;

/// A layout as libav writes it ("5.1", "FR+FL", "ambisonic 1"), or of so many channels that nobody knows ("9").
class Layout {
public:
    explicit Layout(const std::string& text) {
        const bool count = text.find_first_not_of("0123456789") == std::string::npos;
        if (count)
            layout_ = {AV_CHANNEL_ORDER_UNSPEC, std::stoi(text), {}, nullptr};
        else
            EXPECT_EQ(av_channel_layout_from_string(&layout_, text.c_str()), 0) << text;
    }
    ~Layout() { av_channel_layout_uninit(&layout_); }
    Layout(const Layout&) = delete;
    Layout& operator=(const Layout&) = delete;
    operator const AVChannelLayout&() const { return layout_; }
    int channels() const { return layout_.nb_channels; }

private:
    AVChannelLayout layout_{};
};

using Levels = std::vector<double>;  ///< of each channel, as the constant that it holds

/// The level of each channel that comes out where those go in, as float planes or as interleaved 16 bits.
Levels through(Resampler& resampler, const AVChannelLayout& layout, const Levels& in, bool planar) {
    std::vector<float> out;
    Result<void> made;
    if (planar) {
        std::vector<std::vector<float>> samples;
        std::vector<const std::uint8_t*> planes;
        for (const auto level : in) samples.emplace_back(kFrames, static_cast<float>(level));
        for (const auto& plane : samples) planes.push_back(reinterpret_cast<const std::uint8_t*>(plane.data()));
        made = resampler.convert(planes.data(), kFrames, AV_SAMPLE_FMT_FLTP, 48000, layout, out);
    } else {
        std::vector<std::int16_t> samples;
        for (int frame = 0; frame < kFrames; ++frame)
            for (const auto level : in) samples.push_back(static_cast<std::int16_t>(level * 32768));
        const auto* plane = reinterpret_cast<const std::uint8_t*>(samples.data());
        made = resampler.convert(&plane, kFrames, AV_SAMPLE_FMT_S16, 48000, layout, out);
    }
    EXPECT_TRUE(made) << made.error().message;
    if (out.size() % static_cast<std::size_t>(kFrames) != 0 || out.empty()) return {};
    return {out.end() - static_cast<std::ptrdiff_t>(out.size() / kFrames), out.end()};
}

void expectLevels(const Levels& got, const Levels& wanted) {
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], 0.001) << "channel " << i;
}

TEST(Resampler, HearsTheFrontPairOfAnyNumberOfChannels) {
    for (int channels = 1; channels <= 70; ++channels) {
        SCOPED_TRACE(channels);
        const Layout layout(std::to_string(channels));
        Levels in(static_cast<std::size_t>(channels), 0.0);
        in[0] = 0.5;
        if (channels > 1) in[1] = 0.25;
        const auto front = channels == 1 ? Levels{0.5, 0.5} : Levels{0.5, 0.25};
        for (const bool planar : {false, true}) {
            Resampler stereo(kStereo), mono({.sampleRate = 48000, .channels = 1});
            expectLevels(through(stereo, layout, in, planar), front);
            const auto one = through(mono, layout, in, planar);
            ASSERT_EQ(one.size(), 1U);
            EXPECT_GT(one[0], 0.37);
        }
    }
}

TEST(Resampler, FindsTheFrontPairWhereverItIs) {
    const double half = std::sqrt(0.5);
    const struct {
        const char* layout;
        Levels in, out;
    } cases[] = {
        {"mono", {0.5}, {0.5, 0.5}},
        {"LFE", {0.5}, {0.5, 0.5}},
        {"stereo", {0.5, 0.25}, {0.5, 0.25}},
        {"FR+FL", {0.25, 0.5}, {0.5, 0.25}},
        {"BL+BR", {0.5, 0.25}, {0.5, 0.25}},
        {"TFL+TFR+TBL+TBR", {0.5, 0.25, 0, 0}, {0.5, 0.25}},
        {"5.1", {0.5, 0.25, 0, 0, 0, 0}, {0.5, 0.25}},
        {"5.1", {0, 0, 0.5, 0, 0, 0}, {0.5 * half, 0.5 * half}},
        {"5.1", {0, 0, 0, 0, 0.5, 0}, {0.5 * half, 0}},
        {"7.1", {0.5, 0.25, 0, 0, 0, 0, 0, 0}, {0.5, 0.25}},
        {"FC+FL+FR+BL+BR+LFE", {0.2, 0.5, 0.25, 0, 0, 0}, {0.5 + 0.2 * half, 0.25 + 0.2 * half}},
        {"FL+FR+FC+LFE+BL+BR+SL+SR+TFL+TFR+TBL+TBR",
         {0.5, 0.25, 0.2, 0, 0, 0, 0, 0, 0, 0, 0, 0},
         {0.5 + 0.2 * half, 0.25 + 0.2 * half}},
        {"hexadecagonal", {0.5, 0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {0.5, 0.25}},
        {"ambisonic 1", {0.5, 0, 0, 0.5}, {0.5 * half, 0.5 * half}},
        {"ambisonic 1", {0.5, 0.5, 0, 0}, {half, 0}},
        {"ambisonic 3", {0.5, -0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {0, half}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.layout);
        const Layout layout(c.layout);
        ASSERT_EQ(static_cast<std::size_t>(layout.channels()), c.in.size());
        for (const bool planar : {false, true}) {
            Resampler resampler(kStereo);
            expectLevels(through(resampler, layout, c.in, planar), c.out);
        }
    }
}

TEST(Resampler, FollowsALayoutThatChangesInMidStreamAndLosesNothing) {
    Resampler resampler({.sampleRate = 44100, .channels = 2});
    std::vector<float> out;
    const char* const layouts[] = {"stereo", "5.1", "9", "mono", "FR+FL", "FR+FL", "ambisonic 1", "70", "stereo"};
    int frames = 0;
    for (const auto* text : layouts) {
        const Layout layout(text);
        const std::vector<std::int16_t> samples(static_cast<std::size_t>(layout.channels()) * 4800, 8192);
        const auto* plane = reinterpret_cast<const std::uint8_t*>(samples.data());
        const auto made = resampler.convert(&plane, 4800, AV_SAMPLE_FMT_S16, 48000, layout, out);
        ASSERT_TRUE(made) << made.error().message;
        frames += 4410;
    }
    ASSERT_TRUE(resampler.drain(out));
    EXPECT_NEAR(static_cast<double>(out.size()) / 2, frames, 2.0 * std::size(layouts));
}

TEST(Resampler, AnUnusualLayoutThatStaysIsNoChange) {
    Resampler resampler({.sampleRate = 44100, .channels = 2});
    const Layout layout("FR+FL");
    std::vector<float> out;
    const std::vector<std::int16_t> samples(2 * 480, 8192);
    const auto* plane = reinterpret_cast<const std::uint8_t*>(samples.data());
    ASSERT_TRUE(resampler.convert(&plane, 480, AV_SAMPLE_FMT_S16, 48000, layout, out));
    const auto held = resampler.delay();
    EXPECT_GT(held, Timestamp{});
    for (int block = 0; block < 3; ++block) {
        out.clear();
        ASSERT_TRUE(resampler.convert(&plane, 480, AV_SAMPLE_FMT_S16, 48000, layout, out));
        EXPECT_EQ(out.size(), 2U * 441);  // with what was inside, and no more
    }
}

}  // namespace
}  // namespace livepusher::capture
