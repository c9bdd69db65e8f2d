#include "analysis/page/document.hpp"

#include "analysis/page/html.hpp"

namespace superpod::analysis {

void Document::section(const std::string& id, const std::string& title, const std::string& content) {
  if (content.empty()) return;
  contents_ += "<li><a href='#" + id + "'>" + title + "</a></li>";
  body_ += "<section id='" + id + "' aria-labelledby='" + id + "-title'><h2 id='" + id + "-title'>" + title +
           "</h2>\n" + content + "</section>\n";
}

std::string Document::whole(const std::string& name, const std::string& answer) const {
  std::string sums, elements;
  if (!data_.empty()) elements += "<script type='application/json' id='data'>" + data_ + "</script>\n";
  for (const Script* script : scripts_) {
    sums += " '" + std::string{script->sum} + "'";
    elements += "<script>";
    for (const std::string_view piece : script->pieces) elements += piece;
    elements += "</script>\n";
  }
  return R"(<!DOCTYPE html>
<html lang='en'>
<head>
<meta charset='utf-8'>
<meta name='viewport' content='width=device-width, initial-scale=1'>
<meta http-equiv='Content-Security-Policy' content="default-src 'none'; style-src 'unsafe-inline'; script-src)" +
         sums + R"(">
<meta name='color-scheme' content='light dark'>
<title>)" +
         html(name.empty() ? "superpod" : name + " · superpod") + "</title>\n<style>\n" + style_ +
         "</style>\n</head>\n<body>\n<a class='skip' href='#content'>Skip to the answer</a>\n<div "
         "class='frame'>\n<nav aria-label='Sections'><ul>" +
         contents_ + "</ul></nav>\n<main id='content'>\n" + answer + body_ + "</main>\n</div>\n" + elements +
         "</body>\n</html>\n";
}

}  // namespace superpod::analysis
