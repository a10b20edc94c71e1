// Squared distances by direct differences in double precision.
#pragma once

#include <cstdint>

#include "clones.h"

namespace emblink {

// Have a row come into the cache before it is measured.
inline void expect(const float* row, std::int64_t n_dims) {
  constexpr std::int64_t kLine = 16;
  for (std::int64_t i = 0; i < n_dims; i += kLine) __builtin_prefetch(row + i);
}

EMBLINK_CLONES
static double squared_distance(const float* x, const float* y, std::int64_t n_dims) {
  constexpr std::int64_t kLanes = 16;
  double sums[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= n_dims; i += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const double difference = static_cast<double>(x[i + lane]) - static_cast<double>(y[i + lane]);
      sums[lane] += difference * difference;
    }
  double total = 0.0;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) total += sums[lane];
  for (; i < n_dims; ++i) {
    const double difference = static_cast<double>(x[i]) - static_cast<double>(y[i]);
    total += difference * difference;
  }
  return total;
}

}  // namespace emblink
