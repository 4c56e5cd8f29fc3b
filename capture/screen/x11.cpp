// SPDX-License-Identifier: MIT
#include "capture/screen/x11.hpp"

#include "base/shared_library.hpp"

namespace livepusher::capture {
namespace {

struct Loaded {
    base::SharedLibrary core{"libxcb.so.1"}, shm{"libxcb-shm.so.0"}, damage{"libxcb-damage.so.0"}, xfixes{"libxcb-xfixes.so.0"},
        randr{"libxcb-randr.so.0"}, composite{"libxcb-composite.so.0"};
    X11 functions;

    Loaded() {
#define X(function) LIBRARY.look(functions.function, #function);
#define LIBRARY core
        LIVEPUSHER_XCB(X)
#undef LIBRARY
#define LIBRARY shm
        LIVEPUSHER_XCB_SHM(X)
#undef LIBRARY
#define LIBRARY damage
        LIVEPUSHER_XCB_DAMAGE(X)
#undef LIBRARY
#define LIBRARY xfixes
        LIVEPUSHER_XCB_XFIXES(X)
#undef LIBRARY
#define LIBRARY randr
        LIVEPUSHER_XCB_RANDR(X)
#undef LIBRARY
#define LIBRARY composite
        LIVEPUSHER_XCB_COMPOSITE(X)
#undef LIBRARY
#undef X
    }

    const std::string& missing() const {
        for (const auto* library : {&core, &shm, &damage, &xfixes, &randr})
            if (!library->missing().empty()) return library->missing();
        return composite.missing();
    }
};

const Loaded& loaded() {
    static const Loaded made;
    return made;
}

}  // namespace

Result<void> loadX11() {
    const auto& missing = loaded().missing();
    if (missing.empty()) return {};
    return Error{Code::ScreenCaptureUnsupported, "screens need the X libraries (" + missing +
                                                     "): apt-get install libxcb1 libxcb-shm0 libxcb-damage0 libxcb-xfixes0 "
                                                     "libxcb-randr0 libxcb-composite0"};
}

const X11& x11() { return loaded().functions; }

}  // namespace livepusher::capture
