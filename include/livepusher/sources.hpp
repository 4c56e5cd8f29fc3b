// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

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
    /// More clips, "file:PATH-OR-URL" each, that follow without a gap where `video` and `audio` are the same "file:", a clip;
    /// with `loop` all of them begin again.
    std::vector<std::string> playlist{};
    /// What goes out while a source is gone, has failed or ended, freezes, is black or silent (fallbackOn, fallbackAfter): a
    /// picture
    /// ("image:PATH-OR-URL"), a clip that is played again and again ("file:PATH-OR-URL"), "test", "camera:…" or whatever else
    /// `video` takes but "app" and "coded"; of a bare path or URL its ending tells. Empty: none; the last picture goes on.
    std::string fallback{};
    /// Its sound: whatever `audio` takes but "app", "none", or "keep", the source's own as far as it goes on; empty: what
    /// `fallback` has of its own, else silence.
    std::string fallbackAudio{};
    /// ID of the camera for devicePosition front, where "camera" has no ID of its own; empty: the one whose driver says so,
    /// else the first.
    std::string frontCamera{};
    std::string backCamera{};  ///< the same for back; empty: the one whose driver says so, else the second
};

}  // namespace livepusher
