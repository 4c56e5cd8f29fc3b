// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace livepusher::base {

/// Gives back the pages of shared libraries that only loading them needed. [any-thread]
///
/// To load libavformat the dynamic linker reads the symbols and relocations of some 130 libraries: 20 MB that count as
/// this process' memory from then on and are hardly read again. Only code and constants are let go (never the
/// program's own), and only where no page was written to, so that what a debugger or a tracer has put into them stays.
/// What is read again comes out of the page cache, or from the file.
///
/// @return how many bytes of address space were given back; 0 where the kernel tells nothing of pages
std::size_t releaseLoadedPages();

}  // namespace livepusher::base
