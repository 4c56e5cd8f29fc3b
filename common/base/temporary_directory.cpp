// SPDX-License-Identifier: MIT
#include "base/temporary_directory.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace livepusher::base {

// Not std::filesystem::temp_directory_path(): it says only that something is no directory, and leaves a relative path.
Result<std::string> temporaryDirectory() {
    std::string variable, named = "/tmp";
    for (const auto* each : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"})
        if (const char* value = std::getenv(each); value && *value != '\0') {
            variable = each;
            named = value;
            break;
        }
    std::error_code why;
    if (std::filesystem::is_directory(named, why)) {
        const auto whole = std::filesystem::absolute(named, why);
        if (!why) return whole.string();
    }
    if (!why) why = std::make_error_code(std::errc::not_a_directory);
    const auto what = variable.empty() ? "\"" + named + "\"" : variable + "=\"" + named + "\"";
    return Error{Code::FileFailed, "the directory for temporary files " + what + " can't be used: " + why.message(), why.value()};
}

}  // namespace livepusher::base
