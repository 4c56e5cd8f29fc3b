// SPDX-License-Identifier: MIT
#include "output_name.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>

namespace program {

using livepusher::Code;
using livepusher::Error;

std::string numberedName(const std::string& path, int number) {
    const auto extension = std::filesystem::path(path).extension().string();
    return path.substr(0, path.size() - extension.size()) + "-" + std::to_string(number) + extension;
}

livepusher::Result<void> refuseInputs(const std::string& output, const Inputs& inputs) {
    if (output.empty()) return {};
    for (const auto& [what, input] : inputs) {
        std::error_code none;  // one of them isn't there
        const auto path = input.starts_with("file:///") ? input.substr(std::string_view("file://").size()) : input;
        if (!path.empty() && std::filesystem::equivalent(output, path, none))
            return Error{Code::InvalidArgument, output + " would be written over while it is read, as " + what + " " + input +
                                                    ": name another file to write"};
    }
    return {};
}

}  // namespace program
