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

  // Offer some rows at once: `squares` away are others[near[0]], others[near[1]] ...
  void offer(std::int64_t row, const float* squares, const std::int32_t* others,
             const std::int32_t* near, std::int64_t count) const;
};

// Vectors, and what brings them into the range of the numbers that distances are counted in: floats, by a
// power of two; or, where `centre` is given, whole numbers of 16 bits, twice as many at a time.
struct NearPoints {
  const float* values;
  std::int64_t n, n_dims;
  float scale;
  const float* centre;
};

// Rows brought together, padded with zeros to whole lanes.
class Gathered {
 public:
  static constexpr std::int64_t kTile = 4;  // rows and columns measured at once
  Gathered(const NearPoints& points, std::int64_t most);
  void take(const std::int32_t* rows, std::int64_t count);
  void measure(std::int64_t row, std::int64_t column, float* squares) const;

 private:
  float* reals(std::int64_t row) const;
  std::int16_t* wholes(std::int64_t row) const;

  NearPoints points_;
  std::int64_t stride_;
  std::unique_ptr<unsigned char[]> held_;
  unsigned char* rows_;
};

// Measures rows against each other, and offers each to the other.
class Join {
 public:
  Join(const NearPoints& points, const NearGraph& graph, std::int64_t most);
  void gather(const std::int32_t* rows, std::int64_t count);
  void all();                      // every pair of what was gathered
  void first(std::int64_t fresh);  // every pair but those without one of the first few

 private:
  struct Span {
    std::int64_t begin, end;
  };
  void measure(Span rows, Span columns, float* squares, float* turned, std::int64_t width);
  void offer(Span rows, Span columns, const float* squares, std::int64_t width);

  NearGraph graph_;
  Gathered gathered_;
  const std::int32_t* rows_ = nullptr;
  std::int64_t count_ = 0, width_;
  std::unique_ptr<float[]> squares_, turned_;
  std::unique_ptr<std::int32_t[]> near_;
};

// Ask for memory that will be read soon.
inline void soon(const void* begin, std::int64_t size) {
  constexpr std::int64_t kLine = 64;
  const char* at = static_cast<const char*>(begin);
  for (std::int64_t offset = 0; offset < size; offset += kLine) __builtin_prefetch(at + offset);
}

// splitmix64, Steele, Lea and Flood 2014.
inline std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace emblink
