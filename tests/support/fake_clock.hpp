// SPDX-License-Identifier: MIT
#pragma once

namespace livepusher {

/// While it lives, the steady clock stands still as long as any thread of the process runs; when all of them wait, it goes on
/// at once to the first moment that one of them waits for. So what lasts seconds takes the milliseconds of its work, and
/// nothing is ever late, however busy the machine is. The library and the test ask for the time and wait by it as they always
/// do, and notice nothing: each such function is replaced by the linker (--wrap), so that no wait can be forgotten.
///
/// Other processes, the kernel's sockets and libraries that are loaded at run time go by real time: where a test waits for
/// them, time would run away meanwhile. A thread that asks for the time again and again without a wait, or a yield, which takes a
/// millisecond, stops it for all.
///
/// Made before the threads that wait, and one at a time. Afterwards time goes on as it does, and never back.
class FakeClock {
public:
    FakeClock();
    ~FakeClock();
    FakeClock(const FakeClock&) = delete;
    FakeClock& operator=(const FakeClock&) = delete;
};

}  // namespace livepusher
