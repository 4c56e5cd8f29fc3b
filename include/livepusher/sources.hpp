// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace livepusher {

/// Where picture and sound come from, in the words of the command line: "camera[:ID]", "mic[:ID]",
/// "screen[:DISPLAY[+X,Y][,WxH]]", "file:PATH-OR-URL", "test", "raw:PATH,WxH@FPS[,FORMAT]",
/// "pcm:PATH,RATE,CHANNELS", "app" (pushVideoFrame, pushAudioBlock) or "none". The same "file:" for both is
/// read once. A camera's ID may be the URL of a network camera (rtsp://, http://). "system[:ID]" is what the machine
/// plays. "coded" is video that the application has encoded (pushCodedVideo), "coded:PATH-OR-URL" that of a file or a
/// network camera, which goes out as it is. "screen+camera[:ID]" lays a camera into a corner of the screen
/// (insetPosition, insetWidth), "mic[:ID]+system[:ID]" mixes the two. All forms: docs/sources.md.
struct Sources {
    std::string video = "camera";  ///< any but "mic", "system" and "pcm:"
    std::string audio = "mic";     ///< any but "camera", "screen", "coded" and "raw:"
    bool loop = false;             ///< files begin again at their end
    /// ID of the camera for devicePosition front, where "camera" has no ID of its own; empty: the one whose driver says so,
    /// else the first.
    std::string frontCamera{};
    std::string backCamera{};  ///< the same for back; empty: the one whose driver says so, else the second
};

}  // namespace livepusher
