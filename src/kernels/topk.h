// A list entry as one integer, so that a better entry is a greater key: higher score first, then lower row.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>

#include "clones.h"

namespace emblink {

using Key = std::uint64_t;

inline Key make_key(float score, std::int32_t row) {
  score += 0.0f;  // -0 and +0 are one score
  std::uint32_t bits;
  std::memcpy(&bits, &score, sizeof bits);
  bits ^= (bits >> 31) ? 0xFFFFFFFFu : 0x80000000u;
  return (static_cast<Key>(bits) << 32) | static_cast<std::uint32_t>(~row);
}

inline float score_of(Key key) {
  std::uint32_t bits = static_cast<std::uint32_t>(key >> 32);
  bits ^= (bits >> 31) ? 0x80000000u : 0xFFFFFFFFu;
  float score;
  std::memcpy(&score, &bits, sizeof score);
  return score;
}

inline std::int32_t row_of(Key key) {
  return static_cast<std::int32_t>(~static_cast<std::uint32_t>(key));
}

// Drop all but the `keep` best; the threshold is then the worst score kept.
inline void trim(Key* list, std::int32_t& count, float& threshold, std::int64_t keep) {
  if (count <= keep) return;
  std::nth_element(list, list + (keep - 1), list + count, std::greater<Key>());
  count = static_cast<std::int32_t>(keep);
  threshold = score_of(list[keep - 1]);
}

}  // namespace emblink
