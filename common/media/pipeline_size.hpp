// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "media/picture_size.hpp"

namespace livepusher::capture {

/// The size in which a picture of any size goes through the pipeline: its own, cut to even; a side above 8192 px scales the
/// picture down, one below 16 px scales it up by a whole number. What would be thinner than 2 px becomes 2 px.
/// Errors: SourceFailed, for no size at all, and for more than 268 megapixels. [any-thread]
Result<base::PictureSize> pipelineSize(int width, int height);

}  // namespace livepusher::capture
