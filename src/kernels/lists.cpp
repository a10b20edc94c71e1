// What two lists of neighbours have in common: by depth, and where the members of one stand in the other.
#include <cstdint>
#include <vector>

#include "emblink.h"
#include "parallel.h"

namespace {

// A small hash table from row numbers to a number each; emptied in no time for the next pair of lists.
class Table {
 public:
  explicit Table(std::int64_t members) {
    while ((std::int64_t{1} << bits_) < 2 * members) ++bits_;
    slots_.resize(std::size_t{1} << bits_);
  }

  void clear() { ++round_; }

  // The number kept for `key`, 0 when it is new.
  std::int32_t& operator[](std::int32_t key) {
    Slot& slot = find(key);
    if (slot.round != round_) slot = {round_, key, 0};
    return slot.value;
  }

  std::int32_t get(std::int32_t key) {
    const Slot& slot = find(key);
    return slot.round == round_ ? slot.value : 0;
  }

 private:
  struct Slot {
    std::int64_t round = 0;
    std::int32_t key = 0;
    std::int32_t value = 0;
  };

  Slot& find(std::int32_t key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = (static_cast<std::uint32_t>(key) * 2654435769u) >> (32 - bits_);
    while (slots_[at].round == round_ && slots_[at].key != key) at = (at + 1) & mask;
    return slots_[at];
  }

  int bits_ = 3;
  std::int64_t round_ = 0;
  std::vector<Slot> slots_;
};

constexpr std::int64_t kRows = 128;
constexpr std::int32_t kInA = 1, kInB = 2;

// Note that `member` stands in one list: 1 when it stands in the other already, and was not noted.
std::int32_t note(Table& seen, std::int32_t member, std::int32_t own, std::int32_t other) {
  if (member < 0) return 0;
  std::int32_t& flags = seen[member];
  const std::int32_t met = (flags & (own | other)) == other;
  flags |= own;
  return met;
}

}  // namespace

// For each of n_rows pairs of lists and each of n_depths ascending depths: how many members the first
// `depth` of both have in common, as sets. The lists are (n_rows, length); negative members are no one.
EMBLINK_API void emblink_prefix_agreement(const std::int32_t* a, const std::int32_t* b,
                                          std::int64_t n_rows, std::int64_t length,
                                          const std::int64_t* depths, std::int64_t n_depths,
                                          std::int32_t* common, std::int32_t threads) {
  emblink::parallel_blocks(n_rows, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    Table seen(2 * length);
    for (std::int64_t row = begin; row < end; ++row) {
      seen.clear();
      std::int32_t count = 0;
      std::int64_t rank = 0;
      for (std::int64_t at = 0; at < n_depths; ++at) {
        for (; rank < depths[at]; ++rank) {
          count += note(seen, a[row * length + rank], kInA, kInB);
          count += note(seen, b[row * length + rank], kInB, kInA);
        }
        common[row * n_depths + at] = count;
      }
    }
  });
}

// For each member of n_rows lists of `n_wanted`: its rank, from 1, in the other list of `length`; 0 where
// it is not there. Negative members are no one.
EMBLINK_API void emblink_list_ranks(const std::int32_t* wanted, const std::int32_t* lists,
                                    std::int64_t n_rows, std::int64_t n_wanted, std::int64_t length,
                                    std::int32_t* ranks, std::int32_t threads) {
  emblink::parallel_blocks(n_rows, threads, kRows, [&](std::int64_t begin, std::int64_t end) {
    Table places(length);
    for (std::int64_t row = begin; row < end; ++row) {
      places.clear();
      for (std::int64_t rank = 0; rank < length; ++rank) {
        const std::int32_t member = lists[row * length + rank];
        if (member < 0) continue;
        std::int32_t& place = places[member];
        if (place == 0) place = static_cast<std::int32_t>(rank + 1);
      }
      for (std::int64_t at = row * n_wanted; at < (row + 1) * n_wanted; ++at)
        ranks[at] = wanted[at] < 0 ? 0 : places.get(wanted[at]);
    }
  });
}
