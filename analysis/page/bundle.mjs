// node bundle.mjs MODULES OUT.cpp: styles and scripts of pages as C++ literals, so that the program needs no files.
//
// MODULES is the folder node_modules with the packages of package.json. Each script is bundled with what it imports;
// its SHA-256 is what a page's policy names it by, so that no other script runs there.
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [modules, out] = process.argv.slice(2);
const esbuild = createRequire(join(modules, 'packages.js'))('esbuild');

const styles = ['page', 'sections', 'charts', 'kernel', 'comparison'];
const scripts = {tables: 'tables.js', over_time: 'over_time/over_time.js', charts: 'charts/charts.js'};

// Compilers promise 65,536 characters of a literal.
const literals = text => text.match(/[^]{1,60000}/g).map(part => {
  if (part.includes(')asset"')) throw new Error('an asset holds what ends its literal');
  return `R"asset(${part})asset"`;
});

const bundled = async path => {
  const made = await esbuild.build({
    entryPoints: [join(here, 'scripts', path)], bundle: true, minify: true, write: false, format: 'iife',
    target: 'es2021', nodePaths: [modules], legalComments: 'inline', define: {'process.env.NODE_ENV': '"production"'},
  });
  const text = made.outputFiles[0].text;
  if (/<\/script|<!--/i.test(text)) throw new Error(`${path}: holds what ends a script element`);
  return text;
};

const parts = ['#include "analysis/page/assets.hpp"\n\nnamespace superpod::analysis {\n'];
for (const name of styles) {
  const [text, ...more] = literals(readFileSync(join(here, 'styles', `${name}.css`), 'utf8'));
  if (more.length > 0) throw new Error(`${name}.css is longer than a literal`);
  parts.push(`const std::string_view ${name}_css = ${text};\n`);
}
for (const [name, path] of Object.entries(scripts)) {
  const text = await bundled(path);
  const sum = createHash('sha256').update(text).digest('base64');
  parts.push(`const Script ${name}_script{{${literals(text).join(',\n')}}, "sha256-${sum}"};\n`);
}
parts.push('}  // namespace superpod::analysis\n');
writeFileSync(out, parts.join('\n'));
