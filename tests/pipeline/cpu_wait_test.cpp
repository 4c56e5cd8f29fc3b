// SPDX-License-Identifier: MIT
#include "pipeline/cpu_wait.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace livepusher::pipeline {
namespace {

using namespace std::chrono_literals;

/// A folder as /proc/self/task.
class CpuWaitTest : public ::testing::Test {
protected:
    CpuWaitTest() { std::filesystem::create_directories(tasks_); }
    ~CpuWaitTest() override { std::filesystem::remove_all(tasks_); }
    void thread(const std::string& number, std::chrono::nanoseconds waited) {
        std::filesystem::create_directory(tasks_ / number);
        std::ofstream(tasks_ / number / "schedstat") << "123456 " << waited.count() << " 7\n";
    }

    const std::filesystem::path tasks_ =
        std::filesystem::temp_directory_path() /
        ("livepusher-cpu-wait-" + std::to_string(getpid()) + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    CpuWait wait_{tasks_};
    const CpuWait::Time start_{};
};

TEST_F(CpuWaitTest, AddsUpWhatTheThreadsHaveWaited) {
    thread("10", 5s);
    thread("11", 0s);
    EXPECT_FALSE(wait_.isShort(start_)) << "what was before says nothing of now";
    thread("10", 5s + 200ms);
    thread("11", 50ms);
    EXPECT_FALSE(wait_.isShort(start_ + 300ms)) << "250 of 300 ms";
    thread("10", 5s + 400ms);
    thread("11", 200ms);
    EXPECT_FALSE(wait_.isShort(start_ + 500ms)) << "not looked at so often";
    EXPECT_TRUE(wait_.isShort(start_ + 600ms)) << "350 of 300 ms";
    EXPECT_TRUE(wait_.isShort(start_ + 700ms)) << "until it is looked at again";
    EXPECT_FALSE(wait_.isShort(start_ + 900ms));
}

TEST_F(CpuWaitTest, ThreadsComeAndGo) {
    thread("10", 5s);
    (void)wait_.isShort(start_);
    std::filesystem::remove_all(tasks_ / "10");
    thread("12", 9s);
    EXPECT_FALSE(wait_.isShort(start_ + 300ms)) << "when it waited is not known";
    thread("12", 10s);
    EXPECT_TRUE(wait_.isShort(start_ + 600ms));
}

TEST_F(CpuWaitTest, KnowsNothingAfterAPause) {
    thread("10", 0s);
    (void)wait_.isShort(start_);
    thread("10", 20s);
    EXPECT_FALSE(wait_.isShort(start_ + 10s));
}

TEST_F(CpuWaitTest, LooksAgainWhereTimeHasGoneBack) {
    thread("10", 0s);
    (void)wait_.isShort(start_ + 10s);
    thread("10", 1s);
    EXPECT_FALSE(wait_.isShort(start_)) << "since when is not known";
    thread("10", 2s);
    EXPECT_TRUE(wait_.isShort(start_ + 300ms));
}

TEST_F(CpuWaitTest, SaysNoWhereTheKernelDoesNotCount) {
    std::filesystem::remove_all(tasks_);
    EXPECT_FALSE(wait_.isShort(start_));
    EXPECT_FALSE(wait_.isShort(start_ + 300ms));
}

}  // namespace
}  // namespace livepusher::pipeline
