// Charts and tables in use: by mouse, by keyboard, read aloud.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {drawn, open} from './reader.mjs';

const shapes = (page, chart) => page.locator(`[data-chart=${chart}] svg path`).evaluateAll(all => all.map(one => one.getAttribute('d')).join());

test('a chart is drawn when it comes into view, not before', async () => {
  const page = await open('plan');
  const pictures = page.locator('.drawn > div > svg');
  assert.equal(await pictures.count(), 0);
  await drawn(page, 'pareto');
  assert.equal(await pictures.count(), 1);
});

test('time is drawn against NPUs, power or cost', async () => {
  const page = await open('plan', {reducedMotion: 'reduce'}), place = await drawn(page, 'pareto'), seen = new Set();
  for (const [name, unit] of [['NPUs', 'NPUs'], ['Power', 'Power (MW)'], ['Cost', 'Cost (M USD)']]) {
    await page.getByRole('radio', {name}).check();
    await place.getByText(unit, {exact: true}).waitFor();
    seen.add(await shapes(page, 'pareto'));
  }
  assert.equal(seen.size, 3);
});

test('systems can be taken out of the chart', async () => {
  const page = await open('plan'), place = await drawn(page, 'pareto');
  const walk = async () => {
    const said = [];
    for (let i = 0; i < 7; ++i) {
      await place.press('ArrowRight');
      said.push(await page.locator('[data-chart=pareto] output').textContent());
    }
    return said;
  };
  assert.ok((await walk()).some(text => text.includes('H20 HGX')));
  await page.getByRole('checkbox', {name: 'H20 HGX'}).uncheck();
  assert.ok(!(await walk()).some(text => text.includes('H20 HGX')));
});

test('the keyboard walks from candidate to candidate and into the table', async () => {
  const page = await open('plan'), place = await drawn(page, 'pareto');
  await place.focus();
  await place.press('Home');
  const said = page.locator('[data-chart=pareto] output');
  assert.match(await said.textContent(), /GB200 NVL72.*Time to train: 58.1.d.*NPUs: 4,104.*Meets all limits/);
  await place.press('ArrowRight');
  assert.match(await said.textContent(), /H200 HGX.*Exceeds a limit/);
  assert.match(await page.locator('.card').textContent(), /H200 HGX/);
  await place.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'answer-5');
});

test('the pointer is told what it points at', async () => {
  const page = await open('plan', {reducedMotion: 'reduce'}), place = await drawn(page, 'pareto');
  const [x, y] = await place.locator('svg path').evaluateAll(all => all.map(one => one.getBoundingClientRect())
    .filter(({width, height}) => width > 8 && width < 24 && height > 8 && height < 24)
    .map(box => [box.x + box.width / 2, box.y + box.height / 2])[0]);
  await page.mouse.move(x, y);
  await page.locator('.card').waitFor();
  assert.match(await page.locator('.card').textContent(), /Time to train/);
});

test('a histogram is drawn of each sampled figure, and counts all samples', async () => {
  const page = await open('plan'), place = await drawn(page, 'samples');
  for (const name of ['Time to train', 'Step time']) {
    await page.locator('[data-chart=samples]').getByRole('radio', {name}).check();
    let sum = 0, before = '';
    for (;;) {
      await place.press('ArrowRight');
      const said = await page.locator('[data-chart=samples] output').textContent();
      if (said === before) break;
      sum += parseInt(before = said);
    }
    assert.equal(sum, 400);
  }
});

test('a sweep is drawn along any axis, in a line for each value of another', async () => {
  const page = await open('sweep', {reducedMotion: 'reduce'}), place = await drawn(page, 'points');
  await place.press('Home');
  assert.match(await page.locator('[data-chart=points] output').textContent(), /Step time: 0.7.s, Workload batch: 1,024/);
  const before = await shapes(page, 'points');
  await page.getByLabel('Up').selectOption('MFU');
  await place.getByText('MFU (%)', {exact: true}).waitFor();
  assert.notEqual(await shapes(page, 'points'), before);
  assert.equal(await page.locator('[data-chart=points] .legend li').count(), 4);
});

test('tables sort by number and by name', async () => {
  const page = await open('training'), table = page.locator('#kernels table'), first = table.locator('tbody tr td').first();
  const sorted = async name => { await table.getByRole('button', {name}).click(); return first.textContent(); };
  assert.equal(await sorted('Time (s)'), 'expert GEMM backward');
  assert.equal(await table.locator('th[aria-sort]').getAttribute('aria-sort'), 'descending');
  assert.equal(await sorted('Time (s)'), 'token permutation');
  assert.equal(await sorted('Name'), 'attention backward');
  const kernels = await open('kernels');
  await kernels.locator('#groups thead button').nth(2).click();
  assert.equal(await kernels.locator('#groups tbody a').first().textContent(), 'h200_sxm, copy');  // 10 % in the median before 5 %
});

test('inputs are filtered by grade and text', async () => {
  const page = await open('training'), shown = () => page.locator('#inputs tbody tr:visible').count();
  assert.equal(await shown(), 5);
  await page.getByRole('checkbox', {name: 'published'}).uncheck();
  assert.equal(await shown(), 2);
  await page.getByRole('searchbox').fill('predecessor');
  assert.equal(await shown(), 1);
});

test('a comparison says in words what is better, and shows what differs', async () => {
  const page = await open('comparison');
  assert.match(await page.locator('.verdict').textContent(), /Time to train is 48.39.d in B and 52.6.d in A/);
  const cost = page.locator('#answers tr', {hasText: 'Cost'});
  assert.match(await cost.textContent(), /\+28.8.M.USD.*\+7.0.%.*A is better/);
  assert.match(await page.locator('#answers tr', {hasText: 'Time to train'}).textContent(), /perhaps B/);
  assert.equal(await page.locator('#inputs tbody tr').count(), 1);
  assert.equal(await page.locator('#scenario ins').count(), 1);
});

test('labels of plots lie apart and can be read', async () => {
  const page = await open('kernels');
  const touching = await page.evaluate(() => [...document.querySelectorAll('.plot')].flatMap(plot => {
    const texts = [...plot.querySelectorAll('text:not([transform])')].map(text => [text.textContent, text.getBBox()]);
    return texts.flatMap(([a, p], i) => texts.slice(i + 1).filter(([, q]) =>  // a letter's box reaches beyond its digits
      p.x < q.x + q.width && q.x < p.x + p.width && p.y + 5 < q.y + q.height && q.y + 5 < p.y + p.height).map(([b]) => `${a} | ${b}`));
  }));
  assert.deepEqual(touching, []);
  const smallest = await page.locator('.plot text').evaluateAll(all => Math.min(...all.map(one => one.getBoundingClientRect().height)));
  assert.ok(smallest >= 11);
});
