// SPDX-License-Identifier: MIT
#include "tflite_file.hpp"

namespace livepusher::effects::faces {

std::vector<std::uint8_t> everyOperator() {
    using F = FlatbufferFile;
    TfliteFile file;
    const auto same = F::scalar(std::int8_t{0}), one = F::scalar(std::int32_t{1}), two = F::scalar(std::int32_t{2}),
               none = F::scalar(std::int8_t{0});
    const auto input = file.tensor({1, 4, 4, 2});
    // 1 in half precision is 0x3c00, 2 is 0x4000, -0.5 is 0xb800.
    const auto halves = file.constant<std::uint16_t>({2, 1, 1, 2}, TfliteFile::Float16, {0x3c00, 0, 0, 0x4000});
    const auto filter = file.tensor({2, 1, 1, 2});
    const auto bias = file.constant<float>({2}, TfliteFile::Float32, {0, -3});
    const auto mixed = file.tensor({1, 4, 4, 2});
    file.add(6, {halves}, filter);                                      // dequantize
    file.add(3, {input, filter, bias}, mixed, {same, one, one, none});  // a, 2 b - 3
    const auto pooled = file.tensor({1, 2, 2, 2});
    file.add(17, {mixed}, pooled, {same, two, two, two, two, none});
    const auto each = file.constant<float>({1, 1, 1, 2}, TfliteFile::Float32, {1, 1});
    const auto nothing = file.constant<float>({2}, TfliteFile::Float32, {0, 0});
    const auto spread = file.tensor({1, 2, 2, 2});
    file.add(4, {pooled, each, nothing}, spread, {same, one, one, one, none});
    const auto slopes = file.constant<std::uint16_t>({1, 1, 2}, TfliteFile::Float16, {0x3c00, 0xb800});
    const auto bent = file.tensor({1, 2, 2, 2});
    file.add(54, {spread, slopes}, bent);  // what is below 0 times 1, -0.5
    const auto positive = file.tensor({1, 2, 2, 2});
    file.add(19, {bent}, positive);
    const auto twice = file.tensor({1, 2, 2, 2});
    file.add(0, {positive, positive}, twice, {none});
    const auto around = file.constant<std::int32_t>({4, 2}, TfliteFile::Int32, {0, 0, 0, 0, 0, 0, 0, 1});
    const auto padded = file.tensor({1, 2, 2, 3});
    file.add(34, {positive, around}, padded);
    const auto flat = file.tensor({1, 12}), doubled = file.tensor({1, 8}), whole = file.tensor({1, 20});
    file.add(22, {padded}, flat);
    file.add(22, {twice}, doubled);
    file.add(2, {flat, doubled}, whole, {one, none});
    return file.bytes({input}, {whole});
}

}  // namespace livepusher::effects::faces
