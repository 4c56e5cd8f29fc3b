// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/target.hpp>

#include "json/json.hpp"

#include <vector>

namespace livepusher::json {

/// {"id":"…","url":"…" or "urls":[…],"streamKey":"…","reconnect":"…","audioCodec":"opus","preferFirst":false,"backup":"cold",
/// "videoWidth":854,"videoHeight":480,"fps":30,"maxBitrate":1200}, of which the last four may be null: as the push has it.
/// Errors: InvalidArgument, for names and types; what the values may be is the property's to judge.
Result<Target> readTarget(const Json& object);
/// The members of `object` in place of those that `target` has; the same errors. It may be without "id".
Result<void> changeTarget(Target& target, const Json& object);

/// Of an array of such objects. Errors: as readTarget().
Result<std::vector<Target>> readTargets(const Json& array);
Json targetsJson(const std::vector<Target>& targets);  ///< secret

}  // namespace livepusher::json
