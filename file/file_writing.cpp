// SPDX-License-Identifier: MIT
#include "file/file_writing.hpp"

#include <csignal>
#include <utility>

#include "file/output_file.hpp"

namespace livepusher::file {

namespace {

using namespace std::chrono_literals;

/// How often a pipe is tried that nobody reads yet.
constexpr auto kAgain = 50ms;

class FileWriting {
public:
    FileWriting(std::shared_ptr<FileWork> work, std::string path, rtmp::FileSettings settings, std::shared_ptr<FileWork> before)
        : work_(std::move(work)), before_(std::move(before)), file_(std::move(path), std::move(settings), work_->stopped) {}

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
        auto opened = ask("the disk", [this] {
            if (const auto before = std::exchange(before_, nullptr)) {
                std::unique_lock lock(before->mutex);
                before->changed.wait(lock, [&] { return before->opened || before->done; });
            }
            return file_.open();
        });
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
        work_->change([this] {
            work_->opened = true;
            work_->name = file_.name();
        });
        return {};
    }

    Result<void> writeAll() {
        while (auto more = next()) {
            if (!open_)
                if (auto opened = open(); !opened) return opened;
            const auto size = more->bytes.size();
            const auto wrote = ask(file_.isStream() ? "its reader" : "the disk", [&] { return file_.write(more->bytes); });
            if (!wrote) return wrote;
            whole_ += size;
            patches_ = std::move(more->patches);
            work_->written = whole_;
            work_->change([&] { work_->bytesWaiting -= size; });
        }
        return {};
    }

    /// Also what a full disk has cut off is a file that plays.
    Result<void> complete() {
        return ask(file_.isStream() ? "its reader" : "the disk", [this]() -> Result<void> {
            if (file_.isStream()) return file_.close();
            auto good = file_.cutTo(whole_);
            for (const auto& patch : patches_)
                if (good) good = file_.patch(patch.at, patch.bytes);
            auto closed = file_.close();
            return good ? closed : good;
        });
    }

    std::optional<FileBytes> next() {
        std::unique_lock lock(work_->mutex);
        work_->changed.wait(lock, [this] { return !work_->waiting.empty() || work_->ended; });
        if (work_->waiting.empty()) return std::nullopt;
        auto more = std::move(work_->waiting.front());
        work_->waiting.pop_front();
        return more;
    }

    /// One call that may wait for ever; how long it has, and for what, is known meanwhile.
    template <typename Call>
    Result<void> ask(const char* what, Call call) {
        {
            std::lock_guard lock(work_->mutex);
            work_->waitsSince = FileWork::Clock::now();
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

    const std::shared_ptr<FileWork> work_;
    std::shared_ptr<FileWork> before_;  // of the file before this one, until that has its name
    OutputFile file_;
    bool open_ = false;
    std::uint64_t whole_ = 0;         // bytes that were handed over together and are written
    std::vector<FilePatch> patches_;  // of a file that ends there
};

}  // namespace

void writeFile(std::shared_ptr<FileWork> work, std::string path, rtmp::FileSettings settings, std::shared_ptr<FileWork> before) {
    FileWriting(std::move(work), std::move(path), std::move(settings), std::move(before)).run();
}

}  // namespace livepusher::file
