// All pairs of a few rows: measured in blocks, then offered to one list after the other.
#include <algorithm>

#include "descent.h"

namespace emblink {

namespace {

constexpr std::int64_t kTile = Gathered::kTile;
constexpr std::int64_t kBlock = 64;  // rows and columns of distances held, where all are wanted

// Where a key belongs: how many of an ascending list are below it, without a branch to guess.
EMBLINK_CLONES
std::int64_t below(const NearKey* list, std::int64_t k, NearKey key) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < k; ++i) count += list[i] < key;
  return count;
}

void insert(NearKey* list, std::int64_t k, NearKey key) {
  if (key >= list[k - 1]) return;
  const std::int64_t at = below(list, k, key & ~static_cast<NearKey>(1));
  if ((list[at] >> 1) == (key >> 1)) return;  // it is there, new or not
  const NearKey last = at < k - 1 ? list[k - 2] : key;
  for (std::int64_t i = k - 2; i > at; --i) list[i] = list[i - 1];
  if (at < k - 1) list[at] = key;
  __atomic_store_n(list + k - 1, last, __ATOMIC_RELAXED);
}

// Which of some squares are up to a limit.
std::int64_t up_to(const float* squares, std::int64_t n, float limit, std::int32_t* which) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    which[count] = static_cast<std::int32_t>(i);
    count += squares[i] <= limit;
  }
  return count;
}

}  // namespace

void NearGraph::offer(std::int64_t row, const float* squares, const std::int32_t* others,
                      const std::int32_t* near, std::int64_t count) const {
  locks->with(row, [&] {
    for (std::int64_t i = 0; i < count; ++i)
      if (others[near[i]] != row)
        insert(keys + row * k, k, near_key(squares[near[i]], others[near[i]]));
  });
}

Join::Join(const NearPoints& points, const NearGraph& graph, std::int64_t most)
    : graph_(graph),
      gathered_(points, most),
      width_(most + 2 * kTile),
      near_(new std::int32_t[width_]) {}

void Join::gather(const std::int32_t* rows, std::int64_t count) {
  rows_ = rows;
  count_ = count;
  const std::int64_t size = graph_.k * static_cast<std::int64_t>(sizeof(NearKey));
  for (std::int64_t i = 0; i < count; ++i) soon(graph_.keys + rows[i] * graph_.k, size);
  gathered_.take(rows, count);
}

void Join::measure(Span rows, Span columns, float* squares, float* turned, std::int64_t width) {
  float held[kTile * kTile];
  for (std::int64_t i = rows.begin; i < rows.end; i += kTile)
    for (std::int64_t j = squares == turned ? i : columns.begin; j < columns.end; j += kTile) {
      gathered_.measure(i, j, held);
      for (std::int64_t a = 0; a < kTile; ++a)
        for (std::int64_t b = 0; b < kTile; ++b) {
          const float square = held[a * kTile + b];
          squares[(i - rows.begin + a) * width + j - columns.begin + b] = square;
          turned[(j - columns.begin + b) * width + i - rows.begin + a] = square;
        }
    }
}

void Join::offer(Span rows, Span columns, const float* squares, std::int64_t width) {
  for (std::int64_t i = rows.begin; i < rows.end; ++i, squares += width) {
    const std::int64_t count =
        up_to(squares, columns.end - columns.begin, graph_.limit(rows_[i]), near_.get());
    if (count > 0) graph_.offer(rows_[i], squares, rows_ + columns.begin, near_.get(), count);
  }
}

void Join::all() {
  constexpr std::int64_t width = kBlock + kTile;
  if (!squares_) {
    squares_.reset(new float[width * width]);
    turned_.reset(new float[width * width]);
  }
  for (std::int64_t i = 0; i < count_; i += kBlock)
    for (std::int64_t j = i; j < count_; j += kBlock) {
      const Span rows{i, std::min(count_, i + kBlock)}, columns{j, std::min(count_, j + kBlock)};
      float* turned = i == j ? squares_.get() : turned_.get();
      measure(rows, columns, squares_.get(), turned, width);
      offer(rows, columns, squares_.get(), width);
      if (i != j) offer(columns, rows, turned, width);
    }
}

void Join::first(std::int64_t fresh) {
  if (!squares_) squares_.reset(new float[width_ * width_]);
  float* squares = squares_.get();
  for (std::int64_t i = fresh; i < count_; ++i)
    std::fill(squares + i * width_ + fresh, squares + i * width_ + count_, __builtin_inff());
  const Span young{0, fresh}, old{fresh, count_}, both{0, count_};
  measure(young, young, squares, squares, width_);
  if (fresh < count_) measure(young, old, squares + fresh, squares + fresh * width_, width_);
  offer(both, both, squares, width_);
}

}  // namespace emblink
