// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/error.hpp>

#include <alsa/asoundlib.h>

#include <cstdarg>

#include "base/loaded_library.hpp"

namespace livepusher::sound {

/// The functions of libasound that are used here; loaded when the first card is opened or listed.
struct AlsaLibrary {
#define LIVEPUSHER_ALSA(X)                    \
    X(snd_card_next)                          \
    X(snd_ctl_card_info)                      \
    X(snd_ctl_card_info_free)                 \
    X(snd_ctl_card_info_get_id)               \
    X(snd_ctl_card_info_get_name)             \
    X(snd_ctl_card_info_malloc)               \
    X(snd_ctl_close)                          \
    X(snd_ctl_open)                           \
    X(snd_ctl_pcm_info)                       \
    X(snd_ctl_pcm_next_device)                \
    X(snd_lib_error_set_local)                \
    X(snd_pcm_avail_update)                   \
    X(snd_pcm_close)                          \
    X(snd_pcm_delay)                          \
    X(snd_pcm_hw_params)                      \
    X(snd_pcm_hw_params_any)                  \
    X(snd_pcm_hw_params_free)                 \
    X(snd_pcm_hw_params_get_buffer_size)      \
    X(snd_pcm_hw_params_get_channels)         \
    X(snd_pcm_hw_params_get_rate)             \
    X(snd_pcm_hw_params_malloc)               \
    X(snd_pcm_hw_params_set_access)           \
    X(snd_pcm_hw_params_set_buffer_time_near) \
    X(snd_pcm_hw_params_set_channels)         \
    X(snd_pcm_hw_params_set_channels_near)    \
    X(snd_pcm_hw_params_set_format)           \
    X(snd_pcm_hw_params_set_period_time_near) \
    X(snd_pcm_hw_params_set_rate)             \
    X(snd_pcm_hw_params_set_rate_near)        \
    X(snd_pcm_hw_params_test_format)          \
    X(snd_pcm_info_free)                      \
    X(snd_pcm_info_get_name)                  \
    X(snd_pcm_info_malloc)                    \
    X(snd_pcm_info_set_device)                \
    X(snd_pcm_info_set_stream)                \
    X(snd_pcm_info_set_subdevice)             \
    X(snd_pcm_open)                           \
    X(snd_pcm_poll_descriptors)               \
    X(snd_pcm_poll_descriptors_count)         \
    X(snd_pcm_poll_descriptors_revents)       \
    X(snd_pcm_prepare)                        \
    X(snd_pcm_readi)                          \
    X(snd_pcm_resume)                         \
    X(snd_pcm_start)                          \
    X(snd_pcm_state)                          \
    X(snd_pcm_writei)                         \
    X(snd_strerror)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_ALSA)
};

inline const auto& alsaLibrary() {
    static const base::LoadedLibrary<AlsaLibrary> loaded({"libasound.so.2"});
    return loaded;
}

/// Errors: NotAvailable, with the library's name and its Debian package. [any-thread]
inline Result<void> loadAlsa() { return alsaLibrary().check("sound cards need", "libasound2"); }

/// Only after loadAlsa() has succeeded. [any-thread]
inline const AlsaLibrary& alsa() { return *alsaLibrary(); }

/// Keeps ALSA from printing to stderr what it thinks of a device, on the calling thread, which tells by errors of its own.
class AlsaSilence {
public:
    AlsaSilence() : before_(use([](const char*, int, const char*, int, const char*, va_list) {})) {}
    ~AlsaSilence() { use(before_); }
    AlsaSilence(const AlsaSilence&) = delete;
    AlsaSilence& operator=(const AlsaSilence&) = delete;

private:
    /// The one before. Nothing where there is no ALSA.
    static snd_local_error_handler_t use(snd_local_error_handler_t handler) {
        const auto set = alsa().snd_lib_error_set_local;
        return set ? set(handler) : nullptr;
    }

    const snd_local_error_handler_t before_;
};

}  // namespace livepusher::sound
