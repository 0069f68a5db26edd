#pragma once

#include "keeper/attempt.h"
#include "keeper/keeper.h"

namespace ebb::keeper {

/// Takes over a job whose keeper was killed: lets it go on or holds it, as was wanted last, does what comes in at the
/// door, and writes down its end. It is nobody's child of ours: how it ended the kernel tells only since Linux 6.15;
/// else it is lost. What it used since its keeper died is not measured.
void adopt(Attempt& attempt, const Keep& with);

}  // namespace ebb::keeper
