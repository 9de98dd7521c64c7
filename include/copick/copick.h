// Everything: include this one, or the headers it names.
//
//   #include <copick/copick.h>
//
//   int main() {
//     copick::Root root = copick::open("copick_config.json");
//     for (const copick::Run& run : root.runs()) std::puts(run.name().c_str());
//   }
#pragma once

#include <copick/entities.h>
#include <copick/error.h>
#include <copick/limits.h>
#include <copick/log.h>
#include <copick/mapping.h>
#include <copick/open.h>
#include <copick/store.h>
#include <copick/uri.h>
