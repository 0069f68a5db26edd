#pragma once

#include <string>

#include "exec/proc_stat.h"

namespace ebb::keeper {

/// Changes with each start of the machine: pids of another one say nothing. Empty where the kernel does not tell.
std::string boot_id();

exec::ProcessRef own_process();

/// Whether that very process lives, zombies not.
bool is_alive(const exec::ProcessRef& process, const std::string& proc = "/proc");

/// The oldest process that can be seen with "NAME=value" in the environment that it was started with; pid 0: none.
exec::ProcessRef find_by_variable(const std::string& entry, const std::string& proc = "/proc");

}  // namespace ebb::keeper
