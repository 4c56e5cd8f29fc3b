// SPDX-License-Identifier: MIT
#include "picture_writer.hpp"

#include "av/picture_writer.hpp"
#include "output_kind.hpp"
#include "partial_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>

namespace program {

namespace {

using livepusher::Code;
using livepusher::Error;
using livepusher::Result;
using livepusher::SnapshotQuality;

Error failed(const std::string& path, const std::string& why) { return {Code::FileFailed, "can't write " + path + ": " + why}; }

std::span<const std::uint8_t> profileOf(const AVFrame& frame) {
    const auto* profile = av_frame_get_side_data(&frame, AV_FRAME_DATA_ICC_PROFILE);
    return profile == nullptr ? std::span<const std::uint8_t>() : std::span<const std::uint8_t>(profile->data, profile->size);
}

}  // namespace

Result<std::string> writePicture(const std::string& path, const livepusher::VideoFrame& picture, const AVFrame& source,
                                 bool overwrite) {
    const auto quality = outputKind(path) == OutputKind::Png ? SnapshotQuality::raw : SnapshotQuality::compressed;
    const auto bytes = livepusher::capture::compressPicture(picture, quality, {.thorough = true, .profile = profileOf(source)});
    if (!bytes) return failed(path, bytes.error().message);

    PartialFile file;
    if (auto opened = file.open(path, overwrite); !opened) return opened.error();
    std::FILE* out = std::fopen(file.path().c_str(), "wb");
    if (out == nullptr) return failed(path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
    const bool written = std::fwrite(bytes->data(), 1, bytes->size(), out) == bytes->size();
    const int reason = errno;
    const bool closed = std::fclose(out) == 0;
    if (!written || !closed) return failed(path, std::strerror(written ? errno : reason));  // NOLINT(concurrency-mt-unsafe)
    return file.finish();
}

}  // namespace program
