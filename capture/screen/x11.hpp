// SPDX-License-Identifier: MIT
#pragma once

#include <xcb/composite.h>
#include <xcb/damage.h>
#include <xcb/randr.h>
#include <xcb/shm.h>
#include <xcb/xcb.h>
#include <xcb/xcbext.h>
#include <xcb/xfixes.h>

#include "base/loaded_library.hpp"

namespace livepusher::capture {

/// The functions of XCB that are used here. They are loaded when the first screen is opened, so that
/// servers without X libraries run everything else.
struct X11 {
#define LIVEPUSHER_XCB(X)                       \
    X(xcb_change_window_attributes)             \
    X(xcb_connect)                              \
    X(xcb_connection_has_error)                 \
    X(xcb_depth_next)                           \
    X(xcb_depth_visuals_iterator)               \
    X(xcb_discard_reply)                        \
    X(xcb_disconnect)                           \
    X(xcb_flush)                                \
    X(xcb_free_pixmap)                          \
    X(xcb_generate_id)                          \
    X(xcb_get_atom_name)                        \
    X(xcb_get_atom_name_name)                   \
    X(xcb_get_atom_name_name_length)            \
    X(xcb_get_file_descriptor)                  \
    X(xcb_get_geometry)                         \
    X(xcb_get_image)                            \
    X(xcb_get_image_data)                       \
    X(xcb_get_image_data_length)                \
    X(xcb_get_input_focus)                      \
    X(xcb_get_property)                         \
    X(xcb_get_property_value)                   \
    X(xcb_get_property_value_length)            \
    X(xcb_get_setup)                            \
    X(xcb_get_window_attributes)                \
    X(xcb_intern_atom)                          \
    X(xcb_parse_display)                        \
    X(xcb_poll_for_event)                       \
    X(xcb_poll_for_reply)                       \
    X(xcb_query_extension)                      \
    X(xcb_query_pointer)                        \
    X(xcb_query_tree)                           \
    X(xcb_query_tree_children)                  \
    X(xcb_query_tree_children_length)           \
    X(xcb_screen_allowed_depths_iterator)       \
    X(xcb_screen_next)                          \
    X(xcb_setup_pixmap_formats)                 \
    X(xcb_setup_pixmap_formats_length)          \
    X(xcb_setup_roots_iterator)                 \
    X(xcb_translate_coordinates)                \
    X(xcb_visualtype_next)                      \
    X(xcb_shm_attach_fd)                        \
    X(xcb_shm_detach)                           \
    X(xcb_shm_get_image)                        \
    X(xcb_shm_query_version)                    \
    X(xcb_damage_create)                        \
    X(xcb_damage_query_version)                 \
    X(xcb_damage_subtract)                      \
    X(xcb_xfixes_get_cursor_image)              \
    X(xcb_xfixes_get_cursor_image_cursor_image) \
    X(xcb_xfixes_query_version)                 \
    X(xcb_xfixes_select_cursor_input)           \
    X(xcb_randr_get_monitors)                   \
    X(xcb_randr_get_monitors_monitors_iterator) \
    X(xcb_randr_monitor_info_next)              \
    X(xcb_randr_query_version)                  \
    X(xcb_composite_name_window_pixmap)         \
    X(xcb_composite_query_version)              \
    X(xcb_composite_redirect_window)
    LIVEPUSHER_FUNCTIONS(LIVEPUSHER_XCB)
};

inline const auto& x11Libraries() {
    static const base::LoadedLibrary<X11> loaded({"libxcb.so.1", "libxcb-shm.so.0", "libxcb-damage.so.0", "libxcb-xfixes.so.0",
                                                  "libxcb-randr.so.0", "libxcb-composite.so.0"});
    return loaded;
}

/// Only once x11Libraries() misses nothing. [any-thread]
inline const X11& x11() { return *x11Libraries(); }

}  // namespace livepusher::capture
