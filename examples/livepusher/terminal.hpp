// SPDX-License-Identifier: MIT
#pragma once

namespace program {

/// The terminal on stdin, switched to single keys without echo; switched back when this ends, and also when the process
/// exits or crashes. [main]
class Terminal {
public:
    Terminal() = default;
    ~Terminal() { leave(); }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    /// Whether stdin is a terminal and this process may read it now (it isn't in the background).
    static bool readable();

    bool enter();  ///< false: stdin is no terminal
    void leave();
    bool entered() const { return entered_; }

private:
    bool entered_ = false;
};

/// Columns of the terminal behind `fd`; 80 when it doesn't tell.
int terminalWidth(int fd);

}  // namespace program
