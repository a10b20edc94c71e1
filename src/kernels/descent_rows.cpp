// Distances between rows that were brought together, in tiles that stay in registers.
#include <cstring>

#include "descent.h"

namespace emblink {

namespace {

constexpr std::int64_t kTile = Gathered::kTile;
constexpr std::int64_t kAlign = 64;
constexpr std::int64_t kWholeLanes = 32;
constexpr std::int64_t kAhead = 2;  // rows asked for before they are taken

typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float)), aligned(64)));

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

// Two rows by two columns. Differences have 16 bits and sums of their squares 31: no order of adding
// matters.
EMBLINK_CLONES
void whole_tile(const std::int16_t* a, const std::int16_t* b, std::int64_t stride, float* squares) {
  const std::int16_t *c = a + stride, *d = b + stride;
  std::int32_t ab = 0, ad = 0, cb = 0, cd = 0;
  for (std::int64_t i = 0; i < stride; ++i) {
    const std::int16_t one = static_cast<std::int16_t>(a[i] - b[i]);
    const std::int16_t two = static_cast<std::int16_t>(a[i] - d[i]);
    const std::int16_t three = static_cast<std::int16_t>(c[i] - b[i]);
    const std::int16_t four = static_cast<std::int16_t>(c[i] - d[i]);
    ab += one * one;
    ad += two * two;
    cb += three * three;
    cd += four * four;
  }
  squares[0] = static_cast<float>(ab);
  squares[1] = static_cast<float>(ad);
  squares[kTile] = static_cast<float>(cb);
  squares[kTile + 1] = static_cast<float>(cd);
}

EMBLINK_CLONES
void scaled(const float* from, float scale, std::int64_t n, float* to) {
  for (std::int64_t i = 0; i < n; ++i) to[i] = from[i] * scale;
}

// Rounded by adding a number whose last digit is 1.
EMBLINK_CLONES
void rounded(const float* from, const float* centre, float scale, std::int64_t n, std::int16_t* to) {
  constexpr float kOnes = 12582912.0f;
  std::int32_t zero;
  std::memcpy(&zero, &kOnes, sizeof zero);
  for (std::int64_t i = 0; i < n; ++i) {
    const float shifted = (from[i] - centre[i]) * scale + kOnes;
    std::int32_t bits;
    std::memcpy(&bits, &shifted, sizeof bits);
    to[i] = static_cast<std::int16_t>(bits - zero);
  }
}

}  // namespace

Gathered::Gathered(const NearPoints& points, std::int64_t most) : points_(points) {
  const std::int64_t lanes = points.centre ? kWholeLanes : kLanes;
  stride_ = (points.n_dims + lanes - 1) / lanes * lanes;
  const std::int64_t size = (most + 2 * kTile) * stride_ * (points.centre ? 2 : 4) + kAlign;
  held_.reset(new unsigned char[static_cast<std::size_t>(size)]());
  rows_ = held_.get() + (kAlign - reinterpret_cast<std::uintptr_t>(held_.get()) % kAlign) % kAlign;
}

float* Gathered::reals(std::int64_t row) const {
  return reinterpret_cast<float*>(rows_) + row * stride_;
}

std::int16_t* Gathered::wholes(std::int64_t row) const {
  return reinterpret_cast<std::int16_t*>(rows_) + row * stride_;
}

void Gathered::take(const std::int32_t* rows, std::int64_t count) {
  const std::int64_t size = points_.n_dims * static_cast<std::int64_t>(sizeof(float));
  for (std::int64_t i = 0; i < count; ++i) {
    const float* from = points_.values + rows[i] * points_.n_dims;
    if (i + kAhead < count) soon(points_.values + rows[i + kAhead] * points_.n_dims, size);
    if (points_.centre)
      rounded(from, points_.centre, points_.scale, points_.n_dims, wholes(i));
    else
      scaled(from, points_.scale, points_.n_dims, reals(i));
  }
}

// The squared distances of kTile rows from as many columns.
void Gathered::measure(std::int64_t row, std::int64_t column, float* squares) const {
  if (!points_.centre) return tile(reals(row), reals(column), stride_, squares);
  for (std::int64_t i = 0; i < kTile; i += 2)
    for (std::int64_t j = 0; j < kTile; j += 2)
      whole_tile(wholes(row + i), wholes(column + j), stride_, squares + i * kTile + j);
}

}  // namespace emblink
