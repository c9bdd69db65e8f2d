// Every page on every screen: whole, readable, quiet, and safe from what is written in a result.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {drawn, names, open} from './reader.mjs';

const widths = page => page.evaluate(() => ({page: document.documentElement.scrollWidth, window: innerWidth}));

for (const name of names)
  test(`${name} fits a phone and a desk, without errors or connections`, async () => {
    const page = await open(name);
    for (const chart of await page.locator('.chart').evaluateAll(all => all.map(one => one.dataset.chart))) await drawn(page, chart);
    for (const width of [1440, 390]) {
      await page.setViewportSize({width, height: 900});
      const seen = await widths(page);
      assert.equal(seen.window, width);
      assert.ok(seen.page <= width, `${seen.page} px`);
    }
    assert.deepEqual(page.errors, []);
    assert.deepEqual(page.requests, []);
  });

test('what is written in a result is shown and never run', async () => {
  const page = await open('hostile');
  assert.match(await page.locator('h1').textContent(), /^<\/script><script>alert\(1\)<\/script><img src=x onerror=alert\(2\)>/);
  await (await drawn(page, 'pareto')).press('ArrowRight');
  assert.match(await page.locator('.card b').textContent(), /<script>alert/);
  assert.equal(await page.evaluate(() => document.images.length), 0);
  assert.deepEqual(page.errors, []);
});

test('a script that is put into a page does not run', async () => {
  const page = await open('training');
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.equal(page.errors.length, 1);
  assert.match(page.errors[0], /Content Security Policy/);
});

test('text has a contrast of 4.5 in light, dark and print', async () => {
  for (const [name, how] of [['plan', {colorScheme: 'light'}], ['plan', {colorScheme: 'dark'}], ['comparison', {colorScheme: 'dark'}]]) {
    const page = await open(name, how);
    const contrast = () => page.evaluate(() => {
      const light = colour => {
        const [r, g, b] = colour.match(/[\d.]+/g).map(x => x / 255).map(x => x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
      };
      const behind = light(getComputedStyle(document.body).backgroundColor);
      const worst = Math.min(...[...document.querySelectorAll(
        'p, dt, dd, th, td, a, summary, code, legend, label, figcaption, .what, .unit, .grade, .chip, .card')].map(one => {
        const text = light(getComputedStyle(one).color);
        return (Math.max(text, behind) + .05) / (Math.min(text, behind) + .05);
      }));
      return {worst, behind};
    });
    const {worst, behind} = await contrast();
    assert.ok(worst >= 4.5, `${name} ${how.colorScheme}: ${worst}`);
    assert.ok(how.colorScheme === 'dark' ? behind < .05 : behind > .9);
    await page.emulateMedia({media: 'print'});
    const printed = await contrast();
    assert.ok(printed.worst >= 4.5 && printed.behind > .9, `${name} in print: ${printed.worst}`);
  }
});

test('a page prints with all its charts, also those that nobody has scrolled to', async () => {
  const page = await open('plan');
  const file = await page.pdf({format: 'A4'});
  assert.equal(file.subarray(0, 5).toString(), '%PDF-');
  assert.deepEqual(await page.locator('.drawn').evaluateAll(all => all.map(one => one.querySelectorAll('path').length > 5)), [true, true]);
});

test('without scripts every number is still there', async () => {
  const page = await open('plan', {javaScriptEnabled: false});
  assert.equal(await page.locator('.candidates tbody tr').count(), 7);
  assert.equal(await page.locator('#uncertainty .bars tbody tr').count(), 5);
  assert.equal(await page.locator('.chart').evaluateAll(all => all.filter(one => one.offsetParent).length), 0);
});

test('controls have names, images have texts, headings go down by one', async () => {
  for (const name of ['plan', 'comparison', 'sweep']) {
    const page = await open(name);
    for (const chart of name === 'plan' ? ['pareto', 'samples'] : name === 'sweep' ? ['points'] : []) await drawn(page, chart);
    const nameless = await page.evaluate(() => [...document.querySelectorAll('a, button, input, select, [tabindex="0"], [role=img]')]
      .filter(one => !(one.getAttribute('aria-label') || one.labels?.[0]?.textContent.trim() || one.textContent.trim()))
      .map(one => one.outerHTML.slice(0, 80)));
    assert.deepEqual(nameless, []);
    const levels = await page.locator('h1, h2, h3').evaluateAll(all => all.map(one => +one.tagName[1]));
    assert.equal(levels[0], 1);
    levels.reduce((before, level) => { assert.ok(level <= before + 1); return level; });
  }
});

test('charts keep still for readers who ask for it', async () => {
  const page = await open('plan', {reducedMotion: 'reduce'});
  await drawn(page, 'pareto');
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), 'auto');
  assert.equal(await page.locator('[data-chart=pareto] .drawn > div > svg').evaluate(svg => svg.getAnimations({subtree: true}).length), 0);
});
