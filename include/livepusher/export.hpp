// SPDX-License-Identifier: MIT
#pragma once

#include <livepusher/export.h>
