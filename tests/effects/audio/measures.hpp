// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

/// What is measured of sounds, of one channel each.
namespace livepusher::effects::test {

double decibels(double power);
double rmsDbfs(std::span<const float> sound);
double peak(std::span<const float> sound);
bool allFinite(std::span<const float> sound);
/// As loud as it is heard: the mean power after the filters of ITU-R BS.1770, in dB; without gates.
double loudness(std::span<const float> sound, int rate);

/// The power of each frequency, the mean over windows of `size` (a power of 2): size/2 values.
std::vector<double> spectrum(std::span<const float> sound, std::size_t size = 4096);
/// The frequency of the strongest tone: interpolated, exact to some hundredths of a per cent.
double strongestHz(std::span<const float> sound, int rate);
/// The pitch of a voice, the median over its loud parts, by autocorrelation.
double fundamentalHz(std::span<const float> sound, int rate);
double centroidHz(std::span<const float> sound, int rate);
/// 24 bands, the power of each in dB against all.
std::array<double, 24> bands(std::span<const float> sound, int rate);

/// By how many samples `out` lies behind `in`, from 0 to `most`: where they are the most alike, as waves or by loudness.
std::size_t lagOfWaves(std::span<const float> in, std::span<const float> out, std::size_t most);
double lagOfLoudness(std::span<const float> in, std::span<const float> out, std::size_t most, int rate);

/// Seconds until what follows an impulse has fallen by 60 dB, by Schroeder's integral from -5 to -35 dB.
double rt60(std::span<const float> response, int rate);

}  // namespace livepusher::effects::test
