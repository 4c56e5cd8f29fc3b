// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "properties/table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace livepusher::properties {

/// The id of Properties::url, and that of the recording.
inline constexpr std::string_view kMainTarget = "main", kRecordTarget = "record";

/// Targets as text, a setting a line: "ID=URL", again for a further url, and "ID.member=value". Errors: InvalidArgument, with
/// a text that repeats no url and no key.
Result<std::vector<Target>> parseTargets(std::string_view text);
/// As parseTargets() takes it: secret.
std::string formatTargets(const std::vector<Target>& targets);

/// The property `targets`.
Field<Properties> targetsField();

/// The target of that id; null: none.
const Target* findTarget(const Properties& properties, std::string_view id);

/// What the packets of that coding of sound bear: 0 is the push's own.
int soundRendition(const Properties& properties, AudioCodec codec);
/// What sound has to be encoded as, each once: for the targets, and as `own` for what is no target (a recording, a replay).
std::vector<AudioCodec> soundCodecs(const Properties& properties, bool own);

/// What the push of `properties` goes to, "main" first: ids, all urls, and what else they have from the push's properties.
std::vector<Target> allTargets(const Properties& properties);

/// Whether each can be had, and beside the others. Errors: InvalidArgument.
Result<void> checkTargets(const Properties& properties);

}  // namespace livepusher::properties
