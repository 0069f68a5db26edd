#include "exec/proc_reader.h"

#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <utility>

#include "base/text.h"
#include "exec/kernel_file.h"
#include "exec/whole_number.h"

namespace ebb::exec {
namespace {

std::optional<pid_t> parse_pid(std::string_view text) {
  const auto pid = parse_whole<pid_t>(text);
  return pid && *pid > 0 ? pid : std::nullopt;
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

/// The entries of a folder that are numbers.
std::vector<pid_t> numbers_in(const std::string& path) {
  std::vector<pid_t> pids;
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir(path.c_str()));
  while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
    if (const auto pid = parse_pid(entry->d_name)) pids.push_back(*pid);
  }
  return pids;
}

}  // namespace

ProcReader::ProcReader(std::string proc) : proc_(std::move(proc)) {
  has_children_files_ = ::access((proc_ + "/thread-self/children").c_str(), R_OK) == 0;
}

void ProcReader::begin() {
  scanning_ = !has_children_files_ || threads_seen_ > processes_on_machine_;
  threads_seen_ = 0;
  children_.clear();
  if (scanning_) scan();
}

void ProcReader::scan() {
  const auto pids = numbers_in(proc_);
  processes_on_machine_ = pids.size();
  for (const pid_t pid : pids) {
    if (const auto stat = read_proc_stat(proc_, pid)) children_[stat->parent].push_back(pid);
  }
}

std::optional<ProcStat> ProcReader::stat(pid_t pid) {
  auto stat = read_proc_stat(proc_, pid);
  if (stat) threads_seen_ += stat->threads;
  return stat;
}

void ProcReader::children_of(pid_t pid, std::uint64_t threads, std::vector<pid_t>& out) {
  if (scanning_) {
    const auto found = children_.find(pid);
    if (found != children_.end()) out.insert(out.end(), found->second.begin(), found->second.end());
  } else if (threads == 1) {
    read_children(pid, pid, out);
  } else {
    for (const pid_t thread : numbers_in(fmt::format("{}/{}/task", proc_, pid))) read_children(pid, thread, out);
  }
}

void ProcReader::read_children(pid_t pid, pid_t thread, std::vector<pid_t>& out) const {
  const std::string path = fmt::format("{}/{}/task/{}/children", proc_, pid, thread);
  std::array<char, 4096> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the kernel
  std::string_view text = read_kernel_file(path, buffer);
  // The kernel gives what fits of a longer list, cut between two of them.
  constexpr std::size_t kLongestEntry = 16;
  base::Expected<std::string> whole = std::string();
  if (text.size() + kLongestEntry > buffer.size()) {
    whole = load_kernel_file(path);
    if (whole) text = *whole;
  }
  for (const auto word : base::split(base::trimmed(text), ' ')) {
    if (const auto child = parse_pid(word)) out.push_back(*child);
  }
}

}  // namespace ebb::exec
