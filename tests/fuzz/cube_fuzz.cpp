// SPDX-License-Identifier: MIT
// What a .cube file can hold, and colours through what came of it.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "effects/cube_file.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher::effects;
    std::istringstream text(std::string(reinterpret_cast<const char*>(data), size));
    const auto cube = Cube::parse(text);
    if (!cube) {
        require(cube.error().message.starts_with("line ") && cube.error().message.size() < 200);
        return 0;
    }
    require(cube->size() >= 2);
    for (const auto& colour : {Rgb{0, 0, 0}, Rgb{1, 1, 1}, Rgb{0.3F, 0.7F, 0.1F}, Rgb{-9, 9, 0}}) {
        const auto made = (*cube)(colour);
        require(!std::isnan(made.r) && !std::isnan(made.g) && !std::isnan(made.b));
    }
    return 0;
}
