// SPDX-License-Identifier: MIT
#include "effects/audio/dsp/combs.hpp"

#include <algorithm>

namespace livepusher::effects::dsp {

Combs::Combs(const std::array<Lane, kCount>& lanes, float damp) : feedback_(), damp_(damp) {
    for (std::size_t k = 0; k < kCount; ++k) {
        held_[k].assign(lanes[k].samples, 0.0F);
        feedback_[k] = lanes[k].feedback;
    }
}

void Combs::add(std::span<const float> in, std::span<float> out, float gain) {
    auto store = store_;
    const auto feedback = feedback_;
    const float damp = damp_, pass = 1 - damp;
    for (std::size_t done = 0; done < in.size();) {
        // As far as all go without coming to their ends.
        auto part = in.size() - done;
        std::array<float*, kCount> held{};
        for (std::size_t k = 0; k < kCount; ++k) {
            part = std::min(part, held_[k].size() - at_[k]);
            held[k] = held_[k].data() + at_[k];
        }
        for (std::size_t i = 0; i < part; ++i) {
            std::array<float, kCount> late;
            for (std::size_t k = 0; k < kCount; ++k) late[k] = held[k][i];
            for (std::size_t k = 0; k < kCount; ++k) store[k] = pass * late[k] + damp * store[k];
            for (std::size_t k = 0; k < kCount; ++k) held[k][i] = in[done + i] + feedback[k] * store[k];
            out[done + i] += gain * ((late[0] - late[1]) + (late[2] - late[3]) + (late[4] - late[5]) + (late[6] - late[7]));
        }
        for (std::size_t k = 0; k < kCount; ++k) {
            at_[k] += part;
            if (at_[k] == held_[k].size()) at_[k] = 0;
        }
        done += part;
    }
    store_ = store;
}

}  // namespace livepusher::effects::dsp
