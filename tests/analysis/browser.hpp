/// A page as a reader meets it: opened, used and measured in headless Chromium.
#pragma once

#include <stdlib.h>  // mkdtemp

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace superpod::analysis {

using nlohmann::json;

struct Window {
  int width = 1440;
  bool dark = false;
};

/// A folder that goes away with it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "superpod_page_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;  // a browser may still hold a file of its profile
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), pclose};
  std::string out;
  std::array<char, 4096> some{};
  while (pipe && fgets(some.data(), some.size(), pipe.get()) != nullptr) out += some.data();
  return out;
}

inline bool has_chromium() { return !output_of("command -v chromium").empty(); }

inline std::string inserted(std::string text, const std::string& before, const std::string& what) {
  return text.insert(text.rfind(before), what);
}

/// Opens `page` in a frame of the window's width, runs `steps` (the body of a function in which `$` finds an
/// element), and returns what they return, with all `errors` since the page was opened. The page draws at
/// once when it asks for the next picture, so that no step has to wait for one.
inline json browse(const std::string& page, const std::string& steps, Window window = {}) {
  const Folder folder;
  std::string watched = page;
  watched.insert(watched.find("<body>") + 6,
                 "<script>window.errors = []; window.requestAnimationFrame = draw => draw();"
                 " addEventListener('error', e => errors.push(e.message));"
                 "addEventListener('securitypolicyviolation', e => errors.push(e.blockedURI));"
                 "window.alert = text => errors.push('alert ' + text); console.error = text => "
                 "errors.push(text);</script>");
  watched = inserted(watched, "</body>",
                     "<script>addEventListener('load', () => {"
                     "const $ = s => document.querySelector(s);"
                     "let found = {}; try { found = (() => {" +
                         steps +
                         "})() } catch (e) { errors.push(String(e)) }"
                         "parent.postMessage(JSON.stringify({found, errors}), '*'); });</script>");
  std::ofstream{folder.path() / "page.html"} << watched;
  std::ofstream{folder.path() / "window.html"}
      << "<!DOCTYPE html><body><iframe src=page.html style='border:0;width:" << window.width
      << "px;height:900px'></iframe><script>addEventListener('message', e => document.body.textContent = "
         "['answer', "
         "encodeURIComponent(e.data), 'end'].join(':'));</script>";
  const std::string dom = output_of(
      "timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
      "--disable-sync "
      "--disable-background-networking --disable-component-update --disable-dev-shm-usage "
      "--window-size=1600,1000 "
      "--blink-settings=preferredColorScheme=" +
      std::string{window.dark ? "0" : "1"} +
      " --virtual-time-budget=3000 "
      "--user-data-dir=" +
      (folder.path() / "profile").string() + " --dump-dom file://" +
      (folder.path() / "window.html").string() + " 2>/dev/null");
  const std::size_t begin = dom.find("answer:");
  if (begin == std::string::npos) throw std::runtime_error{"the page did not answer: " + dom.substr(0, 400)};
  std::string text;
  for (std::size_t at = begin + 7; dom[at] != ':'; ++at) {
    if (dom[at] == '%') {
      text += static_cast<char>(std::stoi(dom.substr(at + 1, 2), nullptr, 16));
      at += 2;
    } else {
      text += dom[at];
    }
  }
  return json::parse(text);
}

}  // namespace superpod::analysis
