// SPDX-License-Identifier: MIT
#include "capture/screen/x11.hpp"

namespace livepusher::capture {
namespace {

const auto& libraries() {
    static const base::LoadedLibrary<X11> loaded({"libxcb.so.1", "libxcb-shm.so.0", "libxcb-damage.so.0", "libxcb-xfixes.so.0",
                                                  "libxcb-randr.so.0", "libxcb-composite.so.0"});
    return loaded;
}

}  // namespace

Result<void> loadX11() {
    const auto& missing = libraries().missing();
    if (missing.empty()) return {};
    return Error{Code::ScreenCaptureUnsupported, "screens need the X libraries (" + missing +
                                                     "): apt-get install libxcb1 libxcb-shm0 libxcb-damage0 libxcb-xfixes0 "
                                                     "libxcb-randr0 libxcb-composite0"};
}

const X11& x11() { return *libraries(); }

}  // namespace livepusher::capture
