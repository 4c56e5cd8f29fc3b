// SPDX-License-Identifier: MIT
#include "effects/faces/models.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/answer_within.hpp"
#include "base/own_prefixes.hpp"
#include "base/place.hpp"
#include "base/read_file.hpp"

namespace livepusher::effects::faces {

namespace {

constexpr const char* kDetectorFile = "face_detector.tflite";
constexpr const char* kMeshFile = "face_mesh.tflite";
constexpr std::size_t kLargest = 16 << 20;        // the larger of both has 1.2 MB
constexpr std::chrono::milliseconds kLook{1000};  // at a directory that may lie on a disk that doesn't answer

bool isFile(const std::filesystem::path& path) {
    std::error_code failed;
    return std::filesystem::is_regular_file(path, failed);
}

template <typename Model>
Result<Model> load(const std::string& path) {
    auto bytes = base::readFile(path, kLargest);
    if (!bytes) return Error{Code::InvalidArgument, path + ": " + bytes.error().message, bytes.error().native};
    const auto named = [&](Error error) {
        error.message = path + ": " + error.message;
        return error;
    };
    const auto parsed = parseTflite(std::move(*bytes));
    if (!parsed) return named(parsed.error());
    auto network = Network::build(*parsed);
    if (!network) return named(network.error());
    auto model = Model::create(std::move(*network));
    if (!model) return named(model.error());
    return model;
}

}  // namespace

std::vector<std::string> modelPlaces() {
    std::vector<std::string> places;
    for (const auto& prefix : base::ownPrefixes()) places.push_back((prefix / "share/livepusher/models").string());
    if (std::find(places.begin(), places.end(), LIVEPUSHER_MODELS) == places.end()) places.emplace_back(LIVEPUSHER_MODELS);
    return places;
}

Result<std::string> findModels(const std::string& directory) {
    const auto places = directory.empty() ? modelPlaces() : std::vector{base::checkedPath(directory)};
    std::string tried;
    for (const auto& place : places) {
        const auto look = [path = std::filesystem::path(place)] {
            return isFile(path / kDetectorFile) && isFile(path / kMeshFile);
        };
        if (directory.empty() ? look() : base::answerWithin(kLook, look).value_or(false)) return place;
        tried += (tried.empty() ? "" : ", ") + place;
    }
    return Error{Code::NotAvailable,
                 std::string("the face models ") + kDetectorFile + " and " + kMeshFile + " are not in " + tried +
                     (directory.empty() ? ": install them there, or set faceModels to the directory that has them"
                                        : ": set faceModels to the directory that has them")};
}

Result<Models> loadModels(const std::string& directory) {
    const auto place = findModels(directory);
    if (!place) return place.error();
    auto detector = load<Detector>((std::filesystem::path(*place) / kDetectorFile).string());
    if (!detector) return detector.error();
    auto landmarks = load<Landmarks>((std::filesystem::path(*place) / kMeshFile).string());
    if (!landmarks) return landmarks.error();
    return Models{std::move(*detector), std::move(*landmarks)};
}

}  // namespace livepusher::effects::faces
