// SPDX-License-Identifier: MIT
#include <livepusher/log.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <set>
#include <thread>
#include <vector>

#include "bytes.hpp"
#include "file/file_writer.hpp"
#include "flv/flv.hpp"
#include "flv/publishers.hpp"
#include "packets.hpp"

namespace livepusher::rtmp {
namespace {

using namespace test;
using Kind = Packet::Kind;
using Track = Packet::Track;

class FlvFile : public ::testing::Test {
protected:
    FlvFile() { std::filesystem::create_directories(folder_); }
    ~FlvFile() override { std::filesystem::remove_all(folder_); }

    std::string path(const char* name) const { return folder_ / name; }
    Result<void> open(Publisher& publisher, const std::string& path, FileSettings file = {}) {
        file.told = [this](Code code, const std::string& words) {
            told_.push_back(std::to_string(static_cast<int>(code)) + " " + words);
        };
        PublisherSettings settings;
        settings.file = std::move(file);
        return publisher.open(*base::Url::parse(path), settings, observer_);
    }
    /// A recording of one sound.
    Result<void> record(const std::string& path, FileSettings settings = {}) {
        const auto file = makeFlvFilePublisher();
        if (auto opened = open(*file, path, std::move(settings)); !opened) return opened;
        if (auto wrote = file->write(sound()); !wrote) return wrote;
        return file->close(EndReason::Ended);
    }
    static Packet sound() { return media(Track::Audio, Kind::Key, 0, 0, "a"); }
    void put(const std::string& path, const std::string& content) { std::ofstream(path) << content; }
    std::set<std::string> names() const {
        std::set<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(folder_)) found.insert(entry.path().filename());
        return found;
    }
    Bytes content(const std::string& path) const {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("flv_file_test." + std::to_string(getpid()));
    struct Observer final : PublisherObserver {
        void transportConnected() override { ++connected; }
        int connected = 0;
    } observer_;
    std::vector<std::string> told_;
};

TEST_F(FlvFile, HoldsEveryTagAndAtItsEndTheDuration) {
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("a.flv")));
    EXPECT_EQ(observer_.connected, 1);
    for (const auto& packet : {videoConfig(), media(Track::Video, Kind::Key, 0, 0, "IDR"),
                               media(Track::Video, Kind::Delta, 16'777'216'000, 16'777'216'000, "P")})
        ASSERT_TRUE(file->write(packet));
    EXPECT_TRUE(file->close(EndReason::Ended));

    const Bytes bytes = content(path("a.flv"));
    EXPECT_EQ(file->statistics().bytesSent, bytes.size());
    ASSERT_GT(bytes.size(), 24U);
    EXPECT_EQ(Bytes(bytes.begin(), bytes.begin() + 13), (text("FLV") + Bytes{1, 1, 0, 0, 0, 9, 0, 0, 0, 0})) << "video only";
    const auto video = videoConfig();
    auto body = metadata(&video, nullptr, true);
    const Bytes duration{0x40, 0xD0, 0x62, 0x4D, 0xD2, 0xF1, 0xA9, 0xFC};  // 16777.216
    std::copy(duration.begin(), duration.end(), body.begin() + kDurationOffset);
    const auto tag = [](int type, std::uint32_t time, const Bytes& data) {
        return be(static_cast<std::uint64_t>(type), 1) + be(data.size(), 3) + be(time & 0xFFFFFF, 3) + be(time >> 24, 1) +
               Bytes{0, 0, 0} + data + be(data.size() + 11, 4);
    };
    const Bytes rest = tag(9, 0, Bytes{0x17, 0, 0, 0, 0} + text("avcC")) + tag(9, 0, Bytes{0x17, 1, 0, 0, 0} + text("IDR")) +
                       tag(9, 0x1000000, Bytes{0x27, 1, 0, 0, 0} + text("P"));
    const std::size_t metadataSize = body.size() + 15;
    EXPECT_EQ(Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(13 + metadataSize), bytes.end()), rest);
    const Bytes found(bytes.begin() + 24 + static_cast<std::ptrdiff_t>(kDurationOffset),
                      bytes.begin() + 32 + static_cast<std::ptrdiff_t>(kDurationOffset));
    EXPECT_EQ(found, duration);
}

TEST_F(FlvFile, SaysWhichFileFailedAndWhy) {
    const auto file = makeFlvFilePublisher();
    const auto done = open(*file, path("missing/a.flv"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::FileFailed);
    EXPECT_EQ(done.error().message, path("missing/a.flv") + ": can't be opened for writing: there is no such directory");
    EXPECT_EQ(done.error().native, ENOENT);
    EXPECT_EQ(file->close(EndReason::Failed).error().message, done.error().message);
}

TEST_F(FlvFile, FailsWhenTheDiskIsFull) {
    std::filesystem::create_symlink("/dev/full", path("full.flv"));
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("full.flv")));
    Result<void> done;
    for (int i = 0; i < 100 && done; ++i) done = file->write(media(Track::Audio, Kind::Key, i, i, Bytes(10'000, 'x')));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::FileFailed);
    EXPECT_NE(done.error().message.find("No space left on device"), std::string::npos) << done.error().message;
    (void)file->close(EndReason::Ended);
}

TEST_F(FlvFile, EndsWritingWhenCancelledButCompletesTheFile) {
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("a.flv")));
    ASSERT_TRUE(file->write(media(Track::Audio, Kind::Key, 0, 0, "a")));
    file->cancel();
    EXPECT_EQ(file->write(media(Track::Audio, Kind::Key, 0, 0, "a")).error().code, Code::Cancelled);
    (void)file->close(EndReason::Ended);
    EXPECT_EQ(content(path("a.flv"))[4], 4) << "sound only";
}

TEST_F(FlvFile, MakesNoFileBeforeThereIsMedia) {
    for (const bool config : {false, true}) {
        const auto file = makeFlvFilePublisher();
        ASSERT_TRUE(open(*file, path("a.flv")));
        if (config) {
            ASSERT_TRUE(file->write(videoConfig()));
        }
        EXPECT_TRUE(file->close(EndReason::Ended));
        EXPECT_EQ(names(), std::set<std::string>{});
    }
    EXPECT_TRUE(told_.empty());
}

TEST_F(FlvFile, TakesTheNextFreeNameAndTellsIt) {
    put(path("a.flv"), "old");
    put(path("a-3.flv"), "older");
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(record(path("a.flv")));
    EXPECT_EQ(names(), (std::set<std::string>{"a.flv", "a-2.flv", "a-3.flv", "a-4.flv"}));
    EXPECT_EQ(content(path("a.flv")), text("old"));
    EXPECT_EQ(content(path("a-3.flv")), text("older"));
    EXPECT_EQ(told_, (std::vector<std::string>{"20008 writing " + path("a-2.flv") + ": " + path("a.flv") + " is there already",
                                               "20008 writing " + path("a-4.flv") + ": " + path("a.flv") + " is there already"}));
}

TEST_F(FlvFile, ReplacesWhatIsThereOnlyWhenTold) {
    put(path("a.flv"), std::string(100'000, 'x'));
    ASSERT_TRUE(record(path("a.flv"), {.overwrite = true}));
    ASSERT_TRUE(record(path("b.flv")));
    EXPECT_EQ(content(path("a.flv")), content(path("b.flv")));
    EXPECT_EQ(names(), (std::set<std::string>{"a.flv", "b.flv"}));
}

TEST_F(FlvFile, TakesAnEmptyFileAndALinkToNothing) {
    put(path("empty.flv"), "");
    std::filesystem::create_symlink("elsewhere.flv", path("link.flv"));
    ASSERT_TRUE(record(path("empty.flv")));
    ASSERT_TRUE(record(path("link.flv")));
    EXPECT_EQ(names(), (std::set<std::string>{"empty.flv", "link.flv", "elsewhere.flv"}));
    EXPECT_TRUE(std::filesystem::is_symlink(path("link.flv")));
    EXPECT_EQ(content(path("empty.flv")), content(path("elsewhere.flv")));
}

TEST_F(FlvFile, NeverWritesOverWhatIsRead) {
    put(path("a.flv"), "source");
    std::filesystem::create_symlink("a.flv", path("link.flv"));
    std::filesystem::create_hard_link(path("a.flv"), path("hard.flv"));
    for (const auto* name : {"a.flv", "link.flv", "hard.flv", "../"})
        for (const bool overwrite : {false, true}) {
            const auto output = *name == '.' ? folder_ / ".." / folder_.filename() / "a.flv" : std::filesystem::path(path(name));
            const auto done = record(output, {.overwrite = overwrite, .inputs = [this] { return std::vector{path("a.flv")}; }});
            ASSERT_FALSE(done) << output;
            EXPECT_EQ(done.error().code, Code::InvalidArgument);
            EXPECT_EQ(content(path("a.flv")), text("source"));
        }
    EXPECT_EQ(names().size(), 3U);
}

TEST_F(FlvFile, LooksAgainWhenItOpensTheFile) {
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("link.flv"), {.overwrite = true, .inputs = [this] { return std::vector{path("a.flv")}; }}));
    put(path("a.flv"), "source");
    std::filesystem::create_symlink("a.flv", path("link.flv"));
    ASSERT_TRUE(file->write(sound()));
    const auto closed = file->close(EndReason::Ended);
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, Code::InvalidArgument);
    EXPECT_EQ(content(path("a.flv")), text("source"));
}

TEST_F(FlvFile, LeavesAFileAloneThatAnotherWrites) {
    const auto one = makeFlvFilePublisher();
    ASSERT_TRUE(open(*one, path("a.flv")));
    ASSERT_TRUE(one->write(sound()));
    while (one->statistics().bytesSent == 0) std::this_thread::yield();
    const auto done = record(path("a.flv"), {.overwrite = true});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, path("a.flv") + ": is being written by another program");
    ASSERT_TRUE(record(path("a.flv")));
    (void)one->close(EndReason::Ended);
    EXPECT_EQ(content(path("a.flv")), content(path("a-2.flv")));
}

// The look whether the target is one of the files that are read asks their disk, too.
TEST_F(FlvFile, ThatWasToHoldNothingIsWholeThoughTheDiskHangs) {
    put(path("a.flv"), "what was there");
    std::promise<void> answers;
    {
        file::FileWriter writer;
        ASSERT_TRUE(writer.start(path("a.flv"),
                                 {.overwrite = true,
                                  .inputs =
                                      [answered = answers.get_future().share()] {
                                          answered.wait();
                                          return std::vector<std::string>();
                                      }},
                                 std::chrono::milliseconds(1)));
        writer.cancel();
        const auto finished = writer.finish(std::chrono::milliseconds(0));
        EXPECT_TRUE(finished) << finished.error().message;
    }
    answers.set_value();
    EXPECT_EQ(names(), std::set<std::string>{"a.flv"});
}

TEST_F(FlvFile, APipeThatNobodyReadsHoldsNothing) {
    ASSERT_EQ(mkfifo(path("pipe.flv").c_str(), 0600), 0);
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("pipe.flv")));
    ASSERT_TRUE(file->write(sound()));
    file->cancel();
    const auto closed = file->close(EndReason::Ended);
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().message, path("pipe.flv") + ": nobody has opened it for reading");
}

TEST_F(FlvFile, APipeWhoseReaderStopsReadingHoldsNothing) {
    ASSERT_EQ(mkfifo(path("pipe.flv").c_str(), 0600), 0);
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("pipe.flv")));
    const int reader = ::open(path("pipe.flv").c_str(), O_RDONLY | O_NONBLOCK);
    for (int i = 0; i < 4; ++i)  // more than a pipe holds, less than write() waits for
        ASSERT_TRUE(file->write(media(Track::Audio, Kind::Key, i, i, Bytes(100'000, 'x'))));
    std::thread stuck([&] {
        for (int i = 0; i < 4; ++i) (void)file->write(media(Track::Audio, Kind::Key, i, i, Bytes(100'000, 'x')));
    });
    file->cancel();
    stuck.join();
    std::vector<std::string> lines;
    setLogHandler([&](LogLevel, std::string_view line) { lines.emplace_back(line); });
    const auto closed = file->close(EndReason::Ended);
    setLogHandler({});
    EXPECT_EQ(lines, std::vector<std::string>()) << "close() tells it";
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().message, path("pipe.flv") + ": is incomplete: its reader has not taken all of it");
    ::close(reader);
}

TEST_F(FlvFile, AReaderThatIsGoneEndsIt) {
    ASSERT_EQ(mkfifo(path("pipe.flv").c_str(), 0600), 0);
    const int reader = ::open(path("pipe.flv").c_str(), O_RDONLY | O_NONBLOCK);
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("pipe.flv")));
    ASSERT_TRUE(file->write(sound()));
    while (file->statistics().bytesSent == 0) std::this_thread::yield();
    ::close(reader);
    Result<void> done;
    while (done) done = file->write(sound());
    EXPECT_EQ(done.error().message, path("pipe.flv") + ": can't be written: Broken pipe");
}

TEST_F(FlvFile, BeyondALimitOfFileSizesTheFileIsWholeAndTheProcessLives) {
    const auto limited = [this] {  // in a process of its own: the limit is for all of one
        const rlimit limit{30'000, 30'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        const auto file = makeFlvFilePublisher();
        Result<void> done = open(*file, path("a.flv"));
        for (int i = 0; i < 1000 && done; ++i)
            done = file->write(media(Track::Audio, Kind::Key, i * 1000, i * 1000, Bytes(10'000, 'x')));
        (void)file->close(EndReason::Ended);
        const bool told = !done && done.error().code == Code::FileFailed && done.error().native == EFBIG;
        struct sigaction now {};
        sigaction(SIGXFSZ, nullptr, &now);
        _exit(told && now.sa_handler == SIG_DFL ? 0 : 1);
    };
    EXPECT_EXIT(limited(), testing::ExitedWithCode(0), "");
    const auto bytes = content(path("a.flv"));
    ASSERT_GT(bytes.size(), 20'000U);
    EXPECT_EQ(Bytes(bytes.end() - 4, bytes.end()), be(10'000 + 2 + 11, 4)) << "the last tag is not whole";
    EXPECT_EQ(bytes[4], 4);
}

TEST_F(FlvFile, AChildThatExitsLeavesItAlone) {
    const auto file = makeFlvFilePublisher();
    ASSERT_TRUE(open(*file, path("a.flv")));
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(file->write(media(Track::Audio, Kind::Key, i * 1000, i * 1000, "some sound")));
        if (i % 5 != 0) continue;
        const auto child = fork();
        if (child == 0) std::exit(0);  // NOLINT(concurrency-mt-unsafe): flushes what buffers it has got of its parent's
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
    }
    ASSERT_TRUE(file->close(EndReason::Ended));
    EXPECT_EQ(content(path("a.flv")).size(), file->statistics().bytesSent);
}

TEST_F(FlvFile, RefusesAServersUrl) {
    const auto done = makeFlvFilePublisher()->open(*base::Url::parse("rtmp://h/live/s3cr3t"), {}, observer_);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message.find("s3cr3t"), std::string::npos);
}

}  // namespace
}  // namespace livepusher::rtmp
