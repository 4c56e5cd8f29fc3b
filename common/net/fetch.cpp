// SPDX-License-Identifier: MIT
#include "net/fetch.hpp"

#include <array>

#include "base/place.hpp"
#include "base/read_file.hpp"
#include "media/source_failed.hpp"
#include "net/http_stream.hpp"

namespace livepusher::capture {
namespace {

constexpr std::string_view kPlaces = "must be a path or a file://, http:// or https:// URL";

std::string words(std::chrono::milliseconds time) {
    const auto count = time.count();
    return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

Result<std::vector<std::uint8_t>> httpGet(const FetchRequest& request, const std::atomic<bool>& cancelled) {
    const auto until = std::chrono::steady_clock::now() + request.within;
    const auto late = [&] { return std::chrono::steady_clock::now() >= until; };
    HttpStream stream({.url = request.place,
                       .network = request.network,
                       .within = request.within,
                       .connectWithin = request.connectWithin,
                       .whole = true,
                       .interrupted = [&] { return cancelled || late(); }});
    std::vector<std::uint8_t> bytes;
    std::array<std::uint8_t, 16384> part{};
    auto failure = stream.open();
    while (failure) {
        if (bytes.size() > request.maxBytes || stream.size().value_or(0) > static_cast<std::int64_t>(request.maxBytes)) {
            const auto limit = std::to_string(request.maxBytes / 1024 / 1024) + " MiB";
            return base::sourceFailed("more than " + limit + ": must be at most " + limit);
        }
        const auto got = stream.read(part);
        if (!got)
            failure = got.error();
        else if (*got == 0)
            return bytes;
        else
            bytes.insert(bytes.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(*got));
    }
    if (!cancelled && late()) return base::sourceFailed("not loaded within " + words(request.within));
    return failure.error();
}

}  // namespace

Result<std::vector<std::uint8_t>> fetch(const FetchRequest& request, const std::atomic<bool>& cancelled) {
    if (cancelled) return Error{Code::Cancelled, "cancelled"};
    const auto place = base::Place::parse(request.place);
    if (!place) return base::sourceFailed(place.error().message);
    if (place->isHttp()) return httpGet(request, cancelled);
    if (place->isUrl()) return base::sourceFailed("scheme \"" + place->scheme + "\": " + std::string(kPlaces));
    return base::readFile(place->text, request.maxBytes);
}

}  // namespace livepusher::capture
