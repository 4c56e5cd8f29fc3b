// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace livepusher::sound {

/// What to do about sound cards that may not be opened.
inline constexpr const char* kCardDenied =
    "access denied: put the user into the group \"audio\" (adduser NAME audio) and log in again";

/// The numbers of the cards that are there and may not be opened: ALSA says nothing of them. [any-thread]
std::vector<int> forbiddenCards();

}  // namespace livepusher::sound
