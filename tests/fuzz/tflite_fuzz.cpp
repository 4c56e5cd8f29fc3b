// SPDX-License-Identifier: MIT
// What the directory of face models can hold: the .tflite reader, and the network that is built of what it reads.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "effects/faces/network.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace livepusher::effects::faces;
    const auto model = parseTflite({data, data + size});
    if (!model) {
        require(!model.error().message.empty() && model.error().message.size() < 1000);
        return 0;
    }
    std::size_t elements = 0;
    for (const auto& tensor : model->tensors) elements += tensor.elements();
    if (elements > 100'000) return 0;  // allowed, but each would take its time
    auto network = Network::build(*model);
    if (!network) {
        require(!network.error().message.empty() && network.error().message.size() < 1000);
        return 0;
    }
    std::fill(network->input().begin(), network->input().end(), 1.0F);
    require(network->run().has_value());
    for (std::size_t i = 0; i < network->outputs(); ++i) require(!network->output(i).empty());
    return 0;
}
