// Emblink's kernels: plain C functions over pointers, called from emblink/kernels.py by ctypes.
//
// Arrays are C-contiguous and owned by the caller. Results do not depend on the number of threads.
#pragma once

#include <cstdint>

#if defined(_WIN32)
#define EMBLINK_API extern "C" __declspec(dllexport)
#else
#define EMBLINK_API extern "C" __attribute__((visibility("default")))
#endif
