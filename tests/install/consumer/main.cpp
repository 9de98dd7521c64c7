// What a program of somebody else's looks like: it knows the installed headers and nothing of our
// tree.
#include <copick/copick.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  copick::Root root = copick::open(argv[1]);
  for (const copick::Run& run : root.runs()) std::printf("%s\n", run.name().c_str());
}
