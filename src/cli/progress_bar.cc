#include "cli/progress_bar.h"

#include <fmt/format.h>

#include "time/text.h"

namespace ebb::cli {

ProgressBar::ProgressBar(const Arguments& arguments, const Context& context, std::string what)
    : context_(context), what_(std::move(what)), shown_(context.err_is_terminal && !arguments.has("--quiet")) {}

ProgressBar::~ProgressBar() {
  if (drawn_) context_.err("\r\033[K");
}

void ProgressBar::draw(std::size_t done, std::size_t total, time::Instant up_to) {
  if (!shown_) return;
  constexpr std::size_t kWidth = 24;
  const std::size_t full = total == 0 ? kWidth : kWidth * done / total;
  context_.err(fmt::format("\r\033[K{} [{:#<{}}{:.<{}}] {}/{}, to {}", what_, "", full, "", kWidth - full, done, total,
                           time::text_of(up_to).substr(0, 16) + "Z"));
  drawn_ = true;
}

}  // namespace ebb::cli
