// SPDX-License-Identifier: MIT
#include "net/curl_descriptors.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string_view>

namespace livepusher::base {
namespace {

std::vector<OpenDescriptor> descriptors() {
    std::vector<OpenDescriptor> found;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"), closedir);
    if (!folder) return found;
    while (const auto* entry = readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe): the stream is this call's own
        const std::string_view name(entry->d_name);
        int number = -1;
        if (std::from_chars(name.data(), name.data() + name.size(), number).ec != std::errc()) continue;
        // Not by fstat(): others may close theirs meanwhile.
        std::array<char, 64> what{};
        const auto length = readlinkat(dirfd(folder.get()), entry->d_name, what.data(), what.size());
        if (number != dirfd(folder.get()) && length > 0)
            found.push_back({number, {what.data(), static_cast<std::size_t>(length)}});
    }
    std::ranges::sort(found);
    return found;
}

int option(int socket, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

bool isInherited(int descriptor) {
    const int flags = fcntl(descriptor, F_GETFD);
    return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

int bytes(int socket, unsigned long which) {
    int count = -1;
    return ioctl(socket, which, &count) == 0 ? count : -1;
}

}  // namespace

int openSocket(int family, int type, int protocol) { return ::socket(family, type | SOCK_CLOEXEC, protocol); }

void disconnect(int socket) {
    const sockaddr nowhere{.sa_family = AF_UNSPEC, .sa_data = {}};
    if (connect(socket, &nowhere, sizeof nowhere) != 0) shutdown(socket, SHUT_RDWR);
}

WakeUpPair::WakeUpPair() : known_(descriptors()) {}

std::vector<int> WakeUpPair::quiet() const {
    std::vector<int> ends;
    for (const auto& found : descriptors()) {
        const int each = found.number;
        if (std::ranges::binary_search(known_, found) || !isInherited(each)) continue;
        if (option(each, SO_DOMAIN) != AF_UNIX || option(each, SO_TYPE) != SOCK_STREAM) continue;
        if (bytes(each, FIONREAD) == 0 && bytes(each, SIOCOUTQ) == 0) ends.push_back(each);
    }
    return ends;
}

bool WakeUpPair::closeThoseThatHaveSpoken(const std::vector<int>& before) {
    int found = 0;
    for (const int each : before) {
        // The byte waits at the one end, and is held against the other.
        if (bytes(each, FIONREAD) <= 0 && bytes(each, SIOCOUTQ) <= 0) continue;
        found += fcntl(each, F_SETFD, FD_CLOEXEC) == 0 ? 1 : 0;
    }
    return found == 2;
}

}  // namespace livepusher::base
