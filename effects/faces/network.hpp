// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <memory>
#include <span>

#include "effects/faces/tflite_model.hpp"

namespace livepusher::effects::faces {

/// A network of one input that can be run, on the calling thread alone.
class Network {
public:
    struct Runtime;  ///< what XNNPACK needs

    /// Refuses what does not fit together: no tensor is read or written outside of its memory, whatever the file said.
    static Result<Network> build(const TfliteModel& model);

    ~Network();
    Network(Network&&) noexcept;
    Network& operator=(Network&&) noexcept;

    std::span<const std::size_t> inputShape() const;  ///< NHWC
    std::span<float> input();                         ///< to be filled before run()
    std::size_t outputs() const;
    std::span<const float> output(std::size_t i) const;  ///< of the last run()

    Result<void> run();

private:
    explicit Network(std::unique_ptr<Runtime> runtime);
    std::unique_ptr<Runtime> runtime_;
};

}  // namespace livepusher::effects::faces
