// SPDX-License-Identifier: MIT
#include "session/snapshots.hpp"

#include "base/place.hpp"
#include "base/temporary_directory.hpp"
#include "base/thread_name.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

namespace livepusher::session {

namespace {

/// A new file nobody else has. Errors: FileFailed.
Result<std::string> makeFile(const std::string& directory, const std::string& suffix) {
    auto folder = base::checkedPath(directory);
    if (directory.empty()) {
        auto temporary = base::temporaryDirectory();
        if (!temporary)
            return Error{temporary.error().code, "snapshot: " + temporary.error().message + "; set it, or snapshotDirectory",
                         temporary.error().native};
        folder = *temporary;
    }
    auto path = (std::filesystem::path(folder) / ("livepusher-XXXXXX" + suffix)).string();
    const int fd = mkstemps(path.data(), static_cast<int>(suffix.size()));
    if (fd < 0)
        return Error{Code::FileFailed, "snapshot: can't write in \"" + folder + "\": " + std::generic_category().message(errno),
                     errno};
    ::close(fd);
    return path;
}

Result<SnapshotResult> written(const Snapshots::Write& write, const VideoFrame& frame, SnapshotQuality quality,
                               const std::string& directory) {
    auto path = makeFile(directory, quality == SnapshotQuality::raw ? ".png" : ".jpg");
    if (!path) return path.error();
    if (auto wrote = write(frame, quality, *path); !wrote) {
        std::error_code ignored;
        std::filesystem::remove(*path, ignored);
        return wrote.error();
    }
    return Snapshots::resultOf(frame, *path);
}

constexpr std::chrono::milliseconds kSlowest{1000};  // of one picture's writing, when all is to end

}  // namespace

void Snapshots::Waiting::answer(std::uint64_t number, Result<SnapshotResult> taken) {
    std::unique_lock lock(mutex);
    auto node = replies.extract(number);
    if (node.empty()) return;
    ++answering;
    lock.unlock();
    node.mapped()(std::move(taken));
    lock.lock();
    --answering;
    changed.notify_all();
}

Snapshots::~Snapshots() {
    worker_.end(kSlowest);
    std::unique_lock lock(waiting_->mutex);
    const auto left = std::exchange(waiting_->replies, {});
    waiting_->changed.wait(lock, [&] { return waiting_->answering == 0; });
    lock.unlock();
    for (const auto& [number, reply] : left)
        reply(Error{Code::FileFailed, "snapshot: snapshotDirectory's disk does not answer; the picture is given up"});
}

void Snapshots::take(VideoFrame frame, SnapshotQuality quality, const std::string& directory, Reply reply) {
    const auto number = ++taken_;
    std::unique_lock lock(waiting_->mutex);
    if (waiting_->replies.size() >= kMaxWaiting) {
        lock.unlock();
        return reply(Error{Code::InvalidState, "snapshot: " + std::to_string(kMaxWaiting) +
                                                   " pictures are waiting to be written; wait for their callbacks"});
    }
    waiting_->replies.emplace(number, std::move(reply));
    lock.unlock();
    const auto posted = worker_.post([waiting = waiting_, write = write_, frame = std::move(frame), quality, directory, number] {
        base::lowerThreadPriority();  // the stream goes first
        sigset_t limit;               // of file sizes: EFBIG tells it as well
        sigemptyset(&limit);
        sigaddset(&limit, SIGXFSZ);
        pthread_sigmask(SIG_BLOCK, &limit, nullptr);
        waiting->answer(number, written(write, frame, quality, directory));
    });
    if (!posted) waiting_->answer(number, Error{posted.error().code, "snapshot: " + posted.error().message});
}

}  // namespace livepusher::session
