// SPDX-License-Identifier: MIT
#include "capture/source_kind.hpp"

#include <algorithm>
#include <array>

namespace livepusher::capture {

namespace {

constexpr std::array kSources{
    SourceTraits{.kind = SourceKind::Camera, .word = "camera", .forVideo = true, .madeToOrder = true},
    SourceTraits{.kind = SourceKind::Microphone, .word = "mic", .forAudio = true},
    SourceTraits{.kind = SourceKind::System, .word = "system", .forAudio = true},
    SourceTraits{.kind = SourceKind::Screen, .word = "screen", .forVideo = true},
    SourceTraits{.kind = SourceKind::File, .word = "file", .forVideo = true, .forAudio = true, .reads = true},
    SourceTraits{.kind = SourceKind::Image, .word = "image", .forVideo = true, .reads = true},
    SourceTraits{.kind = SourceKind::Test, .word = "test", .forVideo = true, .forAudio = true, .madeToOrder = true},
    SourceTraits{.kind = SourceKind::Raw, .word = "raw", .forVideo = true, .reads = true},
    SourceTraits{.kind = SourceKind::Pcm, .word = "pcm", .forAudio = true, .reads = true},
    SourceTraits{.kind = SourceKind::App, .word = "app", .forVideo = true, .forAudio = true},
    SourceTraits{.kind = SourceKind::Coded, .word = "coded", .forVideo = true, .reads = true},
    SourceTraits{.kind = SourceKind::None, .word = "none", .forVideo = true, .forAudio = true},
};

}  // namespace

const SourceTraits& traitsOf(SourceKind kind) { return *std::ranges::find(kSources, kind, &SourceTraits::kind); }

const SourceTraits* findSource(std::string_view word) {
    const auto* found = std::ranges::find(kSources, word, &SourceTraits::word);
    return found == kSources.end() ? nullptr : found;
}

SourceKind kindOf(std::string_view description) {
    const auto* found = findSource(description.substr(0, description.find_first_of(":+")));
    return found ? found->kind : SourceKind::None;
}

}  // namespace livepusher::capture
