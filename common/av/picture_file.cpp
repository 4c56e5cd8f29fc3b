// SPDX-License-Identifier: MIT
#include "av/picture_file.hpp"

#include <array>
#include <span>

#include "av/picture_decoder.hpp"
#include "base/ascii.hpp"
#include "base/place.hpp"
#include "net/fetch.hpp"
#include "net/public_name.hpp"

extern "C" {
#include <libavutil/md5.h>
}

namespace livepusher::capture {
namespace {

std::string md5Of(std::span<const std::uint8_t> bytes) {
    std::array<std::uint8_t, 16> sum{};
    av_md5_sum(sum.data(), bytes.data(), bytes.size());
    std::string text;
    for (const unsigned byte : sum)
        for (const auto half : {byte >> 4U, byte & 15U}) text += "0123456789abcdef"[half];
    return text;
}

using base::lower;

}  // namespace

Result<VideoFrame> loadPicture(const PictureRequest& request, const std::atomic<bool>& cancelled) {
    const auto failed = [&](const std::string& what, int native) {
        return Error{Code::WaitingImageFailed, "waitingImage \"" + base::publicPlace(request.place) + "\": " + what, native};
    };
    const auto stopped = [] { return Error{Code::Cancelled, "cancelled"}; };
    const auto bytes = fetch({.place = request.place, .network = request.network}, cancelled);
    if (cancelled) return stopped();
    if (!bytes) return failed(bytes.error().message, bytes.error().native);
    if (!request.md5.empty())
        if (const auto sum = md5Of(*bytes); sum != lower(request.md5))
            return failed("MD5 is " + sum + ", waitingImageHash says " + request.md5, 0);
    auto frame = decodePicture(*bytes);
    if (cancelled) return stopped();
    if (!frame) return failed(frame.error().message, frame.error().native);
    return frame;
}

Result<base::ArgbPicture> loadOverlay(const std::string& path) {
    auto local = base::localPath(path);
    if (!local) return Error{Code::SourceFailed, local.error().message};
    const std::atomic<bool> never = false;
    const auto bytes = fetch({.place = std::move(*local)}, never);
    if (!bytes) return bytes.error();
    return decodeArgb(*bytes);
}

}  // namespace livepusher::capture
