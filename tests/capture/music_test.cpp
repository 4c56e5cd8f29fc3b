// SPDX-License-Identifier: MIT
#include <atomic>
#include <random>

#include "music_case.hpp"

namespace livepusher::capture {
namespace {

using namespace std::chrono_literals;

/// How far `samples` (stereo) are from the sweep as it is from `frame` of `rate` on: RMS in dB of full scale, the first and
/// last 20 ms left out unless `edges`.
double difference(const std::vector<float>& samples, double seconds, int rate, bool edges = false, int channels = 2) {
    const auto frames = samples.size() / static_cast<std::size_t>(channels);
    const auto edge = edges ? 0 : static_cast<std::size_t>(rate / 50);
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t n = edge; n + edge < frames; ++n)
        for (int c = 0; c < channels; ++c, ++count) {
            const auto off = static_cast<double>(samples[n * static_cast<std::size_t>(channels) + static_cast<std::size_t>(c)]) -
                             static_cast<double>(sweep(seconds + static_cast<double>(n) / rate, c));
            sum += off * off;
        }
    return count == 0 ? 0 : 10 * std::log10(sum / static_cast<double>(count) + 1e-12);
}

struct Format {
    const char* file;
    const char* codec;
    int rate;
    int channels;
    bool exact;    ///< its length, in samples
    double noise;  ///< dB at most
};

class MusicFormat : public MusicCase, public testing::WithParamInterface<Format> {};

TEST_P(MusicFormat, IsPlayedFromItsFirstSampleToItsLast) {
    const auto& format = GetParam();
    const auto samples = std::int64_t{format.rate} * 2 + 77;
    const auto path = make(format.file, format.codec, format.rate, samples, format.channels);
    const auto music = play(path);
    const auto duration = watch_.ready();
    ASSERT_TRUE(duration) << watch_.error().message;
    EXPECT_NEAR(static_cast<double>(duration->count()), 2e6, 0.1e6);
    auto all = readAll(*music);
    const auto frames = static_cast<std::int64_t>(all.size() / 2);
    const auto expected = (samples * 48000 + format.rate - 1) / format.rate;
    EXPECT_NEAR(static_cast<double>(frames), static_cast<double>(expected), format.exact ? 2 : 4000);
    if (format.rate == 48000 && format.exact) {
        EXPECT_EQ(frames, samples);
    }
    EXPECT_NEAR(static_cast<double>(music->position().count()), static_cast<double>(frames) * 1e6 / 48000, 1);
    EXPECT_EQ(watch_.readies(), 1);
    EXPECT_FALSE(watch_.hasFailed());
    for (std::size_t n = 1; format.channels == 1 && n < all.size(); n += 2) {
        ASSERT_EQ(all[n], all[n - 1]);
        all[n] = sweep(static_cast<double>(n / 2) / 48000, 1);  // the right side says nothing new
    }
    all.resize(std::min(all.size(), static_cast<std::size_t>(expected) * 2));
    const auto off = difference(all, 0, 48000);
    std::printf("%s %d Hz, %d channels: %.1f dB off, %lld frames\n", format.file, format.rate, format.channels, off,
                static_cast<long long>(frames));
    EXPECT_LT(off, format.noise);
}

INSTANTIATE_TEST_SUITE_P(
    EachFormat, MusicFormat,
    testing::Values(Format{"a.wav", "pcm_s16le", 48000, 2, true, -90}, Format{"a.wav", "pcm_s16le", 8000, 2, true, -50},
                    Format{"a.wav", "pcm_s16le", 11025, 1, true, -50}, Format{"a.wav", "pcm_f32le", 96000, 2, true, -70},
                    Format{"a.flac", "flac", 48000, 2, true, -90}, Format{"a.flac", "flac", 44100, 2, true, -70},
                    Format{"a.flac", "flac", 22050, 1, true, -60}, Format{"a.mp3", "libmp3lame", 44100, 2, true, -30},
                    Format{"a.mp3", "libmp3lame", 16000, 1, true, -30}, Format{"a.m4a", "aac", 48000, 2, false, -40},
                    Format{"a.m4a", "aac", 44100, 1, false, -40}, Format{"a.ogg", "libvorbis", 44100, 2, false, -30},
                    Format{"a.ogg", "libopus", 48000, 2, false, -25}, Format{"a.opus", "libopus", 16000, 1, false, -20},
                    Format{"a.mka", "flac", 32000, 2, false, -60}));

TEST_F(MusicCase, SoundOfSixChannelsAndOfAFilmIsPlayed) {
    auto music = play(make("six.wav", "pcm_s16le", 48000, 48000, 6));
    ASSERT_TRUE(watch_.ready());
    EXPECT_EQ(readAll(*music).size(), 96000U);
    MediaRecipe film;
    film.sound = [](std::int64_t n, int c) { return sweep(static_cast<double>(n) / 48000, c); };
    makeMedia(folder_.file("film.mp4"), film);
    music = play(folder_.file("film.mp4"));
    auto all = readAll(*music);
    ASSERT_GE(all.size(), 95000U);
    all.resize(95000);
    EXPECT_LT(difference(all, 0, 48000), -40);
}

TEST_F(MusicCase, StereoIsNotLouderInMonoAndOtherRatesAreGiven) {
    MediaRecipe recipe{.video = false, .audioCodec = "pcm_s16le", .samples = 48000};
    recipe.sound = [](std::int64_t n, int) { return sweep(static_cast<double>(n) / 48000, 0); };
    makeMedia(folder_.file("same.wav"), recipe);
    const auto music = play(folder_.file("same.wav"), false, {.sampleRate = 16000, .channels = 1});
    const auto all = readAll(*music);
    ASSERT_NEAR(static_cast<double>(all.size()), 16000, 2);
    EXPECT_LT(difference(all, 0, 16000, false, 1), -60);
}

TEST_F(MusicCase, ALoopHasNoSeam) {
    constexpr std::size_t kFrames = 30011;
    for (const auto* codec : {"pcm_s16le", "flac"}) {
        const auto path = make(codec + std::string(codec[0] == 'f' ? ".flac" : ".wav"), codec, 48000, kFrames);
        const auto once = readAll(*play(path));
        ASSERT_EQ(once.size(), kFrames * 2);
        const auto music = play(path, true);
        const auto all = readSome(*music, kFrames * 2 * 4 + 500);
        ASSERT_EQ(all.size(), kFrames * 2 * 4 + 500);
        for (std::size_t n = 0; n < all.size(); ++n) ASSERT_EQ(all[n], once[n % once.size()]) << codec << " " << n;
        EXPECT_EQ(music->position(), Timestamp(250 * 1'000'000 / 48000));
        EXPECT_FALSE(music->over());
    }
}

TEST_F(MusicCase, ALoopThatIsResampledOrTinyHasNoSeamEither) {
    constexpr double kStep = 2 * std::numbers::pi * 44 / 4410;  // whole waves
    MediaRecipe recipe{.video = false, .audioCodec = "pcm_s16le", .sampleRate = 44100, .samples = 4410};
    recipe.sound = [](std::int64_t n, int) { return 0.5F * static_cast<float>(std::sin(kStep * static_cast<double>(n))); };
    makeMedia(folder_.file("tone.wav"), recipe);
    auto all = readSome(*play(folder_.file("tone.wav"), true), 96000);
    ASSERT_EQ(all.size(), 96000U);
    // The filter has to guess what was before the first sample: its own ringing is left out.
    for (std::size_t n = 200; n < all.size(); ++n) ASSERT_LT(std::abs(all[n] - all[n - 2]), 0.505 * kStep * 441 / 480) << n;
    const auto tiny = play(make("tiny.wav", "pcm_s16le", 48000, 100), true);
    all = readSome(*tiny, 2000);
    ASSERT_EQ(all.size(), 2000U);
    for (std::size_t n = 200; n < all.size(); ++n) ASSERT_EQ(all[n], all[n - 200]);
    EXPECT_EQ(tiny->position(), Timestamp{});
    readSome(*tiny, 2 * 48);
    EXPECT_EQ(tiny->position(), Timestamp(1000));
}

TEST_F(MusicCase, PositionTellsWhatWasReadAndThePieceEndsOnce) {
    const auto music = play(make("a.wav", "pcm_s16le", 48000, 48000));
    EXPECT_EQ(watch_.ready(), Timestamp(1s));
    EXPECT_EQ(music->duration(), Timestamp(1s));
    EXPECT_EQ(music->position(), Timestamp{});
    EXPECT_FALSE(music->over());
    readSome(*music, 2 * 4803);
    EXPECT_EQ(music->position(), Timestamp(4803LL * 1'000'000 / 48000));
    readAll(*music);
    EXPECT_EQ(music->position(), Timestamp(1s));
    EXPECT_TRUE(music->over());
    ASSERT_TRUE(music->seek(900ms));  // and is there again when it is sought in
    EXPECT_FALSE(music->over());
    EXPECT_EQ(readAll(*music).size(), 2U * 4800);
    EXPECT_EQ(watch_.readies(), 1);
}

TEST_F(MusicCase, ASeekIsClampedToThePiece) {
    const auto music = play(make("a.flac", "flac", 48000, 48000));
    ASSERT_TRUE(music->seek(1h));  // before it is open
    EXPECT_TRUE(readAll(*music).empty());
    EXPECT_TRUE(music->over());
    EXPECT_EQ(music->position(), Timestamp(1s));
    ASSERT_TRUE(music->seek(-5s));
    EXPECT_EQ(music->position(), Timestamp{});
    EXPECT_EQ(readAll(*music).size(), 96000U);
}

class MusicSeek : public MusicCase, public testing::WithParamInterface<Format> {};

TEST_P(MusicSeek, GoesToTheSampleThatWasMeant) {
    const auto& format = GetParam();
    const auto path = make(format.file, format.codec, format.rate, std::int64_t{format.rate} * 10);
    const auto music = play(path);
    ASSERT_TRUE(watch_.ready());
    std::mt19937 random(7);
    double worst = -120;
    for (int n = 0; n < 25; ++n) {
        const Timestamp to(std::uniform_int_distribution<std::int64_t>(0, 9'500'000)(random));
        ASSERT_TRUE(music->seek(to));
        const auto frame = (to.count() * 48000 + 500'000) / 1'000'000;
        EXPECT_EQ(music->position(), Timestamp(frame * 1'000'000 / 48000));
        const auto some = readSome(*music, 9600);
        ASSERT_EQ(some.size(), 9600U) << to.count();
        worst =
            std::max(worst, difference(some, static_cast<double>(frame) / 48000, 48000, format.exact && format.rate == 48000));
    }
    std::printf("%s: %.1f dB off at worst after a seek\n", format.file, worst);
    EXPECT_LT(worst, format.noise);
    EXPECT_FALSE(watch_.hasFailed());
}

INSTANTIATE_TEST_SUITE_P(
    EachFormat, MusicSeek,
    testing::Values(Format{"a.wav", "pcm_s16le", 48000, 2, true, -90}, Format{"a.flac", "flac", 48000, 2, true, -90},
                    Format{"a.flac", "flac", 44100, 2, false, -28}, Format{"a.mp3", "libmp3lame", 44100, 2, false, -24},
                    Format{"a.m4a", "aac", 48000, 2, false, -33}, Format{"a.ogg", "libvorbis", 44100, 2, false, -30},
                    Format{"a.opus", "libopus", 48000, 2, false, -25}));

TEST_F(MusicCase, WhatCannotBePlayedFailsWithItsNameAndTheReason) {
    const auto expect = [this](const std::string& place, const std::string& why) {
        const auto error = errorOf(place);
        EXPECT_EQ(error.code, Code::BgmFailed) << place;
        expectHolds(error.message, "music \"" + place + "\": ");
        expectHolds(error.message, why);
    };
    expect(folder_.file("none.mp3"), "there is no such file");
    expect(folder_.path(), "a directory: must be a file");
    expect("", "is empty: must be a path or a URL");
    expect("/dev/zero", "must be a file");
    expect("ftp://host/***", "scheme \"ftp\": must be a path or a file://, http:// or https:// URL");
    expect(folder_.write("text.mp3", std::string(5000, 'a') + "just words\n"), "");
    expect(folder_.write("empty.wav", ""), "");
    std::mt19937 random(3);
    std::string noise(200'000, '\0');
    for (auto& byte : noise) byte = static_cast<char>(random());
    expect(folder_.write("noise.bin", noise), "");
    expect(folder_.write("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n"),
           "");
    MediaRecipe silent{.audio = false};
    makeMedia(folder_.file("silent.mp4"), silent);
    expect(folder_.file("silent.mp4"), "there is no sound in it");
}

TEST_F(MusicCase, AFileUrlIsAPathAndAColonInAPathNoProtocol) {
    const auto path = make("a b.wav", "pcm_s16le", 48000, 4800);
    EXPECT_EQ(readAll(*play("file://" + folder_.path() + "/a%20b.wav")).size(), 9600U);
    EXPECT_EQ(readAll(*play(make("data:x.wav", "pcm_s16le", 48000, 4800))).size(), 9600U);
}

TEST_F(MusicCase, CanBeReplacedAtAnyMoment) {
    const auto wav = make("a.wav", "pcm_s16le", 44100, 88200), mp3 = make("a.mp3", "libmp3lame", 44100, 88200);
    std::mt19937 random(11);
    std::vector<float> block(960);
    std::unique_ptr<Music> music;
    for (int n = 0; n < 200; ++n) {
        music = play(n % 3 == 0 ? folder_.file("none") : n % 2 == 0 ? wav : mp3, n % 5 == 0);
        const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 6000);
        while (std::chrono::steady_clock::now() < until) {
            music->read(block);
            if (random() % 64 == 0 && !music->seek(Timestamp(random() % 3'000'000))) break;
        }
    }
}

TEST_F(MusicCase, IsReadWhileItIsSoughtInAndAskedAbout) {
    for (const auto* file : {"a.wav", "a.flac"}) {
        const auto music = play(make(file, file[2] == 'f' ? "flac" : "pcm_s16le", 48000, 96000), true);
        ASSERT_TRUE(watch_.ready());
        std::atomic<bool> done{false};
        std::atomic<std::size_t> got{0};
        std::thread reader([&] {
            std::vector<float> block(960);
            while (!done) got += music->read(block);
        });
        std::thread asker([&] {
            while (!done) {
                EXPECT_LE(music->position(), 2s);
                EXPECT_FALSE(music->over());
            }
        });
        std::mt19937 random(5);
        for (int n = 0; n < 300; ++n) {
            ASSERT_TRUE(music->seek(Timestamp(random() % 2'000'000)));
            const auto before = got.load();
            while (n % 10 == 0 && got < before + 9600) std::this_thread::yield();
        }
        done = true;
        reader.join();
        asker.join();
        ASSERT_TRUE(music->seek(1s));  // none of what was before a seek is heard after it
        const auto some = readSome(*music, 9600);
        ASSERT_EQ(some.size(), 9600U);
        EXPECT_LT(difference(some, 1, 48000, true), -90);
    }
}

}  // namespace
}  // namespace livepusher::capture
