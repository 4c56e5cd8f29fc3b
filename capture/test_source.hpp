// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "capture/source.hpp"

namespace livepusher::capture {

/// The time that the two ends of the test source share.
class TestClock;

std::shared_ptr<TestClock> makeTestClock();

/// TestPicture in exactly the wanted size and rate: the n-th frame n/fps after the beginning, none left out.
std::unique_ptr<VideoSource> makeTestVideo(std::shared_ptr<TestClock> clock);

/// TestTone, its beeps in step with the picture of the same clock.
std::unique_ptr<AudioSource> makeTestAudio(std::shared_ptr<TestClock> clock);

}  // namespace livepusher::capture
