// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/export.hpp>

#include <span>
#include <string>
#include <string_view>

namespace livepusher {

/// "videoWidth" as "video-width", "setBGMVolume" as "set-bgm-volume": a property's or method's name as a flag. What is in
/// kebab-case already stays. [any-thread]
LIVEPUSHER_API std::string kebabCase(std::string_view name);

/// The one of `candidates` that was probably meant by `name`, where a capital is as good as a small letter; empty when
/// none is near. Points into `candidates`. [any-thread]
LIVEPUSHER_API std::string_view nearestName(std::string_view name, std::span<const std::string> candidates);

}  // namespace livepusher
