// All distances between a few rows: gathered first, then measured in tiles that stay in registers.
#include <algorithm>

#include "descent.h"

namespace emblink {

namespace {

constexpr std::int64_t kTile = 4;  // rows and columns measured at once

#if defined(__GNUC__)
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float)), aligned(64)));
#endif

inline float total(const Lanes& sums) {
  // In pairs: what is added to what is the same for any width of registers.
  float held[kLanes];
  std::memcpy(held, &sums, sizeof held);
  for (std::int64_t width = kLanes / 2; width > 0; width /= 2)
    for (std::int64_t i = 0; i < width; ++i) held[i] += held[i + width];
  return held[0];
}

EMBLINK_CLONES
void tile(const float* a, const float* b, std::int64_t stride, float* squares) {
  Lanes sums[kTile][kTile] = {};
  for (std::int64_t at = 0; at < stride; at += kLanes) {
    Lanes left[kTile];
    for (std::int64_t i = 0; i < kTile; ++i)
      left[i] = *reinterpret_cast<const Lanes*>(a + i * stride + at);
    for (std::int64_t j = 0; j < kTile; ++j) {
      const Lanes right = *reinterpret_cast<const Lanes*>(b + j * stride + at);
      for (std::int64_t i = 0; i < kTile; ++i) {
        const Lanes off = left[i] - right;
        sums[i][j] += off * off;
      }
    }
  }
  for (std::int64_t i = 0; i < kTile; ++i)
    for (std::int64_t j = 0; j < kTile; ++j) squares[i * kTile + j] = total(sums[i][j]);
}

}  // namespace

Gathered::Gathered(const NearPoints& points, std::int64_t most)
    : points_(points), stride_((points.n_dims + kLanes - 1) / kLanes * kLanes) {
  const std::int64_t padded = most + 2 * kTile;
  const std::size_t size = static_cast<std::size_t>(padded * stride_ + kLanes);
  held_.reset(new float[size]());
  const auto address = reinterpret_cast<std::uintptr_t>(held_.get());
  rows_ = held_.get() + (64 - address % 64) % 64 / sizeof(float);
}

void Gathered::take(const std::int32_t* rows, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float* from = points_.values + rows[i] * points_.n_dims;
    float* to = rows_ + i * stride_;
    for (std::int64_t d = 0; d < points_.n_dims; ++d) to[d] = from[d] * points_.scale;
  }
}

Join::Join(const NearPoints& points, const NearGraph& graph, std::int64_t most)
    : graph_(graph), gathered_(points, most), limits_(new float[most + 2 * kTile]) {}

void Join::gather(const std::int32_t* rows, std::int64_t count) {
  rows_ = rows;
  gathered_.take(rows, count);
  for (std::int64_t i = 0; i < count; ++i) limits_[i] = graph_.limit(rows[i]);
}

void Join::offer_tile(std::int64_t i, std::int64_t j, std::int64_t rows, std::int64_t columns,
                      const float* squares) {
  for (std::int64_t a = i; a < i + rows; ++a)
    for (std::int64_t b = std::max(j, a < j ? j : a + 1); b < j + columns; ++b) {
      const float square = squares[(a - i) * kTile + b - j];
      if (rows_[a] == rows_[b]) continue;
      if (square <= limits_[a]) {
        graph_.offer(rows_[a], square, rows_[b]);
        limits_[a] = graph_.limit(rows_[a]);
      }
      if (square <= limits_[b]) {
        graph_.offer(rows_[b], square, rows_[a]);
        limits_[b] = graph_.limit(rows_[b]);
      }
    }
}

void Join::among(std::int64_t begin, std::int64_t end) {
  float squares[kTile * kTile];
  for (std::int64_t i = begin; i < end; i += kTile)
    for (std::int64_t j = i; j < end; j += kTile) {
      tile(gathered_.row(i), gathered_.row(j), gathered_.stride(), squares);
      offer_tile(i, j, std::min(kTile, end - i), std::min(kTile, end - j), squares);
    }
}

void Join::between(std::int64_t begin, std::int64_t middle, std::int64_t end) {
  float squares[kTile * kTile];
  for (std::int64_t i = begin; i < middle; i += kTile)
    for (std::int64_t j = middle; j < end; j += kTile) {
      tile(gathered_.row(i), gathered_.row(j), gathered_.stride(), squares);
      offer_tile(i, j, std::min(kTile, middle - i), std::min(kTile, end - j), squares);
    }
}

}  // namespace emblink
