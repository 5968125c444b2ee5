// The addon that tfjs-node loads. TensorFlow's library prints two lines before it reads
// TF_CPP_MIN_LOG_LEVEL, while the dynamic loader still runs its initialisers. This loads the real
// addon beside it with stderr set aside, drops those two lines, and passes on everything else,
// also when the library ends the process (a processor without AVX).
#include <dlfcn.h>
#include <limits.h>
#include <node_api.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <string>

namespace {

const char* const kExpected[] = {
    "All log messages before absl::InitializeLog() is called are written to STDERR",
    "oneDNN custom operations are on.",
};
const int kFatalSignals[] = {SIGABRT, SIGILL, SIGSEGV, SIGBUS};

int stderr_before = -1;
int set_aside = -1;

// Only functions that are safe in a signal handler.
void PassOnEverything(int signal_number) {
  char buffer[4096];
  lseek(set_aside, 0, SEEK_SET);
  for (ssize_t n; (n = read(set_aside, buffer, sizeof buffer)) > 0;) {
    if (write(stderr_before, buffer, n) < 0) break;
  }
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

void PassOnUnexpected() {
  std::string text;
  char buffer[4096];
  lseek(set_aside, 0, SEEK_SET);
  for (ssize_t n; (n = read(set_aside, buffer, sizeof buffer)) > 0;) text.append(buffer, n);
  for (size_t start = 0; start < text.size();) {
    size_t end = text.find('\n', start);
    end = end == std::string::npos ? text.size() : end + 1;
    const std::string line = text.substr(start, end - start);
    bool expected = false;
    for (const char* part : kExpected) expected |= line.find(part) != std::string::npos;
    if (!expected && write(STDERR_FILENO, line.data(), line.size()) < 0) return;
    start = end;
  }
}

std::string RealAddon() {
  Dl_info here;
  char path[PATH_MAX];
  if (!dladdr(reinterpret_cast<void*>(&RealAddon), &here)) return "";
  if (!realpath(here.dli_fname, path)) return "";
  std::string folder(path);
  return folder.substr(0, folder.rfind('/')) + "/tfjs_backend.node";
}

void* LoadQuietly(const std::string& path) {
  FILE* file = tmpfile();
  stderr_before = dup(STDERR_FILENO);
  if (!file || stderr_before < 0) return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  set_aside = fileno(file);
  struct sigaction pass_on = {}, before[4];
  pass_on.sa_handler = PassOnEverything;
  for (int i = 0; i < 4; i++) sigaction(kFatalSignals[i], &pass_on, &before[i]);
  dup2(set_aside, STDERR_FILENO);
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  dup2(stderr_before, STDERR_FILENO);
  for (int i = 0; i < 4; i++) sigaction(kFatalSignals[i], &before[i], nullptr);
  PassOnUnexpected();
  close(stderr_before);
  fclose(file);
  return library;
}

}  // namespace

NAPI_MODULE_INIT() {
  setenv("TF_CPP_MIN_LOG_LEVEL", "2", 0);  // errors only, unless the user wants more
  static void* library = LoadQuietly(RealAddon());
  if (!library) {
    napi_throw_error(env, nullptr, dlerror());
    return nullptr;
  }
  auto init = reinterpret_cast<napi_value (*)(napi_env, napi_value)>(
      dlsym(library, "napi_register_module_v1"));
  return init(env, exports);
}
