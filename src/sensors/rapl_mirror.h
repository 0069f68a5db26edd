#pragma once

#include <vector>

#include "sensors/rapl_channel.h"

namespace ebb::sensors {

/// Whether two counters are one register, shown twice: they move by the same counts at the same moments.
///
/// `since_boot`: they must show the same value too, which tells different ones apart at the first look. Otherwise looks
/// at both until they have moved three times (RAPL moves every ms), but at most 2,000 times; counters that stand still
/// all the while are one where their equal value is not 0.
bool mirrored(RawSource& a, RawSource& b, bool since_boot);

/// Takes out what mirrors an earlier counter of its domain and package, and warns of each.
void drop_mirrors(RaplFound& found);

}  // namespace ebb::sensors
