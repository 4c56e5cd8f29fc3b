// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/publisher.hpp"
#include "file/container.hpp"

#include <memory>

namespace livepusher::file {

/// Files of one stream, one after the other as FileSettings say: open() takes a URL that isFile(). `make`: what they are.
std::unique_ptr<rtmp::Publisher> makeFilePublisher(MakeContainer make);

/// MP4 in fragments, Matroska or MPEG-TS: open() takes a URL of that scheme.
std::unique_ptr<rtmp::Publisher> makeMuxedFilePublisher(base::Url::Scheme scheme);

}  // namespace livepusher::file
