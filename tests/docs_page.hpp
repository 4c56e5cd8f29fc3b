// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace livepusher::testing {

/// A page of docs/ that is made from a table. LIVEPUSHER_UPDATE_DOCS=1 writes it anew.
inline void expectCurrent(const std::string& name, const std::string& made) {
    const std::string path = std::string(LIVEPUSHER_DOCS) + "/" + name;
    if (std::getenv("LIVEPUSHER_UPDATE_DOCS")) std::ofstream(path) << made;  // NOLINT(concurrency-mt-unsafe)
    std::stringstream kept;
    kept << std::ifstream(path).rdbuf();
    EXPECT_EQ(kept.str(), made) << path << " is not current: run this test with LIVEPUSHER_UPDATE_DOCS=1";
}

}  // namespace livepusher::testing
