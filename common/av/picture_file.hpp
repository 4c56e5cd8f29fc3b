// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>
#include <livepusher/media.hpp>

#include <atomic>
#include <string>

#include "media/argb_picture.hpp"
#include "net/network_options.hpp"

namespace livepusher::capture {

/// What `waitingImage` and `waitingImageHash` say, and how a server is reached.
struct PictureRequest {
    std::string place;  ///< path, file:// or http(s):// URL
    std::string md5;    ///< 32 hex digits in any case, or empty: not checked
    base::NetworkOptions network{};
};

/// Loads a JPEG, PNG or WebP picture (BMP and a GIF's first too) as an upright frame of even size, at most 4096 px a
/// side, BT.601. Blocks until it is there; `cancelled` ends the wait for a server, with Cancelled.
/// Errors: WaitingImageFailed, with a text that repeats no URL behind its host. [any-thread]
Result<VideoFrame> loadPicture(const PictureRequest& request, const std::atomic<bool>& cancelled);

/// Loads a picture that is to lie over others, transparent where it is: PNG, WebP, or the rest of the above. From a path or
/// file:// URL. Blocks. Errors: SourceFailed, without the path. [any-thread]
Result<base::ArgbPicture> loadOverlay(const std::string& path);

}  // namespace livepusher::capture
