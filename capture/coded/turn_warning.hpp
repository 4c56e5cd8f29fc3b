// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "media/orientation.hpp"

namespace livepusher::capture {

/// Says in the log, once for a source, that its pictures are to be turned, which can't be done without decoding them.
class TurnWarning {
public:
    /// `label` begins the line. What needs no turn is no news.
    void container(const std::string& label, base::Orientation orientation);
    void pictures(const std::string& label, base::Orientation orientation);  ///< by their SEI

private:
    void warn(const std::string& label, base::Orientation orientation, const char* whose, const char* outcome);

    bool told_ = false;
};

}  // namespace livepusher::capture
