// How many candidates score above given ones, block by block of a matrix of scores.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "emblink.h"
#include "parallel.h"
#include "topk.h"

namespace {

constexpr std::int64_t kChunk = 1024;  // columns of a row at once: in the nearest cache
constexpr std::int64_t kLanes = 32;    // columns counted side by side
constexpr std::int64_t kRows = 128;    // rows of one tile
constexpr float kInfinity = std::numeric_limits<float>::infinity();

EMBLINK_CLONES
std::int32_t above(const float* scores, std::int64_t n, float threshold) {
  std::int32_t count = 0;
  for (std::int64_t j = 0; j < n; ++j) count += scores[j] > threshold;
  return count;
}

EMBLINK_CLONES
std::int32_t reaching(const float* scores, std::int64_t n, float threshold) {
  std::int32_t count = 0;
  for (std::int64_t j = 0; j < n; ++j) count += scores[j] >= threshold;
  return count;
}

EMBLINK_CLONES
void count_row(const float* scores, const float* bias, std::int64_t n_cols, const float* thresholds,
               const std::int32_t* members, std::int64_t first_col, std::int64_t m,
               std::int32_t* counts) {
  float held[kChunk];
  for (std::int64_t begin = 0; begin < n_cols; begin += kChunk) {
    const std::int64_t n = std::min(kChunk, n_cols - begin);
    for (std::int64_t j = 0; j < n; ++j) held[j] = scores[begin + j] - bias[begin + j];
    for (std::int64_t t = 0; t < m; ++t) {
      const std::int64_t own = members[t] - first_col - begin;
      const std::int64_t before = std::clamp<std::int64_t>(own, 0, n);
      const std::int64_t after = std::clamp<std::int64_t>(own + 1, 0, n);
      counts[t] += reaching(held, before, thresholds[t]) +
                   above(held + after, n - after, thresholds[t]);
    }
  }
}

EMBLINK_CLONES
void count_tile(const float (*held)[kLanes], std::int64_t n_rows, const float* threshold,
                std::int32_t* counts) {
  std::int32_t found[kLanes] = {};
  for (std::int64_t r = 0; r < n_rows; ++r)
    for (std::int64_t j = 0; j < kLanes; ++j) found[j] += held[r][j] > threshold[j];
  for (std::int64_t j = 0; j < kLanes; ++j) counts[j] += found[j];
}

}  // namespace

// Column c of the block scores block[r, c] - bias[c] for row r, whose m thresholds and counts are
// contiguous. members: the candidates whose scores the thresholds are. They are not counted themselves,
// candidates before them count when they score as much.
EMBLINK_API void emblink_count_rows(const float* block, std::int64_t n_rows, std::int64_t n_cols,
                                    const float* bias, std::int64_t first_col,
                                    const float* thresholds, const std::int32_t* members,
                                    std::int64_t m, std::int32_t* counts, std::int32_t threads) {
  emblink::parallel_blocks(n_rows, threads, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      count_row(block + r * n_cols, bias, n_cols, thresholds + r * m, members + r * m, first_col, m,
                counts + r * m);
    }
  });
}

// The same the other way round: row r scores block[r, c] - bias[r] for column c.
EMBLINK_API void emblink_count_columns(const float* block, std::int64_t n_rows, std::int64_t n_cols,
                                       const float* bias, std::int64_t first_row,
                                       const float* thresholds, const std::int32_t* members,
                                       std::int64_t m, std::int32_t* counts, std::int32_t threads) {
  emblink::parallel_blocks(n_cols, threads, kLanes, [&](std::int64_t begin, std::int64_t end) {
    float held[kRows][kLanes] = {}, threshold[kLanes] = {};
    std::int32_t found[kLanes];
    const std::int64_t width = end - begin;
    for (std::int64_t top = 0; top < n_rows; top += kRows) {
      const std::int64_t rows = std::min(kRows, n_rows - top);
      for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t j = 0; j < width; ++j)
          held[r][j] = block[(top + r) * n_cols + begin + j] - bias[top + r];
      for (std::int64_t t = 0; t < m; ++t) {
        std::fill(found, found + kLanes, 0);
        for (std::int64_t j = 0; j < width; ++j) {
          const float bound = thresholds[(begin + j) * m + t];
          const std::int64_t own = members[(begin + j) * m + t] - first_row - top;
          threshold[j] = own >= rows ? std::nextafter(bound, -kInfinity) : bound;
          if (own < 0 || own >= rows) continue;
          for (std::int64_t r = 0; r < own; ++r) found[j] += held[r][j] == bound;
          found[j] -= held[own][j] > bound;
        }
        count_tile(held, rows, threshold, found);
        for (std::int64_t j = 0; j < width; ++j) counts[(begin + j) * m + t] += found[j];
      }
    }
  });
}
