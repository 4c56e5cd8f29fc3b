// SPDX-License-Identifier: MIT
#include "flv/flv_writing.hpp"

#include <array>
#include <bit>
#include <csignal>
#include <utility>

#include "base/big_endian.hpp"
#include "flv/flv.hpp"
#include "flv/flv_stream.hpp"
#include "flv/output_file.hpp"

namespace livepusher::rtmp {

namespace {

using namespace std::chrono_literals;

/// How often a pipe is tried that nobody reads yet.
constexpr auto kAgain = 50ms;

std::array<std::uint8_t, 8> amfNumber(double value) { return base::bigBytes<8>(std::bit_cast<std::uint64_t>(value)); }

class FlvWriting {
public:
    FlvWriting(std::shared_ptr<FlvWork> work, std::string path, FileSettings settings)
        : work_(std::move(work)), file_(std::move(path), std::move(settings), work_->stopped) {}

    void run() {
        // SIGXFSZ (a limit of file sizes) and SIGPIPE go to the thread that writes, which gets EFBIG and EPIPE as well; all
        // others are for the application's own threads.
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);

        auto done = ask("the disk", [this] { return file_.check(); });
        work_->change([&] {
            work_->looked = true;
            if (!done) work_->error = done.error();
        });
        if (done) done = writeAll();
        if (!done) fail(done.error());
        if (open_)
            if (auto completed = complete(); done && !completed) fail(completed.error());
        work_->change([this] {
            work_->done = true;
            work_->waiting.clear();
        });
    }

private:
    Result<void> open() {
        auto opened = ask("the disk", [this] { return file_.open(); });
        if (!opened && opened.error().native == OutputFile::kNobodyReads) {
            opened = ask("somebody to read it", [&] {
                auto again = opened;
                while (!again && again.error().native == OutputFile::kNobodyReads) {
                    std::unique_lock lock(work_->mutex);
                    if (work_->changed.wait_for(lock, kAgain, [this] { return work_->stopped.load(); })) break;
                    lock.unlock();
                    again = file_.open();
                }
                return again;
            });
        }
        if (!opened) return opened;
        open_ = true;
        std::lock_guard lock(work_->mutex);
        work_->name = file_.name();
        return {};
    }

    Result<void> writeAll() {
        while (const auto tags = next()) {
            if (!open_)
                if (auto opened = open(); !opened) return opened;
            const auto wrote = ask(file_.isStream() ? "its reader" : "the disk", [&] { return file_.write(tags->bytes); });
            if (!wrote) return wrote;
            whole_ += tags->bytes.size();
            summary_ = tags->after;
            work_->written = whole_;
            work_->change([&] { work_->bytesWaiting -= tags->bytes.size(); });
        }
        return {};
    }

    /// Also what a full disk has cut off is a file that plays.
    Result<void> complete() {
        return ask(file_.isStream() ? "its reader" : "the disk", [this]() -> Result<void> {
            if (file_.isStream()) return file_.close();
            auto good = file_.cutTo(whole_);
            if (good && summary_.tracks != 0) good = file_.patch(kFlvFlagsOffset, {&summary_.tracks, 1});
            if (good && summary_.metadataAt != 0) {
                const auto duration = amfNumber(static_cast<double>(summary_.lastTimestamp) / 1000);
                const auto size = amfNumber(static_cast<double>(whole_));
                good = file_.patch(summary_.metadataAt + kDurationOffset, duration);
                if (good) good = file_.patch(summary_.metadataAt + kFileSizeOffset, size);
            }
            auto closed = file_.close();
            return good ? closed : good;
        });
    }

    std::optional<FlvWork::Tags> next() {
        std::unique_lock lock(work_->mutex);
        work_->changed.wait(lock, [this] { return !work_->waiting.empty() || work_->ended; });
        if (work_->waiting.empty()) return std::nullopt;
        auto tags = std::move(work_->waiting.front());
        work_->waiting.pop_front();
        return tags;
    }

    /// One call that may wait for ever; how long it has, and for what, is known meanwhile.
    template <typename Call>
    Result<void> ask(const char* what, Call call) {
        {
            std::lock_guard lock(work_->mutex);
            work_->waitsSince = FlvWork::Clock::now();
            work_->waitsFor = what;
        }
        auto answer = call();
        {
            std::lock_guard lock(work_->mutex);
            work_->waitsSince.reset();
        }
        return answer;
    }

    void fail(const Error& error) {
        work_->change([&] {
            if (error.code != Code::Cancelled && !work_->error) work_->error = error;
        });
    }

    const std::shared_ptr<FlvWork> work_;
    OutputFile file_;
    bool open_ = false;
    FlvSummary summary_;       // of the whole tags that are written
    std::uint64_t whole_ = 0;  // bytes of these
};

}  // namespace

void writeFlvFile(std::shared_ptr<FlvWork> work, std::string path, FileSettings settings) {
    FlvWriting(std::move(work), std::move(path), std::move(settings)).run();
}

}  // namespace livepusher::rtmp
