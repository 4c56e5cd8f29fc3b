// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/preview.hpp>

#include "json/json.hpp"

namespace livepusher::json {

/// The member "window" of `options`, {"enabled":true,"title":"…","width":0,"height":0}; without it `window` stays as it is.
/// Errors: InvalidArgument.
Result<void> readWindow(const Json& options, PreviewWindow& window);

}  // namespace livepusher::json
