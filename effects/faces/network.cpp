// SPDX-License-Identifier: MIT
#include "effects/faces/network.hpp"

#include <utility>

#include "effects/faces/network_builder.hpp"

namespace livepusher::effects::faces {

Result<Network> Network::build(const TfliteModel& model) {
    auto made = std::make_unique<Runtime>();
    if (auto built = NetworkBuilder(model, *made).run(); !built) return built.error();
    return Network(std::move(made));
}

Network::Network(std::unique_ptr<Runtime> runtime) : runtime_(std::move(runtime)) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

std::span<const std::size_t> Network::inputShape() const { return runtime_->inputShape; }
std::span<float> Network::input() { return {runtime_->input.data(), runtime_->inputElements}; }
std::size_t Network::outputs() const { return runtime_->outputs.size(); }
std::span<const float> Network::output(std::size_t i) const {
    return {runtime_->outputs[i].values.data(), runtime_->outputs[i].elements};
}

Result<void> Network::run() {
    if (const auto status = xnn_invoke_runtime(runtime_->runtime.get()); status != xnn_status_success)
        return Error{Code::InternalFailure, "XNNPACK could not run a face model", static_cast<int>(status)};
    return {};
}

}  // namespace livepusher::effects::faces
