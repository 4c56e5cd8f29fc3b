// SPDX-License-Identifier: MIT
#include "media.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

namespace livepusher::effects::faces {

namespace {

constexpr const char* kPhotos = "/usr/lib/python3/dist-packages/skimage/data/";
const std::string kAstronaut = std::string(kPhotos) + "astronaut.png";

std::string videoPath(const std::string& name) { return std::string(LIVEPUSHER_TEST_MEDIA) + "/" + name; }

bool readPlane(std::FILE* from, VideoFrame& frame, int plane) {
    const auto width = static_cast<std::size_t>(plane == 0 ? frame.width() : frame.width() / 2);
    for (int y = 0; y < (plane == 0 ? frame.height() : frame.height() / 2); ++y)
        if (std::fread(frame.mutablePlane(plane) + static_cast<std::ptrdiff_t>(y) * frame.stride(plane), 1, width, from) != width)
            return false;
    return true;
}

std::vector<VideoFrame> decode(const std::string& path, const std::string& filters, int width, int height, int frames) {
    const std::string size = std::to_string(width) + ":" + std::to_string(height);
    const std::string command = "ffmpeg -v error -nostdin -i '" + path + "' -vf '" + filters + ",scale=" + size +
                                ":flags=bicubic:out_color_matrix=bt709' -pix_fmt yuv420p -frames:v " + std::to_string(frames) +
                                " -f rawvideo -";
    std::vector<VideoFrame> decoded;
    std::FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return decoded;
    for (int i = 0; i < frames; ++i) {
        auto frame = VideoFrame::allocate(width, height);
        if (!readPlane(pipe, frame, 0) || !readPlane(pipe, frame, 1) || !readPlane(pipe, frame, 2)) break;
        frame.pts = Timestamp(std::chrono::milliseconds(40)) * i;
        decoded.push_back(std::move(frame));
    }
    pclose(pipe);
    return decoded;
}

}  // namespace

std::string missingModels() {
    const auto found = findModels("");
    return found ? "" : found.error().message + " (./dev setup fetches them)";
}

std::string missingVideo(const std::string& name) {
    if (const auto models = missingModels(); !models.empty()) return models;
    return std::filesystem::exists(videoPath(name)) ? "" : videoPath(name) + " is not there (./dev setup fetches it)";
}

std::string missingAstronaut() {
    if (const auto models = missingModels(); !models.empty()) return models;
    return std::filesystem::exists(kAstronaut) ? "" : kAstronaut + " is not there (apt-get install python3-skimage)";
}

Models realModels() {
    auto models = loadModels("");
    EXPECT_TRUE(models) << models.error().message;
    return std::move(*models);
}

VideoFrame astronaut(const std::string& filters, int width, int height) {
    auto frames = decode(kAstronaut, filters, width, height, 1);
    EXPECT_EQ(frames.size(), 1U) << "ffmpeg could not decode " << kAstronaut;
    return frames.empty() ? grey(width, height) : frames[0];
}

VideoFrame photo(const std::string& name, int width, int height) {
    auto frames = decode(kPhotos + name, "null", width, height, 1);
    EXPECT_EQ(frames.size(), 1U) << "ffmpeg could not decode " << name;
    return frames.empty() ? grey(width, height) : frames[0];
}

std::vector<VideoFrame> video(const std::string& name, const std::string& filters, int width, int height, int frames) {
    auto decoded = decode(videoPath(name), filters, width, height, frames);
    EXPECT_EQ(decoded.size(), static_cast<std::size_t>(frames)) << "ffmpeg could not decode " << name;
    return decoded;
}

VideoFrame copyOf(const VideoFrame& frame) {
    auto copied = VideoFrame::allocate(frame.width(), frame.height());
    copied.pts = frame.pts;
    copied.bt709 = frame.bt709;
    paste(frame, copied, 0, 0);
    return copied;
}

VideoFrame grey(int width, int height) {
    auto frame = VideoFrame::allocate(width, height);
    for (int i = 0; i < 3; ++i)
        for (int y = 0; y < (i == 0 ? height : height / 2); ++y)
            std::fill_n(frame.mutablePlane(i) + static_cast<std::ptrdiff_t>(y) * frame.stride(i), i == 0 ? width : width / 2,
                        std::uint8_t{128});
    return frame;
}

void paste(const VideoFrame& from, VideoFrame& to, int x, int y) {
    for (int i = 0; i < 3; ++i) {
        const int half = i > 0;
        const int left = std::max(x, 0) >> half, right = std::min(x + from.width(), to.width()) >> half;
        if (right <= left) continue;
        for (int row = std::max(y, 0) >> half; row < std::min(y + from.height(), to.height()) >> half; ++row)
            std::memcpy(to.mutablePlane(i) + static_cast<std::ptrdiff_t>(row) * to.stride(i) + left,
                        from.plane(i) + static_cast<std::ptrdiff_t>(row - (y >> half)) * from.stride(i) + (left - (x >> half)),
                        static_cast<std::size_t>(right - left));
    }
}

bool samePixels(const VideoFrame& a, const VideoFrame& b) {
    if (a.width() != b.width() || a.height() != b.height()) return false;
    for (int i = 0; i < 3; ++i)
        for (int y = 0; y < (i == 0 ? a.height() : a.height() / 2); ++y)
            if (std::memcmp(a.plane(i) + static_cast<std::ptrdiff_t>(y) * a.stride(i),
                            b.plane(i) + static_cast<std::ptrdiff_t>(y) * b.stride(i),
                            static_cast<std::size_t>(i == 0 ? a.width() : a.width() / 2)) != 0)
                return false;
    return true;
}

}  // namespace livepusher::effects::faces
