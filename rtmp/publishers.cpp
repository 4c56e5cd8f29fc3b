// SPDX-License-Identifier: MIT
#include "rtmp/publishers.hpp"

#include "flv/publishers.hpp"

namespace livepusher::rtmp {

std::unique_ptr<Publisher> makePublisher(base::Url::Scheme scheme) {
    using enum base::Url::Scheme;
    switch (scheme) {
        case FlvFile: return makeFlvFilePublisher();
        case HttpFlv: return makeHttpFlvPublisher();
        case Rtmp:
        case Rtmps: break;
    }
    return makeRtmpPublisher();
}

}  // namespace livepusher::rtmp
