// SPDX-License-Identifier: MIT
#include "effects/faces/network_builder.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace livepusher::effects::faces {

namespace {

using Kind = TfliteModel::Kind;
using Type = TfliteModel::Type;

// XNNPACK reads up to this much behind the end of what it is given.
constexpr std::size_t kSlack = XNN_EXTRA_BYTES / sizeof(float) + 1;

}  // namespace

Result<void> NetworkBuilder::run() {
    if (xnn_initialize(nullptr) != xnn_status_success)
        return Error{Code::InternalFailure, "XNNPACK, which runs the face models, does not know this machine's processor"};
    if (model_.inputs.size() != 1) return unusable(std::to_string(model_.inputs.size()) + " inputs");
    if (auto found = findHeads(); !found) return found;
    xnn_subgraph_t subgraph = nullptr;
    if (xnn_create_subgraph(static_cast<std::uint32_t>(heads_.size() + 1), 0, &subgraph) != xnn_status_success)
        return unusable("out of memory");
    subgraph_.reset(subgraph);
    if (auto added = addInput(); !added) return added;
    for (const auto& op : model_.operators)
        if (auto added = add(op); !added) return added;
    return finish();
}

Result<void> NetworkBuilder::findHeads() {
    for (std::size_t o = 0; o < model_.outputs.size(); ++o) {
        const auto& whole = tensor(model_.outputs[o]);
        std::vector<std::size_t> parts{model_.outputs[o]};
        for (const auto& op : model_.operators) {
            if (op.kind != Kind::Concatenation || op.outputs[0] != model_.outputs[o]) continue;
            const auto before = static_cast<std::size_t>(std::max(op.axis, 0));
            if (op.axis < 0 || before >= whole.shape.size() || op.activation != TfliteModel::Activation::None ||
                std::any_of(whole.shape.begin(), whole.shape.begin() + op.axis, [](std::size_t s) { return s != 1; }))
                return unusable("a concatenation across rows");
            parts = op.inputs;
        }
        std::size_t offset = 0;
        for (const auto part : parts) {
            if (std::any_of(heads_.begin(), heads_.end(), [&](const Head& head) { return head.tensor == part; }))
                return unusable("a tensor is in two outputs");
            heads_.push_back({part, o, offset});
            offset += tensor(part).elements();
        }
        if (offset != whole.elements() || offset > kMostElements) return unusable("an output's size");
        made_.outputs.push_back({std::vector<float>(offset + kSlack), offset});
    }
    return {};
}

Result<void> NetworkBuilder::addInput() {
    const auto& input = tensor(model_.inputs[0]);
    if (input.shape.size() != 4 || !input.data.empty()) return unusable("its input is not a picture");
    made_.inputShape = input.shape;
    made_.inputElements = input.elements();
    made_.input.resize(made_.inputElements + kSlack);
    return define(model_.inputs[0], 0, XNN_VALUE_FLAG_EXTERNAL_INPUT);
}

Result<void> NetworkBuilder::define(std::size_t index, std::uint32_t external, std::uint32_t flags) {
    const auto& wanted = tensor(index);
    elements_ += wanted.elements();
    if (wanted.type != Type::Float32 || !wanted.data.empty() || ids_[index] != XNN_INVALID_VALUE_ID ||
        constants_[index] != kNowhere || elements_ > kMostElements)
        return unusable("tensor " + std::to_string(index) + " is no result, or is one twice");
    return given(xnn_define_tensor_value(subgraph_.get(), xnn_datatype_fp32, wanted.shape.size(), wanted.shape.data(), nullptr,
                                         external, flags, &ids_[index]),
                 "a tensor");
}

Result<std::uint32_t> NetworkBuilder::result(std::size_t index, const Shape& shape) {
    if (tensor(index).shape != shape) return unusable("tensor " + std::to_string(index) + " has not the size of what it gets");
    const auto head = std::find_if(heads_.begin(), heads_.end(), [&](const Head& h) { return h.tensor == index; });
    const bool isHead = head != heads_.end();
    const auto external = isHead ? static_cast<std::uint32_t>(head - heads_.begin() + 1) : XNN_INVALID_VALUE_ID;
    if (auto defined = define(index, external, isHead ? XNN_VALUE_FLAG_EXTERNAL_OUTPUT : 0); !defined) return defined.error();
    return ids_[index];
}

Result<std::uint32_t> NetworkBuilder::argument(std::size_t index, std::size_t dimensions) {
    if (ids_[index] == XNN_INVALID_VALUE_ID || constants_[index] != kNowhere)
        return unusable("tensor " + std::to_string(index) + " is used before it is calculated");
    if (tensor(index).shape.size() != dimensions) return unusable("tensor " + std::to_string(index) + " has not 4 dimensions");
    return ids_[index];
}

Result<std::uint32_t> NetworkBuilder::weights(std::size_t index, const Shape& shape) {
    if (auto kept = keep(index); !kept) return kept.error();
    const auto& values = made_.constants[constants_[index]];
    std::size_t elements = 1;
    for (const auto size : shape) elements *= size;
    if (elements != tensor(index).elements()) return unusable("weights of another size than their operator needs");
    std::uint32_t id = XNN_INVALID_VALUE_ID;
    auto defined = given(xnn_define_tensor_value(subgraph_.get(), xnn_datatype_fp32, shape.size(), shape.data(), values.data(),
                                                 XNN_INVALID_VALUE_ID, 0, &id),
                         "weights");
    if (!defined) return defined.error();
    return id;
}

Result<void> NetworkBuilder::keep(std::size_t index) {
    if (constants_[index] != kNowhere) return {};
    const auto& constant = tensor(index);
    if (constant.data.empty() || constant.type == Type::Int32 || ids_[index] != XNN_INVALID_VALUE_ID)
        return unusable("tensor " + std::to_string(index) + " should be a constant");
    std::vector<float> values(constant.elements() + kSlack);
    for (std::size_t i = 0; i < constant.elements(); ++i) {
        if (constant.type == Type::Float16) {
            std::uint16_t half = 0;
            std::memcpy(&half, constant.data.data() + 2 * i, 2);
            values[i] = fromHalf(half);
        } else {
            std::memcpy(&values[i], constant.data.data() + 4 * i, 4);
        }
    }
    constants_[index] = made_.constants.size();
    made_.constants.push_back(std::move(values));
    return {};
}

Result<void> NetworkBuilder::finish() {
    for (const auto& head : heads_)
        if (head.tensor == model_.inputs[0] || ids_[head.tensor] == XNN_INVALID_VALUE_ID || constants_[head.tensor] != kNowhere)
            return unusable("an output is not calculated");
    xnn_runtime_t runtime = nullptr;
    if (auto created = given(xnn_create_runtime_v2(subgraph_.get(), nullptr, 0, &runtime), "all together"); !created)
        return created;
    made_.runtime.reset(runtime);
    std::vector<xnn_external_value> places{{0, made_.input.data()}};
    for (std::uint32_t i = 0; i < heads_.size(); ++i)
        places.push_back({i + 1, made_.outputs[heads_[i].output].values.data() + heads_[i].offset});
    return given(xnn_setup_runtime(runtime, places.size(), places.data()), "inputs and outputs");
}

Result<void> NetworkBuilder::given(xnn_status status, const char* what) {
    if (status == xnn_status_success) return {};
    return Error{Code::InvalidArgument, std::string("not a usable network: XNNPACK refuses ") + what, static_cast<int>(status)};
}

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
