// SPDX-License-Identifier: MIT
#include "pipeline/preview.hpp"

#include "base/thread_name.hpp"

namespace livepusher::pipeline {

Preview::Preview(std::function<void(const Shown&)> handler)
    : handler_(std::move(handler)), thread_([this] {
          base::nameThread("preview");
          while (auto frame = latest_.pop()) handler_(*frame);
      }) {}

Preview::~Preview() {
    latest_.close();
    thread_.join();
}

}  // namespace livepusher::pipeline
