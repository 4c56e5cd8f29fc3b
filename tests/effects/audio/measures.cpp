// SPDX-License-Identifier: MIT
#include "measures.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "effects/audio/dsp/biquad.hpp"

namespace livepusher::effects::test {
namespace {

using Complex = std::complex<double>;

void fft(std::vector<Complex>& a) {
    const auto n = a.size();
    for (std::size_t i = 1, j = 0; i < n; ++i) {
        auto bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) std::swap(a[i], a[j]);
    }
    for (std::size_t length = 2; length <= n; length <<= 1) {
        const auto step = std::polar(1.0, -2 * std::numbers::pi / static_cast<double>(length));
        for (std::size_t i = 0; i < n; i += length) {
            Complex w = 1;
            for (std::size_t k = 0; k < length / 2; ++k, w *= step) {
                const auto u = a[i + k], v = a[i + k + length / 2] * w;
                a[i + k] = u + v;
                a[i + k + length / 2] = u - v;
            }
        }
    }
}

std::vector<Complex> windowed(std::span<const float> sound, std::size_t size) {
    std::vector<Complex> out(size);
    for (std::size_t i = 0; i < std::min(size, sound.size()); ++i)
        out[i] = sound[i] * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size)));
    fft(out);
    return out;
}

/// Where the parabola through three values has its top: -0.5..0.5.
double top(double left, double middle, double right) {
    const double bend = left - 2 * middle + right;
    return bend == 0 ? 0 : 0.5 * (left - right) / bend;
}

/// Power in pieces of a millisecond, without its mean.
std::vector<double> contour(std::span<const float> sound, int rate) {
    const auto piece = static_cast<std::size_t>(rate / 1000);
    std::vector<double> out;
    double mean = 0;
    for (std::size_t at = 0; at + piece <= sound.size(); at += piece) {
        double sum = 0;
        for (const float sample : sound.subspan(at, piece)) sum += sample * sample;
        out.push_back(std::sqrt(sum));
        mean += out.back();
    }
    for (auto& value : out) value -= mean / static_cast<double>(out.size());
    return out;
}

}  // namespace

double decibels(double power) { return 10 * std::log10(std::max(power, 1e-20)); }

double rmsDbfs(std::span<const float> sound) {
    double sum = 0;
    for (const float sample : sound) sum += double{sample} * double{sample};
    return decibels(sum / static_cast<double>(sound.size()));
}

double peak(std::span<const float> sound) {
    float most = 0;
    for (const float sample : sound) most = std::max(most, std::abs(sample));
    return most;
}

bool allFinite(std::span<const float> sound) {
    return std::all_of(sound.begin(), sound.end(), [](float sample) { return std::isfinite(sample); });
}

double loudness(std::span<const float> sound, int rate) {
    auto head = dsp::Biquad::highShelf(rate, 1500, 4), low = dsp::Biquad::highPass(rate, 38, 0.5);
    std::vector<float> heard;
    for (const float sample : sound) heard.push_back(low(head(sample)));
    return rmsDbfs(heard);
}

std::vector<double> spectrum(std::span<const float> sound, std::size_t size) {
    std::vector<double> out(size / 2, 0.0);
    double windows = 0;
    for (std::size_t at = 0; at + size <= sound.size(); at += size / 2, ++windows) {
        const auto part = windowed(sound.subspan(at, size), size);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] += std::norm(part[i]);
    }
    for (auto& value : out) value /= std::max(windows, 1.0);
    return out;
}

double strongestHz(std::span<const float> sound, int rate) {
    const auto size = std::size_t{1} << static_cast<int>(std::log2(sound.size()));
    const auto power = spectrum(sound, size);
    const auto at = static_cast<std::size_t>(std::max_element(power.begin() + 1, power.end() - 1) - power.begin());
    const double off = top(std::log(power[at - 1]), std::log(power[at]), std::log(power[at + 1]));
    return (static_cast<double>(at) + off) * rate / static_cast<double>(size);
}

double fundamentalHz(std::span<const float> sound, int rate) {
    const auto size = static_cast<std::size_t>(rate / 20), shortest = static_cast<std::size_t>(rate / 400),
               longest = static_cast<std::size_t>(rate / 50);
    const double all = rmsDbfs(sound);
    std::vector<double> found;
    for (std::size_t at = 0; at + size + longest + 1 < sound.size(); at += size) {
        if (rmsDbfs(sound.subspan(at, size)) < all - 3) continue;
        std::vector<double> alike(longest + 2, 0.0);
        for (std::size_t lag = shortest - 1; lag <= longest + 1; ++lag) {
            double sum = 0, power = 1e-12;
            for (std::size_t i = at; i < at + size; ++i) {
                sum += sound[i] * sound[i + lag];
                power += sound[i + lag] * sound[i + lag];
            }
            alike[lag] = sum / std::sqrt(power);
        }
        const double best = *std::max_element(alike.begin(), alike.end());
        for (std::size_t lag = shortest; lag <= longest; ++lag) {  // the shortest period that does nearly as well as the best
            if (alike[lag] < 0.9 * best || alike[lag] < alike[lag - 1] || alike[lag] < alike[lag + 1]) continue;
            found.push_back(rate / (static_cast<double>(lag) + top(alike[lag - 1], alike[lag], alike[lag + 1])));
            break;
        }
    }
    if (found.empty()) return 0;
    std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(found.size() / 2), found.end());
    return found[found.size() / 2];
}

double centroidHz(std::span<const float> sound, int rate) {
    const auto power = spectrum(sound);
    double sum = 0, moment = 0;
    for (std::size_t i = 0; i < power.size(); ++i) {
        const double amplitude = std::sqrt(power[i]);
        sum += amplitude;
        moment += amplitude * static_cast<double>(i);
    }
    return moment / sum * rate / (2.0 * static_cast<double>(power.size()));
}

std::array<double, 24> bands(std::span<const float> sound, int rate) {
    const auto power = spectrum(sound);
    std::array<double, 24> out{};
    double all = 0;
    for (std::size_t i = 1; i < power.size(); ++i) {
        const double hz = static_cast<double>(i) * rate / (2.0 * static_cast<double>(power.size()));
        const double place = 24 * std::log(hz / 60) / std::log(7600.0 / 60);
        if (place < 0 || place >= 24) continue;
        out[static_cast<std::size_t>(place)] += power[i];
        all += power[i];
    }
    for (auto& value : out) value = std::max(decibels(value / (all + 1e-20)), -60.0);
    return out;
}

std::size_t lagOfWaves(std::span<const float> in, std::span<const float> out, std::size_t most) {
    std::size_t best = 0;
    double record = 0;
    for (std::size_t lag = 0; lag <= most; ++lag) {
        double sum = 0;
        for (std::size_t i = 0; i + lag < out.size(); ++i) sum += in[i] * out[i + lag];
        if (std::abs(sum) > record) record = std::abs(sum), best = lag;
    }
    return best;
}

double lagOfLoudness(std::span<const float> in, std::span<const float> out, std::size_t most, int rate) {
    const auto a = contour(in, rate), b = contour(out, rate);
    const auto longest = most * 1000 / static_cast<std::size_t>(rate);
    std::vector<double> sums(longest + 1, 0.0);
    for (std::size_t lag = 0; lag <= longest; ++lag)
        for (std::size_t i = 0; i + lag < b.size(); ++i) sums[lag] += a[i] * b[i + lag];
    const auto at = static_cast<std::size_t>(std::max_element(sums.begin(), sums.end()) - sums.begin());
    const double off = at == 0 || at == longest ? 0 : top(sums[at - 1], sums[at], sums[at + 1]);
    return (static_cast<double>(at) + off) * rate / 1000;
}

double rt60(std::span<const float> response, int rate) {
    std::vector<double> left(response.size() + 1, 0.0);
    for (std::size_t i = response.size(); i-- > 0;) left[i] = left[i + 1] + double{response[i]} * double{response[i]};
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t i = 0; i < response.size(); ++i) {
        const double x = static_cast<double>(i) / rate, y = decibels(left[i] / left[0]);
        if (y > -5 || y < -35) continue;
        n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
    }
    return -60 * (n * sxx - sx * sx) / (n * sxy - sx * sy);
}

}  // namespace livepusher::effects::test
