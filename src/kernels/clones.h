// One portable binary that takes the machine's widest vectors, where the loader can choose.
#pragma once

#include <cstdint>  // which says __GLIBC__

#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && defined(__GNUC__)
#define EMBLINK_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EMBLINK_CLONES
#endif
