// SPDX-License-Identifier: MIT
#include "pipeline/outputs.hpp"

#include "base/answer_within.hpp"
#include "base/file_identity.hpp"
#include "base/place.hpp"
#include "net/url.hpp"
#include "properties/targets.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace livepusher::pipeline {

namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 500ms;

Error same(const std::string& output, const std::string& what) {
    return {Code::InvalidArgument, output + " would be written over while it is " + what + ": name another file to write"};
}

Result<void> refuseInput(const std::string& output, const std::vector<std::string>& inputs) {
    const auto me = base::FileIdentity::of(output);
    if (!me) return {};
    for (const auto& input : inputs)
        if (base::FileIdentity::of(input) == me) return same(output, input == output ? "read" : "read, as " + input);
    return {};
}

/// Also of what is not there yet.
bool isSame(const std::string& one, const std::string& other) {
    std::error_code unknown;
    const auto me = base::FileIdentity::of(one);
    if (me) return me == base::FileIdentity::of(other);
    const auto place = [&](const std::string& path) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path, unknown), unknown);
    };
    return !base::FileIdentity::of(other) && place(one) == place(other) && !std::filesystem::exists(one, unknown);
}

Result<void> look(const std::vector<std::string>& targets, const std::string& recording, const std::vector<std::string>& inputs) {
    for (const auto& target : targets)
        if (auto safe = refuseInput(target, inputs); !safe) return safe;
    if (recording.empty()) return {};
    if (auto safe = refuseInput(recording, inputs); !safe) return safe;
    for (const auto& target : targets)
        if (isSame(target, recording)) return same(recording, "the push's own target");
    return {};
}

}  // namespace

Outputs Outputs::of(const Properties& properties, const std::string& recordPath, InputPaths inputs) {
    std::vector<std::string> paths;
    for (const auto& target : properties::allTargets(properties))
        for (const auto& text : target.urls)
            if (const auto url = base::Url::parse(text, target.streamKey); url && url->isFile()) paths.push_back(url->path());
    return {.targets = std::move(paths),
            .recording = recordPath.empty() ? "" : base::checkedPath(recordPath),
            .inputs = std::move(inputs)};
}

Result<void> Outputs::check() const {
    if (targets.empty() && recording.empty()) return {};
    const auto response = base::answerWithin(
        kPatience, [targets = targets, recording = recording, inputs = inputs] { return look(targets, recording, inputs()); });
    return response.value_or(Result<void>());
}

std::vector<std::string> otherInputs(const Properties& properties, const std::string& music,
                                     const std::vector<std::string>& alsoRead) {
    std::vector<std::string> texts{properties.waitingImage, properties.watermark, properties.filterFile, properties.caFile,
                                   music};
    texts.insert(texts.end(), alsoRead.begin(), alsoRead.end());
    std::vector<std::string> paths;
    for (const auto& text : texts) {
        const auto place = base::Place::parse(text);
        if (place && place->isPath()) paths.push_back(place->text);
    }
    return paths;
}

}  // namespace livepusher::pipeline
