// How far down one list of distances the nearest of another list stand.
#include <cstdint>
#include <vector>

#include "emblink.h"
#include "parallel.h"

namespace {

// The k least of `distances`, ties in order of column, nearest first.
void nearest(const float* distances, std::int64_t n, std::int64_t k, std::int64_t* found) {
  std::int64_t held = 0;
  for (std::int64_t column = 0; column < n; ++column) {
    if (held == k && !(distances[column] < distances[found[k - 1]])) continue;
    std::int64_t place = held < k ? held++ : k - 1;
    for (; place > 0 && distances[column] < distances[found[place - 1]]; --place)
      found[place] = found[place - 1];
    found[place] = column;
  }
}

// How many columns stand before `member`: nearer, or as near and earlier.
std::int64_t before(const float* distances, std::int64_t n, std::int64_t member) {
  const float own = distances[member];
  std::int32_t nearer = 0, tied = 0;
  for (std::int64_t column = 0; column < n; ++column) nearer += distances[column] < own;
  for (std::int64_t column = 0; column < member; ++column) tied += distances[column] == own;
  return nearer + tied;
}

}  // namespace

// For each of n_rows rows: the sum over the k least of `chosen_by` of how far their rank in
// `ranked_in` is beyond k. Both are (n_rows, n) and C-contiguous.
EMBLINK_API void emblink_excess_rank(const float* chosen_by, const float* ranked_in,
                                     std::int64_t n_rows, std::int64_t n, std::int64_t k,
                                     double* excess, std::int32_t threads) {
  emblink::parallel_blocks(n_rows, threads, 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<std::int64_t> members(k);
    for (std::int64_t row = begin; row < end; ++row) {
      nearest(chosen_by + row * n, n, k, members.data());
      std::int64_t sum = 0;
      for (const std::int64_t member : members)
        sum += std::max<std::int64_t>(0, before(ranked_in + row * n, n, member) + 1 - k);
      excess[row] = static_cast<double>(sum);
    }
  });
}
