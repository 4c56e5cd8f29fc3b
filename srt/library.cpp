// SPDX-License-Identifier: MIT
#include "srt/library.hpp"

#include <mutex>
#include <string>

#include "base/log.hpp"
#include "net/server_text.hpp"

namespace livepusher::srt {

namespace {

/// The very library that Debian's libavformat is linked with: it is on every machine that has livepusher, and a process that
/// reads a file, or srt:// by libavformat, has one libsrt and not two. OpenSSL's build of the same version has the same names of
/// functions and of C++ objects, which two copies in one process would mix up; so it does not stand in for this one.
const auto& loaded() {
    static const base::LoadedLibrary<SrtLibrary> library({"libsrt-gnutls.so.1.5"});
    return library;
}

/// What libsrt would print to stderr. It names sockets and what went wrong, never what they were opened with.
void logLine(void*, int, const char*, int, const char*, const char* message) {
    if (base::logs(LogLevel::Debug)) base::log(LogLevel::Debug, "libsrt: " + rtmp::serverText(message, ""));
}

}  // namespace

Result<void> loadSrt() { return loaded().check("an srt url needs", "libsrt1.5-gnutls"); }
const SrtLibrary& library() { return *loaded(); }

Result<Running> Running::start() {
    if (auto there = loadSrt(); !there) return Error{there.error().code, there.error().message, 0, true};
    if (library().srt_startup() < 0)
        return Error{Code::InternalFailure, std::string("libsrt does not start: ") + library().srt_getlasterror_str()};
    static std::once_flag once;
    std::call_once(once, [] {
        library().srt_setlogflags(SRT_LOGF_DISABLE_TIME | SRT_LOGF_DISABLE_THREADNAME | SRT_LOGF_DISABLE_SEVERITY |
                                  SRT_LOGF_DISABLE_EOL);
        library().srt_setloghandler(nullptr, logLine);
    });
    return Running();
}

}  // namespace livepusher::srt
