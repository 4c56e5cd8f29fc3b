// SPDX-License-Identifier: MIT
#include "effects/audio/splices.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace livepusher::effects {
namespace {

constexpr std::size_t kCoarse = 4;        // frames that are one where it is looked for roughly
constexpr std::size_t kAround = kCoarse;  // frames on either side of the rough place that are looked at again
constexpr double kSilence = 1e-7;         // mean power, -70 dB: nobody hears what is joined there
constexpr double kForDistance = 0.02;     // by which the farthest place has to be better

double energy(std::span<const float> of) {
    float sum = 0;
    for (const float each : of) sum += each * each;
    return sum;
}

double product(const float* a, const float* b, std::size_t count) {
    float sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += a[i] * b[i];
    return sum;
}

void thin(std::span<const float> from, std::size_t channels, std::vector<float>& to) {
    to.clear();
    for (std::size_t at = 0; at + kCoarse * channels <= from.size(); at += kCoarse * channels)
        for (std::size_t channel = 0; channel < channels; ++channel) {
            float sum = 0;
            for (std::size_t i = 0; i < kCoarse; ++i) sum += from[at + i * channels + channel];
            to.push_back(sum);
        }
}

struct Search {
    std::span<const float> like, among;
    std::size_t channels;
    double wanted, perPlace;

    /// The best of the places from `first` to before `end`.
    SpliceFinder::Place best(std::size_t first, std::size_t end) const {
        SpliceFinder::Place found;
        double most = -4;
        const double own = energy(like);
        double there = energy(among.subspan(first * channels, like.size()));
        for (std::size_t at = first; at < end; ++at) {
            const auto begin = at * channels;
            const double both = std::sqrt(own * std::max(there, 0.0));
            const double likeness = both > 0 ? product(like.data(), among.data() + begin, like.size()) / both : 0;
            const double score = likeness - perPlace * std::abs(static_cast<double>(at) - wanted);
            if (score > most) {
                most = score;
                found = {at, likeness};
            }
            for (std::size_t i = 0; i < channels && begin + like.size() + i < among.size(); ++i) {
                const double in = among[begin + like.size() + i], out = among[begin + i];
                there += in * in - out * out;
            }
        }
        return found;
    }
};

}  // namespace

SpliceFinder::SpliceFinder(std::size_t channels, std::size_t length, std::size_t range)
    : channels_(channels), length_(length), range_(range) {
    coarseLike_.reserve((length / kCoarse + 1) * channels);
    coarse_.reserve(((length + range) / kCoarse + 1) * channels);
}

SpliceFinder::Place SpliceFinder::find(std::span<const float> like, std::span<const float> among, std::size_t wanted) {
    assert(like.size() == length_ * channels_ && among.size() == (length_ + range_ - 1) * channels_);
    if (energy(like) < kSilence * static_cast<double>(like.size()) &&
        energy(among) < kSilence * static_cast<double>(among.size()))
        return {wanted, 1};
    thin(like, channels_, coarseLike_);
    thin(among, channels_, coarse_);
    const double perPlace = kForDistance / static_cast<double>(range_);
    const auto places = (coarse_.size() - coarseLike_.size()) / channels_ + 1;
    const Search roughly{coarseLike_, coarse_, channels_, static_cast<double>(wanted) / kCoarse, perPlace * kCoarse};
    const auto middle = roughly.best(0, places).at * kCoarse;
    const Search exactly{like, among, channels_, static_cast<double>(wanted), perPlace};
    return exactly.best(middle - std::min(middle, kAround), std::min(middle + kAround + 1, range_));
}

void crossFade(std::span<const float> from, std::span<const float> into, double likeness, std::size_t channels,
               std::span<float> to) {
    const double step = std::numbers::pi * static_cast<double>(channels) / static_cast<double>(to.size());
    const double alike = std::clamp(likeness, 0.0, 1.0);
    double frame = 0.5;
    for (std::size_t at = 0; at < to.size(); at += channels, ++frame) {
        const double in = 0.5 - 0.5 * std::cos(step * frame), out = 1 - in;
        // What is alike adds up as waves do, what is not as powers do.
        const double level = 1 / std::sqrt(in * in + out * out + 2 * alike * in * out);
        for (std::size_t i = at; i < at + channels; ++i)
            to[i] = static_cast<float>(level * out) * from[i] + static_cast<float>(level * in) * into[i];
    }
}

}  // namespace livepusher::effects
