// SPDX-License-Identifier: MIT
#include "exit_code.hpp"

#include <livepusher/codes.hpp>

namespace program {

ExitCode exitCodeFor(int code) {
    using enum livepusher::Code;
    switch (static_cast<livepusher::Code>(code)) {
        case Ok: return kDone;
        case InvalidArgument: return kBadArguments;
        case SourceFailed:
        case CameraRemoved:
        case CameraDenied:
        case MicrophoneDenied:
        case CameraFailed:
        case MicrophoneFailed:
        case MicrophoneSilent:
        case ScreenCaptureFailed:
        case ScreenCaptureUnsupported:
        case ScreenCaptureInterrupted:
        case ScreenRotationFailed: return kSourceFailure;
        case DnsFailed:
        case TcpFailed:
        case HandshakeFailed:
        case ServerClosed:
        case TransferFailed:
        case ConnectionGivenUp: return kNetworkFailure;
        case VideoEncodeFailed:
        case AudioEncodeFailed:
        case UnsupportedResolution:
        case UnsupportedSampleRate: return kEncoderFailure;
        default: return kOtherFailure;
    }
}

}  // namespace program
