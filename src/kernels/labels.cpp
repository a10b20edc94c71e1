// Which labels stand among each item's neighbours: one pass over the lists.
#include <algorithm>
#include <cstdint>
#include <mutex>
#include <vector>

#include "emblink.h"
#include "parallel.h"

namespace {

constexpr std::int32_t kNone = -1;

// Counts of the labels seen along one list, forgotten again in time of what was seen.
struct Ballot {
  std::vector<std::int32_t> votes;
  std::vector<std::int32_t> seen;  // in the order of their nearest member

  explicit Ballot(std::int32_t n_labels) : votes(n_labels, 0) {}

  void add(std::int32_t label) {
    if (votes[label]++ == 0) seen.push_back(label);
  }

  // The label with most votes; of tied ones, that whose nearest member comes first.
  std::int32_t winner() const {
    std::int32_t best = kNone, most = 0;
    for (const std::int32_t label : seen)
      if (votes[label] > most) most = votes[label], best = label;
    return best;
  }

  void clear() {
    for (const std::int32_t label : seen) votes[label] = 0;
    seen.clear();
  }
};

}  // namespace

// `lists` is (n, held); `codes` (n,) from 0 to n_labels - 1, negative for none. Of the first `near`
// neighbours: how many carry the item's own label (`same`), how many any (`labelled`), and the
// label most of them carry (`voted`, -1 for none); of the first `wide` >= `near`, the same but for the vote.
// Where `groups` is given, `edges` (n_groups, n_labels) gains the labels of the first `wide`
// neighbours of each group's items; a negative group is left out.
EMBLINK_API void emblink_label_counts(const std::int32_t* lists, const std::int32_t* codes,
                                      const std::int32_t* groups, std::int64_t n,
                                      std::int64_t held, std::int64_t near, std::int64_t wide,
                                      std::int64_t n_labels, std::int64_t n_groups,
                                      std::int32_t* same, std::int32_t* labelled,
                                      std::int32_t* wide_same, std::int32_t* wide_labelled,
                                      std::int32_t* voted, std::int64_t* edges,
                                      std::int32_t threads) {
  std::mutex adding;
  // One table a block, so as few blocks as threads where tables are made.
  const std::int64_t block = groups ? (n + std::max(threads, 1) - 1) / std::max(threads, 1) : 4096;
  emblink::parallel_blocks(n, threads, block, [&](std::int64_t begin, std::int64_t end) {
    Ballot ballot(static_cast<std::int32_t>(n_labels));
    std::vector<std::int64_t> table(groups ? n_groups * n_labels : 0, 0);
    for (std::int64_t item = begin; item < end; ++item) {
      const std::int32_t* list = lists + item * held;
      const std::int32_t own = codes[item];
      std::int32_t alike = 0, known = 0;
      for (std::int64_t place = 0; place < near; ++place) {
        const std::int32_t label = codes[list[place]];
        if (label < 0) continue;
        ++known;
        alike += label == own;
        ballot.add(label);
      }
      same[item] = alike;
      labelled[item] = known;
      voted[item] = ballot.winner();
      std::int64_t* row =
          groups && groups[item] >= 0 ? table.data() + groups[item] * n_labels : nullptr;
      if (row)
        for (const std::int32_t label : ballot.seen) row[label] += ballot.votes[label];
      for (std::int64_t place = near; place < wide; ++place) {
        const std::int32_t label = codes[list[place]];
        if (label < 0) continue;
        ++known;
        alike += label == own;
        if (row) ++row[label];
      }
      wide_same[item] = alike;
      wide_labelled[item] = known;
      ballot.clear();
    }
    if (!groups) return;
    const std::lock_guard<std::mutex> only_one(adding);
    for (std::size_t cell = 0; cell < table.size(); ++cell) edges[cell] += table[cell];
  });
}
