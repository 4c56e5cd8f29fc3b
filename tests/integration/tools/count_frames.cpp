// SPDX-License-Identifier: MIT
// count_frames [--flash X,Y,W,H] [--channel N] FILE
// Decodes FILE and prints as JSON: how many frames it has, what the test picture's counter says about lost and
// doubled ones, and how far beeps are from flashes (beep minus flash; --flash: where to look, --channel: where to listen).
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "av_reader.hpp"
#include "capture/test_counter.hpp"
#include "onsets.hpp"

namespace {

struct Region {
    int x = 0, y = 0, width = 0, height = 0;
};

/// Follows the test picture's frame counter.
struct Counter {
    int read = 0, unreadable = 0, lost = 0, doubled = 0, backwards = 0;
    std::optional<long> first, last;

    void add(const AVFrame& frame) {
        if (picture_.width() != frame.width || picture_.height() != frame.height) {
            picture_ = livepusher::VideoFrame::allocate(frame.width, frame.height);
        }
        for (int y = 0; y < frame.height; ++y) {  // the counter is in the luma alone
            const auto* row = frame.data[0] + static_cast<std::ptrdiff_t>(y) * frame.linesize[0];
            std::copy_n(row, frame.width, picture_.mutablePlane(0) + static_cast<std::ptrdiff_t>(y) * picture_.stride(0));
        }
        const auto value = livepusher::capture::readTestCounter(picture_);
        if (!value) {
            ++unreadable;
            return;
        }
        const long now = static_cast<long>(*value);
        ++read;
        if (last) {
            if (now == *last) ++doubled;
            if (now > *last + 1) lost += static_cast<int>(now - *last - 1);
            if (now < *last) ++backwards;
        } else {
            first = now;
        }
        last = now;
    }

private:
    livepusher::VideoFrame picture_;
};

double meanLuma(const AVFrame& frame, const Region& wanted) {
    const int right = std::min(frame.width, wanted.x + wanted.width), bottom = std::min(frame.height, wanted.y + wanted.height);
    double sum = 0;
    for (int y = wanted.y; y < bottom; ++y)
        for (int x = wanted.x; x < right; ++x) sum += frame.data[0][y * frame.linesize[0] + x];
    return sum / std::max(1, (right - wanted.x) * (bottom - wanted.y));
}

/// Loudness of one channel in steps of 2 ms.
void listen(const AVFrame& frame, double seconds, int channel, tools::Onsets& beeps) {
    const int channels = frame.ch_layout.nb_channels, wanted = std::min(channel, channels - 1);
    const bool planar = frame.format == AV_SAMPLE_FMT_FLTP;    // what FFmpeg's AAC decoder gives
    if (!planar && frame.format != AV_SAMPLE_FMT_FLT) return;  // and the one of plain samples
    const auto* samples = reinterpret_cast<const float*>(frame.extended_data[planar ? wanted : 0]) + (planar ? 0 : wanted);
    const std::ptrdiff_t stride = planar ? 1 : channels;
    const int step = frame.sample_rate / 500;
    for (int at = 0; at + step <= frame.nb_samples; at += step) {
        double energy = 0;
        for (int i = at; i < at + step; ++i) {
            const double sample = samples[i * stride];
            energy += sample * sample;
        }
        beeps.add(seconds + static_cast<double>(at) / frame.sample_rate, std::sqrt(energy / step));
    }
}

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

nlohmann::json measure(const std::string& path, const Region& region, int channel) {
    Counter counter;
    tools::Onsets flashes(150, 0.4), beeps(0.2, 0.4);
    int videoFrames = 0, audioFrames = 0;
    tools::AvReader(path).read(
        [&](const AVFrame& frame, double seconds) {
            ++videoFrames;
            counter.add(frame);
            flashes.add(seconds, meanLuma(frame, region));
        },
        [&](const AVFrame& frame, double seconds) {
            ++audioFrames;
            listen(frame, seconds, channel, beeps);
        });

    nlohmann::json result{{"videoFrames", videoFrames},
                          {"audioFrames", audioFrames},
                          {"flashes", flashes.times().size()},
                          {"beeps", beeps.times().size()}};
    result["counter"] = {{"read", counter.read},
                         {"unreadable", counter.unreadable},
                         {"lost", counter.lost},
                         {"doubled", counter.doubled},
                         {"backwards", counter.backwards}};
    if (counter.first) result["counter"].update({{"first", *counter.first}, {"last", *counter.last}});
    const auto offsets = tools::distances(flashes.times(), beeps.times());
    if (!offsets.empty()) {
        const auto [least, most] = std::minmax_element(offsets.begin(), offsets.end());
        result["offsetMs"] = {{"median", median(offsets)}, {"least", *least}, {"most", *most}, {"pairs", offsets.size()}};
    }
    return result;
}

}  // namespace

int main(int argc, char** argv) {
    Region region{0, 0, 1 << 16, 1 << 16};
    int channel = 0;
    std::string path;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--flash" && i + 1 < argc) {
            if (std::sscanf(argv[++i], "%d,%d,%d,%d", &region.x, &region.y, &region.width, &region.height) != 4) path.clear();
        } else if (argument == "--channel" && i + 1 < argc) {
            channel = std::atoi(argv[++i]);
        } else {
            path = argument;
        }
    }
    if (path.empty()) {
        std::fprintf(stderr, "usage: count_frames [--flash X,Y,W,H] [--channel N] FILE\n");
        return 2;
    }
    try {
        std::printf("%s\n", measure(path, region, channel).dump().c_str());
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "count_frames: %s\n", error.what());
        return 1;
    }
}
