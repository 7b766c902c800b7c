// Tries a configuration out: boots one worker as a first start would, and lets it go before it serves.
#pragma once

#include <string>

#include "config/settings.hpp"
#include "master/seat.hpp"

namespace master {

// Why a worker can't boot with these settings, in one line; empty if one can. It opens no listener. Called
// instead of Master::run(), in a process of its own. [master]
std::string why_no_worker_boots(const config::Settings& settings, const WorkerMain& worker_main);

}  // namespace master
