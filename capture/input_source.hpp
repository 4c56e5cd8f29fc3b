// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "base/fd_reader.hpp"
#include "base/thread.hpp"
#include "capture/sink_gate.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

/// A source that reads bytes as they come, on a thread: what raw and pcm have in common. The input stays open between stop() and
/// start(), so that whoever writes to a FIFO only waits. Their destructors stop it: the thread uses what is theirs.
template <typename Source>
class InputSource : public Source {
public:
    using Sink = typename Source::Sink;
    InputSource(const char* kind, Spec spec, bool loop) : kind_(kind), spec_(std::move(spec)), loop_(loop) {}
    void stop() override {
        reader_.cancel();  // also ends a read that waits
        gate_.close();
        if (thread_.joinable()) thread_.join();
    }

protected:
    virtual void run() = 0;

    Result<void> begin(Sink& sink) {
        gate_.open(sink);
        auto ready = prepare();
        if (ready) {
            reader_.clearCancel();
            auto thread = base::startThread(
                "capture", [this] { run(); }, failing(gate_));
            if (thread) {
                thread_ = std::move(*thread);
                return {};
            }
            ready = thread.error();
        }
        gate_.close();
        return Error{ready.error().code, std::string(kind_) + ": " + ready.error().message, ready.error().native};
    }
    std::string name() const { return std::string(kind_) + ": \"" + spec_.target + "\": "; }
    void readFailed(int error) {
        gate_.failed(Error{Code::SourceFailed, name() + std::generic_category().message(error), error});
    }
    /// At the end: whether it begins again. Where not, the sink has been told.
    bool again() {
        if (!loop_ || !reader_.regularFile() || !any_) {
            ended_ = true;
            gate_.ended();
            return false;
        }
        const auto rewound = reader_.rewind();
        if (!rewound) gate_.failed(rewound.error());
        return rewound.has_value();
    }

    const char* const kind_;
    const Spec spec_;
    const bool loop_;
    SinkGate<Sink> gate_;
    bool any_ = false;  ///< something has been delivered; the thread's
    FdReader reader_;

private:
    /// Opens what is not open and begins again what has ended.
    Result<void> prepare() {
        const bool again = std::exchange(ended_, false);
        if (!reader_.isOpen()) return reader_.open(spec_.target);
        if (!again) return {};
        return reader_.regularFile() ? reader_.rewind() : reader_.open(spec_.target);
    }

    bool ended_ = false;  ///< the thread's to set
    std::thread thread_;
};

}  // namespace livepusher::capture
