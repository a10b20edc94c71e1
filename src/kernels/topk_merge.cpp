// Lists of the best that were found apart become one: each is trimmed and packed behind the one before, and then
// merged into a running list.
#include "emblink.h"
#include "parallel.h"
#include "topk.h"

namespace {

using emblink::Key;

constexpr std::int64_t kRows = 256;

}  // namespace

// Leave the `keep` best of each list, in its first places.
EMBLINK_API void emblink_topk_trim(Key* keys, std::int32_t* counts, float* thresholds, std::int64_t n_lists,
                                   std::int64_t keep, std::int64_t capacity, std::int32_t threads) {
  emblink::parallel_blocks(n_lists, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r)
      emblink::trim(keys + r * capacity, counts[r], thresholds[r], keep);
  });
}

// Merge list r of the part, its keys from ends[r] to ends[r + 1], into list first_list + r, and leave the `keep`
// best. What the part turned away scored no higher than its threshold, so the higher threshold of the two holds
// from then on.
EMBLINK_API void emblink_topk_merge(const Key* part, const std::int64_t* ends, const float* part_thresholds,
                                    std::int64_t n_lists, std::int64_t first_list, Key* keys, std::int32_t* counts,
                                    float* thresholds, std::int64_t keep, std::int64_t capacity,
                                    std::int32_t threads) {
  emblink::parallel_blocks(n_lists, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t list = first_list + r;
      Key* held = keys + list * capacity;
      for (std::int64_t i = ends[r]; i < ends[r + 1]; ++i) {
        const Key key = part[i];
        if (!(emblink::score_of(key) > thresholds[list])) continue;
        held[counts[list]++] = key;
        if (counts[list] == capacity) emblink::trim(held, counts[list], thresholds[list], keep);
      }
      emblink::trim(held, counts[list], thresholds[list], keep);
      thresholds[list] = std::max(thresholds[list], part_thresholds[r]);
    }
  });
}
