// SPDX-License-Identifier: MIT
#include "effects/faces/network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "tflite_file.hpp"

namespace livepusher::effects::faces {
namespace {

using F = FlatbufferFile;

std::string refusal(const std::vector<std::uint8_t>& bytes) {
    const auto parsed = parseTflite(bytes);
    if (!parsed) return parsed.error().message;
    const auto built = Network::build(*parsed);
    return built ? "taken" : built.error().message;
}

TEST(Network, CalculatesEveryOperator) {
    const auto model = parseTflite(everyOperator());
    ASSERT_TRUE(model) << model.error().message;
    auto network = Network::build(*model);
    ASSERT_TRUE(network) << network.error().message;
    ASSERT_EQ(network->input().size(), 32U);
    // a counts up, b is 1 but for one 3.5 and, where the last pool is, 0.
    for (std::size_t i = 0; i < 16; ++i) {
        const bool last = i % 4 > 1 && i / 4 > 1;
        network->input()[2 * i] = static_cast<float>(i) - 4;
        network->input()[2 * i + 1] = i == 0 ? 3.5F : last ? 0.0F : 1.0F;
    }
    ASSERT_TRUE(network->run());
    ASSERT_EQ(network->outputs(), 1U);
    const auto out = network->output(0);
    // Pools of a: 1, 3, 9, 11; of 2 b - 3: 4, -1, -1, -3, of which those below 0 become 0.5 and 1.5.
    const std::vector<float> wanted{1, 4, 0, 3, 0.5F, 0, 9, 0.5F, 0, 11, 1.5F, 0, 2, 8, 6, 1, 18, 1, 22, 3};
    EXPECT_EQ(std::vector<float>(out.begin(), out.end()), wanted);
    ASSERT_TRUE(network->run());
    EXPECT_TRUE(std::equal(wanted.begin(), wanted.end(), network->output(0).begin())) << "again";
}

TEST(Network, GoesOnWorkingWhereItIsMovedTo) {
    auto network = Network::build(*parseTflite(everyOperator()));
    ASSERT_TRUE(network);
    Network moved = std::move(*network);
    std::fill(moved.input().begin(), moved.input().end(), 2.0F);
    ASSERT_TRUE(moved.run());
    EXPECT_EQ(moved.output(0)[0], 2);
    EXPECT_EQ(moved.output(0)[1], 1);
}

TEST(Network, RefusesWeightsThatDoNotFitTheirOperator) {
    const auto conv = [](std::vector<std::int32_t> filter, std::int32_t biases, std::vector<std::int32_t> result) {
        TfliteFile file;
        const auto input = file.tensor({1, 4, 4, 2}), output = file.tensor(std::move(result));
        std::size_t elements = 1;
        for (const auto size : filter) elements *= static_cast<std::size_t>(size);
        const auto weights = file.constant<float>(filter, TfliteFile::Float32, std::vector<float>(elements));
        const auto bias =
            file.constant<float>({biases}, TfliteFile::Float32, std::vector<float>(static_cast<std::size_t>(biases)));
        file.add(3, {input, weights, bias}, output,
                 {F::scalar(std::int8_t{0}), F::scalar(std::int32_t{1}), F::scalar(std::int32_t{1}), F::scalar(std::int8_t{0})});
        return refusal(file.bytes({input}, {output}));
    };
    EXPECT_EQ(conv({3, 3, 3, 2}, 3, {1, 4, 4, 3}), "taken");
    EXPECT_NE(conv({3, 3, 3, 5}, 3, {1, 4, 4, 3}).find("does not fit its input"), std::string::npos);
    EXPECT_NE(conv({3, 3, 3}, 3, {1, 4, 4, 3}).find("does not fit its input"), std::string::npos);
    EXPECT_NE(conv({3, 3, 3, 2}, 2, {1, 4, 4, 3}).find("another size"), std::string::npos);
    EXPECT_NE(conv({3, 3, 3, 2}, 3, {1, 9, 9, 3}).find("has not the size"), std::string::npos);
    EXPECT_NE(conv({3, 80, 3, 2}, 3, {1, 4, 4, 3}).find("a window"), std::string::npos);
}

TEST(Network, RefusesWhatIsUsedBeforeItIsThereOrIsThereTwice) {
    const auto chain = [](bool backwards, bool twice, bool fromItself) {
        TfliteFile file;
        const auto input = file.tensor({1, 2, 2, 1}), middle = file.tensor({1, 2, 2, 1}), output = file.tensor({1, 2, 2, 1});
        if (backwards) file.add(19, {middle}, output);
        file.add(19, {fromItself ? middle : input}, middle);
        if (twice) file.add(19, {input}, middle);
        if (!backwards) file.add(19, {middle}, output);
        return refusal(file.bytes({input}, {output}));
    };
    EXPECT_EQ(chain(false, false, false), "taken");
    EXPECT_NE(chain(true, false, false).find("before it is calculated"), std::string::npos);
    EXPECT_NE(chain(false, true, false).find("twice"), std::string::npos);
    EXPECT_NE(chain(false, false, true).find("before it is calculated"), std::string::npos);
}

TEST(Network, RefusesAnOutputThatNothingCalculates) {
    TfliteFile file;
    const auto input = file.tensor({1, 2, 2, 1}), output = file.tensor({1, 2, 2, 1}), other = file.tensor({1, 2, 2, 1});
    file.add(19, {input}, output);
    EXPECT_NE(refusal(file.bytes({input}, {other})).find("an output is not calculated"), std::string::npos);
    EXPECT_NE(refusal(file.bytes({input}, {input})).find("an output is not calculated"), std::string::npos);
    EXPECT_NE(refusal(file.bytes({input}, {output, output})).find("in two outputs"), std::string::npos);
}

TEST(Network, TakesNoHarmFromFilesWithAnyByteChanged) {
    const auto whole = everyOperator();
    std::mt19937 random(11);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto bytes = whole;
        bytes[i] = static_cast<std::uint8_t>(random());
        if (i % 3 == 0) bytes[random() % bytes.size()] ^= 0x80;
        const auto parsed = parseTflite(bytes);
        if (!parsed) continue;
        if (auto network = Network::build(*parsed)) {
            std::fill(network->input().begin(), network->input().end(), 1.0F);
            (void)network->run().has_value();
        }
    }
}

}  // namespace
}  // namespace livepusher::effects::faces
