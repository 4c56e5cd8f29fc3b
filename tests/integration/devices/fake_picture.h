// SPDX-License-Identifier: MIT
// What the fake camera sees: a grey ramp with some texture, a bright bar that goes 8 pixels to the right each frame, and the
// frame's number as capture/test_counter.hpp has it. Each camera has another colour.
#ifndef FAKE_PICTURE_H
#define FAKE_PICTURE_H
#include <stddef.h>
#include <stdint.h>

struct picture {
    unsigned camera, width, height, format;  // format: V4L2_PIX_FMT_…, of kFormats in fake_camera.c
    unsigned padding;  // MJPEG: so many rows of rubbish more below the picture, as encoders make whole blocks
};

enum { kJpegs = 8 };  // so many different ones, again and again: making them takes longer than a frame lasts

/// Makes what paint() needs of that picture, once; 0 when it can't.
int prepare(const struct picture* what);

/// Frame `number` into memory that has room for four bytes a pixel; answers its bytes.
size_t paint(const struct picture* what, uint32_t number, uint8_t* to);

#endif
