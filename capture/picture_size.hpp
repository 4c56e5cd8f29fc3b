// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

namespace livepusher::capture {

/// Width and height of a picture, in px.
struct PictureSize {
    int width = 0;
    int height = 0;
    bool operator==(const PictureSize&) const = default;
};

/// The size in which a picture of any size goes through the pipeline: its own, cut to even; a side above 8192 px scales the
/// picture down, one below 16 px scales it up by a whole number. What would be thinner than 2 px becomes 2 px.
/// Errors: SourceFailed, for no size at all, and for more than 268 megapixels. [any-thread]
Result<PictureSize> pipelineSize(int width, int height);

}  // namespace livepusher::capture
