// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/properties.hpp>

#include "media/picture_size.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace livepusher::properties {

/// A picture of a push that is another than its own: what targets that want the same share one encoding by.
struct Rendition {
    int width = 0, height = 0;  ///< px, at most: see sizeFor()
    int fps = 0;                ///< at most
    int maxBitrate = 0;         ///< kbps; 0: as bitrateFor() has it
    bool operator==(const Rendition&) const = default;

    /// Its size where the push's picture has that one, which adaptation may have made smaller: nothing is scaled up.
    base::PictureSize sizeFor(base::PictureSize picture) const;
    /// kbps, where the picture of the push of `push` gets `bitrate` at the moment.
    int bitrateFor(const Resolved& push, int bitrate) const;
};

/// What of a push that comes to `push` the target gets; none: the push's own picture.
std::optional<Rendition> renditionOf(const Target& target, const Resolved& push);

/// A member of Target that is a number and may be unset.
struct RenditionMember {
    std::string_view name;
    std::optional<int> Target::*value;
    int least, most;
    bool even;
    const char* allowed;

    bool fits(int number) const { return number >= least && number <= most && !(even && number % 2 != 0); }
    bool parse(Target& target, std::string_view text) const;  ///< false: it is none of those allowed
};
std::span<const RenditionMember> renditionMembers();

/// Whether the target can have what it asks for. Errors: InvalidArgument, with a text that begins with the target's id.
Result<void> checkRendition(const Target& target, const Resolved& push);

/// The first of the targets that asks for something of its own; null: none does.
const Target* asksForRendition(const Properties& properties);

/// Where pictures come coded already. Errors: InvalidArgument, when a target asks for another picture all the same.
Result<void> checkNoRendition(const Properties& properties);

}  // namespace livepusher::properties
