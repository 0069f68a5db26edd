#pragma once

#include <span>

#include "exec/job.h"
#include "exec/signals.h"
#include "time/clock.h"

namespace ebb::measure {

/// exec::LocalJob::wait_until() while there is no command of ours: a signal that came to this process, a descriptor
/// that can be read, or the deadline (Clock::steady), in this order.
exec::Event wait_without_job(exec::SignalInbox& inbox, const time::Clock& clock, time::Duration deadline,
                             std::span<const int> fds);

}  // namespace ebb::measure
