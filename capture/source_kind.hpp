// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace livepusher::capture {

enum class SourceKind { Camera, Microphone, System, Screen, File, Image, Test, Raw, Pcm, App, Coded, None };

/// What holds of every source of a kind.
struct SourceTraits {
    SourceKind kind;
    std::string_view word;  ///< that a description begins with, as in "file:film.mp4"
    bool forVideo = false;  ///< Sources::video may name it
    bool forAudio = false;  ///< Sources::audio may name it
    bool reads =
        false;  ///< a path or URL: it can end, and fail for good. Others are devices, which come back, or the application
    bool madeToOrder = false;  ///< another size or rate means to start it again
};

const SourceTraits& traitsOf(SourceKind kind);

/// Null: there is no such kind.
const SourceTraits* findSource(std::string_view word);

/// Of a whole description, as parseVideoSpec() and parseAudioSpec() take it; None also where they refuse it.
SourceKind kindOf(std::string_view description);

}  // namespace livepusher::capture
