// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/abandonable_thread.hpp"
#include "base/log.hpp"

namespace livepusher::effects {

/// Makes what takes too long for the video thread, on a thread of its own: the newest order counts, older ones that have
/// not begun are forgotten. What it is made of may lie on a disk that does not answer: nobody waits longer than the patience,
/// the next order is then given to another thread, and the first keeps its work, which must own all that it uses. Belongs to
/// one thread, but for the work, of which each thread has a copy of its own.
template <typename Order, typename Made>
class Builder {
public:
    using Work = std::function<std::shared_ptr<const Made>(const Order&)>;
    using Patience = std::optional<std::chrono::milliseconds>;  ///< nullopt: without bound
    static constexpr std::chrono::milliseconds kPatience{1000};

    explicit Builder(Work work, Patience patience = kPatience)
        : work_(std::move(work)), patience_(patience), state_(std::make_shared<State>(work_)) {}
    ~Builder() {
        {
            std::lock_guard lock(state_->mutex);
            state_->ending = true;
        }
        state_->changed.notify_all();
        thread_.end(patience_ ? kEnd : kForEver);
    }
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;

    /// Has it made; done() gives it later.
    void order(Order order) {
        if (hangs()) startAnew();
        {
            std::lock_guard lock(state_->mutex);
            state_->order = std::move(order);
            state_->made.reset();
        }
        begin();
        state_->changed.notify_all();
    }

    /// What was ordered last, once, when it is made; else nullopt.
    std::optional<std::shared_ptr<const Made>> done() {
        std::unique_lock lock(state_->mutex);
        if (state_->order && hangs(*state_)) {  // ordered when it was not known yet that the thread never comes to it
            auto waiting = *std::exchange(state_->order, std::nullopt);
            lock.unlock();
            order(std::move(waiting));
            return std::nullopt;
        }
        return std::exchange(state_->made, std::nullopt);
    }

    /// Has it made and waits for it. What was ordered before is forgotten. Nullopt: not within the patience; done() gives it
    /// later, if ever.
    std::optional<std::shared_ptr<const Made>> now(const Order& wanted) {
        order(wanted);
        std::unique_lock lock(state_->mutex);
        if (thread_.started())
            state_->changed.wait_for(lock, patience_.value_or(kForEver), [&] { return state_->made.has_value(); });
        return std::exchange(state_->made, std::nullopt);
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds kEnd{200};
    static constexpr std::chrono::hours kForEver{24 * 365};

    struct State {
        explicit State(Work w) : work(std::move(w)) {}
        const Work work;
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<Order> order{};
        std::optional<std::shared_ptr<const Made>> made{};
        std::optional<Clock::time_point> busySince{};
        bool ending = false;
    };

    bool hangs(const State& state) const { return patience_ && state.busySince && Clock::now() - *state.busySince >= *patience_; }
    bool hangs() const {
        std::lock_guard lock(state_->mutex);
        return hangs(*state_);
    }

    void startAnew() {
        {
            std::lock_guard lock(state_->mutex);
            state_->ending = true;
        }
        thread_.end(std::chrono::milliseconds::zero());
        state_ = std::make_shared<State>(work_);
    }

    /// With the first order; again with each where there was no thread.
    void begin() {
        if (thread_.started()) return;
        if (const auto started = thread_.start("effects", [state = state_] { run(*state); }); !started)
            base::log(LogLevel::Error, "the effects stay as they are: " + started.error().message);
    }

    static void run(State& state) {
        std::unique_lock lock(state.mutex);
        while (true) {
            state.changed.wait(lock, [&] { return state.ending || state.order; });
            if (state.ending) return;
            const auto order = *std::exchange(state.order, std::nullopt);
            state.busySince = Clock::now();
            lock.unlock();
            auto made = state.work(order);
            lock.lock();
            state.busySince.reset();
            if (!state.order) state.made = std::move(made);
            state.changed.notify_all();
        }
    }

    const Work work_;  // as it was given: no thread uses it
    const Patience patience_;
    std::shared_ptr<State> state_;
    base::AbandonableThread thread_;
};

}  // namespace livepusher::effects
