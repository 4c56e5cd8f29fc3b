// SPDX-License-Identifier: MIT
#include "pipeline/snapshots.hpp"

#include "base/place.hpp"
#include "base/thread_name.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace livepusher::pipeline {

namespace {

/// A new file nobody else has. Errors: FileFailed.
Result<std::string> makeFile(const std::string& directory, const std::string& suffix) {
    std::error_code ignored;
    const auto folder =
        directory.empty() ? std::filesystem::temp_directory_path(ignored) : std::filesystem::path(base::checkedPath(directory));
    auto path = (folder / ("livepusher-XXXXXX" + suffix)).string();
    const int fd = mkstemps(path.data(), static_cast<int>(suffix.size()));
    if (fd < 0)
        return Error{Code::FileFailed,
                     "snapshot: can't write in \"" + folder.string() + "\": " + std::generic_category().message(errno), errno};
    ::close(fd);
    return path;
}

}  // namespace

void Snapshots::take(VideoFrame frame, SnapshotQuality quality, const std::string& directory, Reply reply) {
    if (waiting_ >= kMaxWaiting)
        return reply(Error{Code::InvalidState, "snapshot: " + std::to_string(kMaxWaiting) +
                                                   " pictures are waiting to be written; wait for their callbacks"});
    ++waiting_;
    if (!thread_) {
        thread_.emplace("snapshot");
        thread_->post([] { base::lowerThreadPriority(); });  // the stream goes first
    }
    reply = [this, reply = std::move(reply)](Result<SnapshotResult> taken) {
        --waiting_;
        reply(std::move(taken));
    };
    thread_->post([this, frame = std::move(frame), quality, directory, reply = std::move(reply)] {
        auto path = makeFile(directory, quality == SnapshotQuality::raw ? ".png" : ".jpg");
        if (!path) return reply(path.error());
        if (auto wrote = write_(frame, quality, *path); !wrote) {
            std::error_code ignored;
            std::filesystem::remove(*path, ignored);
            return reply(wrote.error());
        }
        reply(SnapshotResult{.errCode = 0,
                             .errMsg = "snapshot:ok",
                             .tempImagePath = *path,
                             .width = frame.width(),
                             .height = frame.height(),
                             .frame = frame});
    });
}

}  // namespace livepusher::pipeline
