// SPDX-License-Identifier: MIT
#include "base/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace livepusher::base {
namespace {

namespace fs = std::filesystem;

class TemporaryDirectory : public ::testing::Test {
protected:
    void SetUp() override {
        for (auto& [name, before] : before_) {
            if (const char* value = std::getenv(name)) before = value;
            unsetenv(name);
        }
    }
    void TearDown() override {
        for (const auto& [name, before] : before_) before ? setenv(name, before->c_str(), 1) : unsetenv(name);
    }

private:
    std::pair<const char*, std::optional<std::string>> before_[4] = {{"TMPDIR", {}}, {"TMP", {}}, {"TEMP", {}}, {"TEMPDIR", {}}};
};

TEST_F(TemporaryDirectory, IsTmpWhereNothingNamesAnother) {
    EXPECT_EQ(*temporaryDirectory(), "/tmp");
    setenv("TMPDIR", "", 1);
    EXPECT_EQ(*temporaryDirectory(), "/tmp") << "empty is as good as unset";
}

TEST_F(TemporaryDirectory, IsAWholePath) {
    setenv("TMPDIR", ".", 1);
    EXPECT_EQ(fs::path(*temporaryDirectory()).lexically_normal(), (fs::current_path() / "").lexically_normal());
}

TEST_F(TemporaryDirectory, ABadOneIsNamed) {
    setenv("TMPDIR", "/nowhere/at all", 1);
    const auto bad = temporaryDirectory();
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, Code::FileFailed);
    EXPECT_EQ(bad.error().message,
              "the directory for temporary files TMPDIR=\"/nowhere/at all\" can't be used: No such file or directory");
    setenv("TMPDIR", "/dev/null", 1);
    EXPECT_NE(temporaryDirectory().error().message.find("Not a directory"), std::string::npos);
}

}  // namespace
}  // namespace livepusher::base
