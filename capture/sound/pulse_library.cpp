// SPDX-License-Identifier: MIT
#include "capture/sound/pulse_library.hpp"

#include "base/shared_library.hpp"

#include <string>

namespace livepusher::capture {
namespace {

constexpr const char* kLibrary = "libpulse.so.0";

struct Loaded {
    base::SharedLibrary library{kLibrary};
    PulseLibrary functions;

    Loaded() {
#define X(function) library.look(functions.function, #function);
        LIVEPUSHER_PULSE(X)
#undef X
    }
};

const Loaded& loaded() {
    static const Loaded made;
    return made;
}

}  // namespace

Result<void> loadPulse() {
    if (loaded().library.missing().empty()) return {};
    return Error{Code::NotAvailable, std::string("the sound server needs ") + kLibrary + ": apt-get install libpulse0 (" +
                                         loaded().library.missing() + ")"};
}

const PulseLibrary& pulse() { return loaded().functions; }

}  // namespace livepusher::capture
