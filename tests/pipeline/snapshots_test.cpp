// SPDX-License-Identifier: MIT
#include "session/snapshots.hpp"
#include "scene.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <future>

namespace livepusher::testing {
namespace {

class SnapshotsTest : public ::testing::Test {
protected:
    SnapshotsTest() {
        if (const char* value = std::getenv("TMPDIR")) before_ = value;
    }
    ~SnapshotsTest() override { before_.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", before_.c_str(), 1); }

    Result<SnapshotResult> take() {
        std::promise<Result<SnapshotResult>> taken;
        session::Snapshots snapshots([](const VideoFrame&, SnapshotQuality, const std::string&) { return Result<void>(); });
        snapshots.take(VideoFrame::allocate(64, 64), SnapshotQuality::raw, "",
                       [&](Result<SnapshotResult> r) { taken.set_value(std::move(r)); });
        return taken.get_future().get();
    }

private:
    std::string before_;
};

TEST_F(SnapshotsTest, ABadDirectoryForTemporaryFilesIsNamedAndNothingIsWrittenElsewhere) {
    setenv("TMPDIR", "/nowhere/at all", 1);
    const auto taken = take();
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Code::FileFailed);
    EXPECT_NE(taken.error().message.find("TMPDIR=\"/nowhere/at all\""), std::string::npos) << taken.error().message;
}

TEST_F(SnapshotsTest, ARelativeOneGivesAWholePath) {
    setenv("TMPDIR", ".", 1);
    const auto taken = take();
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_TRUE(taken->tempImagePath.starts_with("/")) << taken->tempImagePath;
    EXPECT_EQ(std::remove(taken->tempImagePath.c_str()), 0);
}

}  // namespace
}  // namespace livepusher::testing
