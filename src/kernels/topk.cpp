// Merge a block of scores into running lists of the best: per row of the block, or per column.
//
// A list is an unordered buffer of `capacity` keys. When full it is trimmed to the `keep` best, and its
// threshold becomes the worst of those: only a higher score is worth appending. Candidates must come in
// ascending order, so that of equal scores the lower row is already there.
#include "topk.h"

#include <algorithm>

#include "emblink.h"
#include "parallel.h"

namespace {

using emblink::Key;

constexpr std::int64_t kChunk = 32;   // columns tested at once
constexpr std::int64_t kSlab = 512;   // columns of one task: contiguous enough, small enough to share out
constexpr std::int64_t kRows = 32;    // rows of one task

struct Lists {
  Key* keys;
  std::int32_t* counts;
  float* thresholds;
  std::int64_t keep;
  std::int64_t capacity;

  void push(std::int64_t list, float score, std::int64_t row) const {
    Key* begin = keys + list * capacity;
    begin[counts[list]++] = emblink::make_key(score, static_cast<std::int32_t>(row));
    if (counts[list] == capacity) emblink::trim(begin, counts[list], thresholds[list], keep);
  }
};

inline bool any_above(const float* scores, const float* bias, float threshold) {
  int any = 0;
  for (std::int64_t j = 0; j < kChunk; ++j) any |= scores[j] - bias[j] > threshold;
  return any != 0;
}

inline bool any_above(const float* scores, float bias, const float* thresholds) {
  int any = 0;
  for (std::int64_t j = 0; j < kChunk; ++j) any |= scores[j] - bias > thresholds[j];
  return any != 0;
}

EMBLINK_CLONES
void scan_row(const float* scores, const float* bias, std::int64_t n_cols, std::int64_t first_col,
              std::int64_t self, std::int64_t list, const Lists& lists) {
  const float* threshold = lists.thresholds + list;
  for (std::int64_t j = 0; j < n_cols; j += kChunk) {
    const std::int64_t end = std::min(n_cols, j + kChunk);
    if (end - j == kChunk && !any_above(scores + j, bias + j, *threshold)) continue;
    for (std::int64_t c = j; c < end; ++c) {
      const float score = scores[c] - bias[c];
      if (score > *threshold && first_col + c != self) lists.push(list, score, first_col + c);
    }
  }
}

EMBLINK_CLONES
void scan_slab(const float* scores, float bias, std::int64_t row, std::int64_t begin, std::int64_t end,
               std::int64_t first_list, const Lists& lists) {
  const float* thresholds = lists.thresholds + first_list;
  for (std::int64_t j = begin; j < end; j += kChunk) {
    const std::int64_t stop = std::min(end, j + kChunk);
    if (stop - j == kChunk && !any_above(scores + j, bias, thresholds + j)) continue;
    for (std::int64_t c = j; c < stop; ++c) {
      const float score = scores[c] - bias;
      if (score > thresholds[c]) lists.push(first_list + c, score, row);
    }
  }
}

}  // namespace

// Row r of the block scores candidates first_col.. for list first_list + r, whose own row is selves[r].
EMBLINK_API void emblink_topk_rows(const float* block, std::int64_t n_rows, std::int64_t n_cols,
                                   const float* col_bias, std::int64_t first_col,
                                   const std::int64_t* selves, std::int64_t first_list, Key* keys,
                                   std::int32_t* counts, float* thresholds, std::int64_t keep,
                                   std::int64_t capacity, std::int32_t threads) {
  const Lists lists{keys, counts, thresholds, keep, capacity};
  emblink::parallel_blocks(n_rows, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r)
      scan_row(block + r * n_cols, col_bias, n_cols, first_col, selves[r], first_list + r, lists);
  });
}

// Column c of the block scores candidates first_row.. for list first_list + c; none is the list's own row.
EMBLINK_API void emblink_topk_columns(const float* block, std::int64_t n_rows, std::int64_t n_cols,
                                      const float* row_bias, std::int64_t first_row,
                                      std::int64_t first_list, Key* keys, std::int32_t* counts,
                                      float* thresholds, std::int64_t keep, std::int64_t capacity,
                                      std::int32_t threads) {
  const Lists lists{keys, counts, thresholds, keep, capacity};
  emblink::parallel_blocks(n_cols, threads, kSlab, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = 0; r < n_rows; ++r)
      scan_slab(block + r * n_cols, row_bias[r], first_row + r, begin, end, first_list, lists);
  });
}
