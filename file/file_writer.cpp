// SPDX-License-Identifier: MIT
#include "file/file_writer.hpp"

#include <utility>

#include "base/number_text.hpp"
#include "file/file_writing.hpp"

namespace livepusher::file {

namespace {

using namespace std::chrono_literals;

/// What may be under way to the disk before put() waits: the queue before it knows better what to leave out.
constexpr std::size_t kMostUnwritten = std::size_t{512} * 1024;
/// A call that lasts longer is told, and nothing more is handed over until all has been taken.
constexpr auto kStalled = 2s;
/// What finish() waits for after cancel(): a disk that works has done all by then.
constexpr auto kCancelledWait = 200ms;

std::string inSeconds(FileWork::Clock::duration time) {
    return base::decimalText(std::chrono::duration<double>(time).count(), 1) + " s";
}

}  // namespace

FileWriter::FileWriter() : work_(std::make_shared<FileWork>()) {}

FileWriter::~FileWriter() {
    cancel();
    (void)finish(0ms);
}

Result<void> FileWriter::start(std::string path, rtmp::FileSettings settings, Milliseconds patience, const FileWriter* before) {
    path_ = path;
    part_ = before ? before->part_ + 1 : 1;
    told_ = std::exchange(settings.told, {});  // not for the thread, which may outlive who hears it
    const auto started = thread_.start(
        "file writer",
        [work = work_, path = std::move(path), settings = std::move(settings),
         after = before ? before->work_ : nullptr]() mutable { writeFile(work, path, settings, std::move(after)); },
        [work = work_](const Error& error) {
            work->change([&] {
                if (!work->error) work->error = error;
                work->done = true;
                work->waiting.clear();
            });
        });
    if (!started) return Error{started.error().code, path_ + ": " + started.error().message, started.error().native};
    std::unique_lock lock(work_->mutex);
    work_->changed.wait_for(lock, patience, [this] { return work_->looked || work_->stopped; });
    if (work_->stopped) return Error{Code::Cancelled, "cancelled"};
    if (work_->error) return *work_->error;
    return {};
}

Result<void> FileWriter::put(FileBytes more) {
    std::unique_lock lock(work_->mutex);
    for (;;) {
        tell(lock);
        if (work_->stopped) return Error{Code::Cancelled, "cancelled"};
        if (work_->error) return *work_->error;
        if (more.bytes.empty() && more.patches.empty()) return {};
        if (stalledSince_ || (work_->bytesWaiting > 0 && work_->bytesWaiting + more.bytes.size() > kMostUnwritten)) {
            // A stall ends when all has been taken: tell() looks.
            if (work_->waitsSince && !stalledSince_)
                work_->changed.wait_until(lock, *work_->waitsSince + kStalled);
            else
                work_->changed.wait(lock);
            continue;
        }
        break;
    }
    work_->bytesWaiting += more.bytes.size();
    work_->waiting.push_back(std::move(more));
    lock.unlock();
    work_->changed.notify_all();
    return {};
}

/// What there is to tell; unlocked while it is told.
void FileWriter::tell(std::unique_lock<std::mutex>& lock) {
    const auto now = FileWork::Clock::now();
    std::optional<Code> code;
    std::string words;
    if (!work_->name.empty()) {
        code = Code::FileBegan;
        words = "writing " + work_->name;
        if (part_ > 1)
            words += ", part " + std::to_string(part_);
        else if (work_->name != path_)
            words += ": " + path_ + " is there already";
        path_ = std::exchange(work_->name, {});
    } else if (!stalledSince_ && work_->waitsSince && now - *work_->waitsSince >= kStalled) {
        stalledSince_ = *work_->waitsSince;
        code = Code::FileStalled;
        words =
            path_ + ": waits for " + work_->waitsFor + "; of what comes meanwhile some seconds are kept, the rest is left out";
    } else if (stalledSince_ && work_->bytesWaiting == 0 && !work_->waitsSince) {
        code = Code::FileBegan;
        words = "writing " + path_ + " again, after " + inSeconds(now - *std::exchange(stalledSince_, {}));
    }
    if (!code || !told_) return;
    lock.unlock();
    told_(*code, words);
    lock.lock();
}

void FileWriter::end() {
    work_->change([this] { work_->ended = true; });
}

bool FileWriter::done() const {
    std::lock_guard lock(work_->mutex);
    return work_->done;
}

Result<void> FileWriter::finish(Milliseconds patience) {
    if (!thread_.started()) return {};
    std::unique_lock lock(work_->mutex);
    work_->ended = true;
    work_->changed.notify_all();
    work_->changed.wait_for(lock, patience, [this] { return work_->done || work_->stopped; });
    if (!work_->done) {
        work_->stopped = true;
        work_->changed.notify_all();
    }
    lock.unlock();
    thread_.end(kCancelledWait);
    lock.lock();
    tell(lock);
    if (work_->done) {
        if (work_->error) return *work_->error;
        if (work_->bytesWaiting == 0) return {};
    } else if (!work_->error && work_->bytesWaiting == 0 && work_->written == 0) {
        return {};  // it still looks whether it may: nothing was to be written
    }
    if (!work_->error)
        work_->error = Error{Code::FileFailed, path_ + ": is incomplete: " + work_->waitsFor + " has not taken all of it"};
    return *work_->error;
}

void FileWriter::cancel() {
    work_->change([this] { work_->stopped = true; });
}

std::optional<Error> FileWriter::failed() const {
    std::lock_guard lock(work_->mutex);
    return work_->error;
}

std::uint64_t FileWriter::written() const { return work_->written; }

}  // namespace livepusher::file
