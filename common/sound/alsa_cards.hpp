// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace livepusher::sound {

/// What to do about sound cards that may not be opened.
inline constexpr const char* kCardDenied =
    "access denied: put the user into the group \"audio\" (adduser NAME audio) and log in again";

/// Whether that ID names a device of ALSA: "hw:…", "plughw:…" and the like, or "alsa:NAME". [any-thread]
bool isAlsaId(const std::string& id);
/// What ALSA calls it: NAME of "alsa:NAME"; "default" for none. [any-thread]
std::string alsaName(const std::string& id);

/// The numbers of the cards that are there and may not be opened: ALSA says nothing of them. [any-thread]
std::vector<int> forbiddenCards();

}  // namespace livepusher::sound
