// SPDX-License-Identifier: MIT
#include "net/fetch.hpp"

#include <cerrno>

#include "base/place.hpp"
#include "base/read_file.hpp"
#include "media/source_failed.hpp"
#include "net/http_get.hpp"

namespace livepusher::capture {
namespace {

constexpr std::string_view kPlaces = "must be a path or a file://, http:// or https:// URL";

Result<std::vector<std::uint8_t>> readFile(const std::string& path, std::size_t maxBytes) {
    auto bytes = base::readFile(path, maxBytes);
    if (bytes || bytes.error().native != ENOENT) return bytes;
    return base::sourceFailed("there is no such file", ENOENT);
}

}  // namespace

Result<std::vector<std::uint8_t>> fetch(const FetchRequest& request, const std::atomic<bool>& cancelled) {
    if (cancelled) return Error{Code::Cancelled, "cancelled"};
    const auto place = base::Place::parse(request.place);
    if (!place) return base::sourceFailed(place.error().message);
    if (place->isHttp()) return httpGet(request, cancelled);
    if (place->isUrl()) return base::sourceFailed("scheme \"" + place->scheme + "\": " + std::string(kPlaces));
    return readFile(place->text, request.maxBytes);
}

}  // namespace livepusher::capture
