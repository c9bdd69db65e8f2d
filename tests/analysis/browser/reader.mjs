// A reader with a browser: opens sample pages in headless Chromium and watches for errors and connections.
//
//     node FILE.mjs WRITE_SAMPLE_PAGES NODE_MODULES
//
// A test file ends with 77 (skipped) where there is no Chromium.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, afterEach} from 'node:test';
import {pathToFileURL} from 'node:url';

const [writer, modules] = process.argv.slice(2);
const executablePath = '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.log(`${executablePath} is not there`);
  process.exit(77);
}

const folder = mkdtempSync(join(tmpdir(), 'superpod_pages_'));
execFileSync(writer, [folder]);
const {chromium} = createRequire(join(modules, 'packages.js'))('playwright-core');
const browser = await chromium.launch({executablePath, args: [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']});
afterEach(() => Promise.all(browser.contexts().map(context => context.close())));
after(async () => {
  await browser.close();
  rmSync(folder, {recursive: true, force: true});
});

export const names = ['training', 'plan', 'sweep', 'collective', 'nothing', 'busy', 'hostile', 'comparison',
                      'hostile_comparison', 'kernels'];

// Opens a page; `page.errors` are those of scripts and of the policy, `page.requests` all but that for the page itself.
export const open = async (name, {width = 1440, ...how} = {}) => {
  const context = await browser.newContext({viewport: {width, height: 900}, ...how});
  const page = await context.newPage(), address = pathToFileURL(join(folder, `${name}.html`)).href;
  page.errors = [];
  page.requests = [];
  page.on('pageerror', error => page.errors.push(error.message));
  page.on('console', message => message.type() === 'error' && page.errors.push(message.text()));
  page.on('dialog', dialog => { page.errors.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', request => request.url() !== address && page.requests.push(request.url()));
  await page.goto(address);
  return page;
};

// Brings a chart into view and waits until it is drawn.
export const drawn = async (page, name) => {
  const place = page.locator(`[data-chart=${name}] .drawn`);
  await place.scrollIntoViewIfNeeded();
  await place.locator(':scope > div > svg').waitFor();
  return place;
};
