// SPDX-License-Identifier: MIT
#include "media/pipeline_size.hpp"

#include "media/picture_size.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace livepusher::capture {
namespace {

constexpr int kSmallest = 16, kLargest = 8192;  // what passes as it is
constexpr std::int64_t kMaxPixels = std::int64_t{1} << 28;

}  // namespace

Result<base::PictureSize> pipelineSize(int width, int height) {
    if (width < 1 || height < 1 || std::int64_t{width} * height > kMaxPixels)
        return Error{Code::SourceFailed, "picture size " + base::sizeText(width, height) + ": must be 1x1 or more and at most " +
                                             std::to_string(kMaxPixels / 1'000'000) + " megapixels"};
    const int least = std::min(width, height), most = std::max(width, height);
    const int up = std::clamp((kSmallest + least - 1) / least, 1, std::max(kLargest / most, 1));
    const auto side = [&](int length) {
        const auto scaled = most > kLargest ? std::int64_t{length} * kLargest / most : std::int64_t{length} * up;
        return static_cast<int>(std::max<std::int64_t>(scaled & ~std::int64_t{1}, 2));
    };
    return base::PictureSize{side(width), side(height)};
}

}  // namespace livepusher::capture
