// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace livepusher::session {

/// For how long what an object has bound to it (ControlLoop::bind) or guarded by it counts: until it is gone, or renewed.
/// Belongs to the control thread; declared after what the bound calls use, and gone before its ControlLoop.
class Lifetime {
    struct State {
        std::mutex mutex;
        std::uint64_t epoch = 0;
    };

public:
    /// One stretch of it, from when it was asked for to the next renew(). Outlives it. [any-thread]
    class Stretch {
    public:
        bool lasts() const {
            const std::lock_guard lock(state_->mutex);
            return state_->epoch == epoch_;
        }
        /// `call` now, while it lasts, and keeps it lasting meanwhile; nothing when it is over.
        template <typename Call>
        void during(const Call& call) const {
            const std::lock_guard lock(state_->mutex);
            if (state_->epoch == epoch_) call();
        }

    private:
        friend class Lifetime;
        explicit Stretch(std::shared_ptr<State> state) : state_(std::move(state)) {
            const std::lock_guard lock(state_->mutex);
            epoch_ = state_->epoch;
        }
        std::shared_ptr<State> state_;
        std::uint64_t epoch_ = 0;
    };

    Lifetime() = default;
    ~Lifetime() { renew(); }
    Lifetime(const Lifetime&) = delete;
    Lifetime& operator=(const Lifetime&) = delete;

    /// Nothing bound or guarded so far counts any more. Once it returns, none of that touches a ControlLoop.
    void renew() noexcept {
        const std::lock_guard lock(state_->mutex);
        ++state_->epoch;
    }

    Stretch now() const { return Stretch(state_); }

    /// `call`, or nothing when this is over by then. To be called on the control thread.
    template <typename Call>
    auto guard(Call call) const {
        return [stretch = now(), call = std::move(call)](auto&&... arguments) mutable {
            if (stretch.lasts()) call(std::forward<decltype(arguments)>(arguments)...);
        };
    }

private:
    const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace livepusher::session
