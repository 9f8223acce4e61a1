#include "wardian/base/error_list.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace wardian {

void ErrorList::add(Error error) {
  std::vector<Error> beside = std::exchange(error.further, {});
  const auto same_place = [&](const Error& known) {
    if (!error.span || !known.span) return !error.span && !known.span && error.message == known.message;
    return known.span->begin == error.span->begin && known.span->end == error.span->end;
  };
  if (!full() && std::ranges::none_of(errors_, same_place)) errors_.push_back(std::move(error));
  for (Error& each : beside) add(std::move(each));
}

Error ErrorList::joined() && {
  assert(!errors_.empty());
  const auto place = [](const Error& error) { return error.span ? std::pair(false, error.span->begin) : std::pair(true, 0U); };
  std::ranges::stable_sort(errors_, {}, place);
  Error first = std::move(errors_.front());
  first.further.assign(std::make_move_iterator(errors_.begin() + 1), std::make_move_iterator(errors_.end()));
  errors_.clear();
  return first;
}

}  // namespace wardian
