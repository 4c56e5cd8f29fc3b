// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace livepusher::effects::test {

/// A file of that text as long as it lives.
class TempFile {
public:
    explicit TempFile(const std::string& text)
        : path_((std::filesystem::temp_directory_path() / "livepusher-test-XXXXXX").string()) {
        if (const int made = ::mkstemp(path_.data()); made >= 0) ::close(made);
        std::ofstream(path_, std::ios::binary) << text;
    }
    ~TempFile() { std::filesystem::remove(path_); }
    TempFile(const TempFile&) = delete;
    TempFile& operator=(const TempFile&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace livepusher::effects::test
