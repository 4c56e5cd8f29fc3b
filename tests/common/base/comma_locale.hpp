// SPDX-License-Identifier: MIT
#pragma once

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace livepusher::testing {

/// Makes the process one whose application has set a German locale, in which "0.5" is "0,5", until the end of a scope. The
/// locale is made by localedef in a directory of its own.
class CommaLocale {
public:
    CommaLocale() {
        std::string folder = (std::filesystem::temp_directory_path() / "livepusher-locale-XXXXXX").string();
        if (!mkdtemp(folder.data())) return;
        folder_ = folder;
        const auto made = "localedef -i de_DE -f UTF-8 --no-archive '" + folder + "/de_DE.UTF-8' >/dev/null 2>&1";
        (void)std::system(made.c_str());  // NOLINT: complains of what is missing by its exit code, and setlocale() by its own
        setenv("LOCPATH", folder.c_str(), 1);
        there_ = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr && std::string(std::localeconv()->decimal_point) == ",";
    }
    ~CommaLocale() {
        std::setlocale(LC_ALL, "C");
        unsetenv("LOCPATH");
        std::error_code ignored;
        if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
    }
    CommaLocale(const CommaLocale&) = delete;
    CommaLocale& operator=(const CommaLocale&) = delete;

    /// False where this system can't make it (no localedef, no package locales).
    bool isThere() const { return there_; }

private:
    std::filesystem::path folder_;
    bool there_ = false;
};

}  // namespace livepusher::testing
