// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include "effects/rgb.hpp"

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

namespace livepusher::effects {

/// A colour table from a .cube file (Adobe, Cube LUT Specification 1.0).
class Cube {
public:
    /// Reads from text. Errors: InvalidArgument, with the line's number.
    static Result<Cube> parse(std::istream& text);
    /// Likewise, of a path or a file: URL, and says which file it is. Blocks.
    static Result<Cube> load(const std::string& text);

    /// What becomes of a colour; outside the domain as at its edge. May lie outside of 0..1.
    Rgb operator()(const Rgb& rgb) const;
    std::size_t size() const { return size_; }  ///< nodes a side
    bool threeDimensional() const { return threeDimensional_; }

private:
    Rgb curve(const Rgb& rgb) const;
    Rgb solid(const Rgb& rgb) const;

    bool threeDimensional_ = true;
    std::size_t size_ = 0;
    Rgb domainMin_{0, 0, 0}, domainMax_{1, 1, 1};
    std::vector<Rgb> nodes_;  // red fastest
};

}  // namespace livepusher::effects
