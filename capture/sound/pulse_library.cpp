// SPDX-License-Identifier: MIT
#include "capture/sound/pulse_library.hpp"

namespace livepusher::capture {
namespace {

const auto& library() {
    static const base::LoadedLibrary<PulseLibrary> loaded({"libpulse.so.0"});
    return loaded;
}

}  // namespace

Result<void> loadPulse() { return library().check("the sound server needs", "libpulse0"); }

const PulseLibrary& pulse() { return *library(); }

}  // namespace livepusher::capture
