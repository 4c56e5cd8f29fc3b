// SPDX-License-Identifier: MIT
#include "base/loaded_pages.hpp"

#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/descriptor.hpp"

namespace livepusher::base {
namespace {

// Documentation/admin-guide/mm/pagemap.rst of the kernel: one 64-bit word a page.
constexpr auto kPresent = std::uint64_t{1} << 63, kSwapped = std::uint64_t{1} << 62, kOfFile = std::uint64_t{1} << 61;

struct Release {
    int pagemap;
    std::size_t page;
    std::size_t bytes = 0;
    std::array<std::uint64_t, 512> words;  // no allocation: an exception must not go through the dynamic linker

    /// Whether all pages there are those of the file: a page that was written to is the process' own.
    bool untouched(std::uintptr_t begin, std::size_t pages) {
        const auto size = pages * sizeof(words.front());
        const auto at = static_cast<off_t>(begin / page * sizeof(words.front()));
        if (pread(pagemap, words.data(), size, at) != static_cast<ssize_t>(size)) return false;
        return std::none_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(pages), [](auto each) {
            return (each & kSwapped) != 0 || ((each & kPresent) != 0 && (each & kOfFile) == 0);
        });
    }

    void segment(std::uintptr_t begin, std::uintptr_t end) {
        begin = (begin + page - 1) / page * page;
        for (std::size_t pages; begin + page <= end; begin += pages * page) {
            pages = std::min(words.size(), (end - begin) / page);
            if (untouched(begin, pages) && madvise(reinterpret_cast<void*>(begin), pages * page, MADV_DONTNEED) == 0)
                bytes += pages * page;
        }
    }
};

}  // namespace

std::size_t releaseLoadedPages() {
    const Descriptor pagemap(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
    if (!pagemap) return 0;
    Release release{pagemap.get(), static_cast<std::size_t>(sysconf(_SC_PAGESIZE)), 0, {}};
    dl_iterate_phdr(
        [](dl_phdr_info* object, std::size_t, void* given) {
            if (object->dlpi_name == nullptr || object->dlpi_name[0] != '/') return 0;  // the program itself, the kernel's page
            for (const auto* part = object->dlpi_phdr; part != object->dlpi_phdr + object->dlpi_phnum; ++part)
                if (part->p_type == PT_LOAD && !(part->p_flags & PF_W))
                    static_cast<Release*>(given)->segment(object->dlpi_addr + part->p_vaddr,
                                                          object->dlpi_addr + part->p_vaddr + part->p_filesz);
            return 0;
        },
        &release);
    return release.bytes;
}

}  // namespace livepusher::base
