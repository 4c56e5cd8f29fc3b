// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "capture/source.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

/// Which cameras are meant by front and back, as the application has configured it; empty: as it is found.
struct CameraIds {
    std::string front{}, back{};
};

std::unique_ptr<VideoSource> makeCamera(const Spec& spec, const CameraIds& ids);

}  // namespace livepusher::capture
