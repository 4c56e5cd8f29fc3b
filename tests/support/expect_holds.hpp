// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace livepusher::capture {

/// Expects the part in the text, and shows both where it isn't.
inline void expectHolds(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text << "\nholds no \"" << part << "\"";
}

}  // namespace livepusher::capture
