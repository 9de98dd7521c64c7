#include "store/backends.h"

namespace copick::test {

const std::vector<Backend>& backends() {
  static QuickCalls quick;
  static PortableCalls portable;
  static PoorCalls poor;
  static const std::vector<Backend> all = {
      {"local", [] { return temporary_local_store(quick); }},
      {"local with POSIX calls only", [] { return temporary_local_store(portable); }},
      {"local without hard links", [] { return temporary_local_store(poor); }},
      {"memory", memory_store},
      {"prefix of local", [] { return store::prefix_store(temporary_local_store(quick), "a/b"); }},
      {"prefix of memory", [] { return store::prefix_store(memory_store(), "a/b"); }},
      {"counting memory", [] { return store::counting_store(memory_store()).store; }},
      {"faulty memory without faults",
       [] {
         return store::faulty_store(memory_store(), [](std::string_view, std::string_view) {});
       }},
  };
  return all;
}

}  // namespace copick::test
