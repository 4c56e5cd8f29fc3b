// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "base/fd_reader.hpp"
#include "base/thread.hpp"
#include "capture/sink_gate.hpp"
#include "capture/spec.hpp"

namespace livepusher::capture {

/// A FdReader and the thread that reads it: what raw and pcm sources share. The input stays open between stop() and
/// start(), so that whoever writes to a FIFO only waits. [control]
class InputThread {
public:
    ~InputThread() { stop(); }

    /// Opens what is not open and begins again what has ended; then `body` runs on the thread.
    /// What `body` throws goes to `onError`, on the thread too.
    Result<void> start(const std::string& path, std::function<void()> body, std::function<void(const Error&)> onError) {
        if (auto ready = prepare(path); !ready) return ready;
        reader.clearCancel();
        auto thread = base::startThread("capture", std::move(body), std::move(onError));
        if (!thread) return thread.error();
        thread_ = std::move(*thread);
        return {};
    }

    /// Also ends a read that waits.
    void cancel() { reader.cancel(); }
    void stop() {
        reader.cancel();
        if (thread_.joinable()) thread_.join();
    }

    FdReader reader;
    bool ended = false;  ///< the thread's to set

private:
    Result<void> prepare(const std::string& path) {
        const bool again = std::exchange(ended, false);
        if (!reader.isOpen()) return reader.open(path);
        if (!again) return {};
        return reader.regularFile() ? reader.rewind() : reader.open(path);
    }

    std::thread thread_;
};

/// A source that reads bytes as they come: what raw and pcm have in common. Their destructors stop it: the thread uses what is
/// theirs.
template <typename Source>
class InputSource : public Source {
public:
    using Sink = typename Source::Sink;
    InputSource(const char* kind, Spec spec, bool loop) : kind_(kind), spec_(std::move(spec)), loop_(loop) {}
    void stop() override {
        input_.cancel();
        gate_.close();
        input_.stop();
    }

protected:
    virtual void run() = 0;

    Result<void> begin(Sink& sink) {
        gate_.open(sink);
        auto started = input_.start(
            spec_.target, [this] { run(); }, failing(gate_));
        if (started) return {};
        gate_.close();
        return Error{started.error().code, std::string(kind_) + ": " + started.error().message, started.error().native};
    }
    std::string name() const { return std::string(kind_) + ": \"" + spec_.target + "\": "; }
    void readFailed(int error) {
        gate_.failed(Error{Code::SourceFailed, name() + std::generic_category().message(error), error});
    }
    /// At the end: whether it begins again. Where not, the sink has been told.
    bool again() {
        if (!loop_ || !input_.reader.regularFile() || !any_) {
            input_.ended = true;
            gate_.ended();
            return false;
        }
        const auto rewound = input_.reader.rewind();
        if (!rewound) gate_.failed(rewound.error());
        return rewound.has_value();
    }

    const char* const kind_;
    const Spec spec_;
    const bool loop_;
    SinkGate<Sink> gate_;
    bool any_ = false;  ///< something has been delivered; the thread's
    InputThread input_;
};

}  // namespace livepusher::capture
