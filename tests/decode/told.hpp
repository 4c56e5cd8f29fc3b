// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "decode/decoder.hpp"

namespace livepusher::decode::test {

/// Keeps what a decoder tells.
struct Told final : DecoderObserver {
    std::vector<std::string> openings, damages, gaps, failures, givenUp;
    std::vector<base::PictureSize> sizes;

    void opened(const std::string& what) override { openings.push_back(what); }
    void sizeChanged(base::PictureSize size) override { sizes.push_back(size); }
    void damaged(const std::string& why) override { damages.push_back(why); }
    void missing(const std::string& why) override { gaps.push_back(why); }
    void hardwareFailed(const std::string& why) override { failures.push_back(why); }
    void hardwareGaveUp(const std::string& why) override { givenUp.push_back(why); }
};

}  // namespace livepusher::decode::test
