// Running lists of near rows for NN-descent: sorted keys, each a distance, a row and whether it is new.
//
// A list holds the least keys that were ever offered to it, so that it does not matter in which order, or
// by which thread, they were.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>

#include "topk.h"

namespace emblink {

using NearKey = std::uint64_t;  // squared distance as a float's bits, then the row, then 1 for new

constexpr NearKey kNoRow = ~static_cast<NearKey>(0);
constexpr std::int64_t kLanes = 16;  // sums of a distance: the same bytes on every machine

inline NearKey near_key(float square, std::int32_t row) {
  std::uint32_t bits;
  std::memcpy(&bits, &square, sizeof bits);
  return (static_cast<NearKey>(bits) << 32) | (static_cast<NearKey>(row) << 1) | 1u;
}

inline std::int32_t near_row(NearKey key) {
  return static_cast<std::int32_t>((key & 0xFFFFFFFFu) >> 1);
}

inline bool is_new(NearKey key) { return (key & 1u) != 0; }

// The square below which a row may enter; infinite while the list has room.
inline float near_limit(NearKey last) {
  if (last == kNoRow) return __builtin_inff();
  const std::uint32_t bits = static_cast<std::uint32_t>(last >> 32);
  float square;
  std::memcpy(&square, &bits, sizeof square);
  return square;
}

// One lock for many rows: a power of two of them.
class Locks {
 public:
  Locks() : held_(new std::atomic<bool>[kCount]) {
    for (std::size_t i = 0; i < kCount; ++i) held_[i].store(false, std::memory_order_relaxed);
  }

  template <class Work>
  void with(std::int64_t row, Work&& work) {
    std::atomic<bool>& lock = held_[static_cast<std::size_t>(row) & (kCount - 1)];
    while (lock.exchange(true, std::memory_order_acquire))
      while (lock.load(std::memory_order_relaxed)) {
      }
    work();
    lock.store(false, std::memory_order_release);
  }

 private:
  static constexpr std::size_t kCount = 1 << 16;
  std::unique_ptr<std::atomic<bool>[]> held_;
};

struct NearGraph {
  NearKey* keys;
  std::int64_t k;
  Locks* locks;

  float limit(std::int64_t row) const {
    return near_limit(__atomic_load_n(keys + row * k + k - 1, __ATOMIC_RELAXED));
  }

  void offer(std::int64_t row, float square, std::int32_t other) const {
    locks->with(row, [&] { insert(keys + row * k, near_key(square, other)); });
  }

 private:
  void insert(NearKey* list, NearKey key) const {
    if (key >= list[k - 1]) return;
    NearKey* at = std::lower_bound(list, list + k, key & ~static_cast<NearKey>(1));
    if ((*at >> 1) == (key >> 1)) return;  // it is there, new or not
    NearKey last = list[k - 1];
    if (at < list + k - 1) {
      last = list[k - 2];
      std::memmove(at + 1, at, static_cast<std::size_t>(list + k - 2 - at) * sizeof(NearKey));
    } else {
      last = key;
    }
    if (at < list + k - 1) *at = key;
    __atomic_store_n(list + k - 1, last, __ATOMIC_RELAXED);
  }
};

// Vectors, and the power of two that brings them into the range where squares neither overflow nor vanish.
struct NearPoints {
  const float* values;
  std::int64_t n, n_dims;
  float scale;
};

// Rows brought together, padded with zeros to whole lanes.
class Gathered {
 public:
  Gathered(const NearPoints& points, std::int64_t most);
  void take(const std::int32_t* rows, std::int64_t count);
  const float* row(std::int64_t at) const { return rows_ + at * stride_; }
  std::int64_t stride() const { return stride_; }

 private:
  NearPoints points_;
  std::int64_t stride_;
  std::unique_ptr<float[]> held_;
  float* rows_;
};

// Measure each of `a` against each of `b` of the rows gathered, and offer them to each other. Where
// both are the same span each pair is measured once.
class Join {
 public:
  Join(const NearPoints& points, const NearGraph& graph, std::int64_t most);
  void gather(const std::int32_t* rows, std::int64_t count);
  void among(std::int64_t begin, std::int64_t end);
  void between(std::int64_t begin, std::int64_t middle, std::int64_t end);

 private:
  void offer_tile(std::int64_t i, std::int64_t j, std::int64_t rows, std::int64_t columns,
                  const float* squares);

  NearGraph graph_;
  Gathered gathered_;
  const std::int32_t* rows_ = nullptr;
  std::unique_ptr<float[]> limits_;
};

// splitmix64, Steele, Lea and Flood 2014.
inline std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace emblink
