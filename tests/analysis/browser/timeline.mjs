// The charts over time: walked through, zoomed and moved by keyboard, mouse and fingers.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {open} from './reader.mjs';

const timeline = page => page.locator('[data-chart=timeline]');
const canvas = page => timeline(page).locator('canvas');
const range = async page => (await timeline(page).locator('[data-lazy] .lead').textContent()).split(':')[0];
const unfolded = async page => {
  await page.locator('[data-lazy] > summary').first().click();
  await page.locator('[data-lazy] > summary').nth(1).click();
};

test('arrow keys walk from slot to slot, and what they meet is read aloud', async () => {
  const page = await open('training'), said = [];
  await canvas(page).focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Escape']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(30);
    const tip = timeline(page).locator('output.tip');
    said.push(await tip.isVisible() ? await tip.textContent() : 'nothing');
  }
  assert.match(said[0], /forward, microbatch 0/);
  assert.match(said[1], /forward, microbatch 1/);
  assert.match(said[2], /stage 1/);
  assert.equal(said[3], 'nothing');
});

test('keys zoom and move, and the part in view is announced', async () => {
  const page = await open('training');
  await unfolded(page);
  await canvas(page).focus();
  await page.keyboard.press('+');
  await page.waitForTimeout(400);
  assert.equal(await range(page), '0.962 s to 2.887 s');  // the middle half of 3.849 s
  assert.equal(await timeline(page).locator('.zoomed').textContent(), 'Showing 0.962 s to 2.887 s');
  await page.keyboard.press('Shift+ArrowRight');
  await page.waitForTimeout(50);
  assert.equal(await range(page), '1.443 s to 3.368 s');  // a quarter of that later
  await page.keyboard.press('0');
  await page.waitForTimeout(50);
  assert.equal(await range(page), '0.000 s to 3.849 s');
});

test('both charts zoom together by button, and back', async () => {
  const page = await open('training');
  await unfolded(page);
  for (const [name, expected] of [['Zoom in', '0.962 s to 2.887 s'], ['Later', '1.604 s to 3.528 s'], ['Show all', '0.000 s to 3.849 s']]) {
    await timeline(page).getByRole('button', {name}).click();
    await page.waitForTimeout(50);
    for (const text of await page.locator('[data-lazy] .lead').allTextContents()) assert.equal(text.split(':')[0], expected);
  }
});

test('the wheel zooms with Ctrl and scrolls the page without; dragging moves', async () => {
  const page = await open('training');
  await unfolded(page);
  const box = await canvas(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await page.mouse.wheel(0, 120);
  await page.waitForTimeout(50);
  assert.equal(await range(page), '0.000 s to 3.849 s');
  await canvas(page).scrollIntoViewIfNeeded();
  const now = await canvas(page).boundingBox();
  await page.mouse.move(now.x + now.width / 2, now.y + 60);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await page.waitForTimeout(50);
  const zoomed = await range(page);
  assert.notEqual(zoomed, '0.000 s to 3.849 s');
  await page.mouse.down();
  await page.mouse.move(now.x + now.width / 2 - 150, now.y + 60, {steps: 3});
  await page.mouse.up();
  await page.waitForTimeout(50);
  assert.ok(parseFloat(await range(page)) > parseFloat(zoomed));
});

test('two fingers zoom', async () => {
  const page = await open('training', {width: 390, hasTouch: true});
  await unfolded(page);
  await canvas(page).scrollIntoViewIfNeeded();
  const {x, y, width} = await canvas(page).boundingBox(), devtools = await page.context().newCDPSession(page);
  const touch = (type, apart) => devtools.send('Input.dispatchTouchEvent', {type, touchPoints: type === 'touchEnd' ? [] :
    [-1, 1].map((side, id) => ({x: x + width * .6 + side * apart / 2, y: y + 60, id}))});
  await touch('touchStart', 40);
  for (const apart of [60, 80, 120]) await touch('touchMove', apart);
  await touch('touchEnd');
  await page.waitForTimeout(60);
  const [from, to] = (await range(page)).split(' to ').map(parseFloat);
  assert.ok(to - from < 3.849 * .6, `${from} to ${to}`);
});

test('the slot under the pointer says what it is', async () => {
  // Along the middle of the third row: rows of 30 px begin 22 px below the top. The first slot of stage 2 starts at
  // 228 ms, after two forwards of 110 ms and two sends of 4 ms.
  const page = await open('training');
  await canvas(page).scrollIntoViewIfNeeded();
  const said = await canvas(page).evaluate(async canvas => {
    const box = canvas.getBoundingClientRect(), tip = canvas.parentElement.querySelector('.tip'), seen = new Set();
    for (let x = 0; x < box.width; x += 4) {
      canvas.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + x, clientY: box.top + 22 + 2.5 * 30}));
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      if (!tip.hidden) seen.add(tip.textContent);
    }
    return [...seen];
  });
  assert.equal(said.length, 17);  // eight forwards, eight backwards and the optimizer
  assert.match(said[0], /forward, microbatch 0stage 20.228 s to 0.338 s: 110.0 ms/);
});

test('each phase is painted in the colour of its legend, in light and dark', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const page = await open('training', {colorScheme});
    assert.deepEqual(await canvas(page).evaluate(canvas => {
      const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data, painted = new Set();
      for (let i = 0; i < all.length; i += 4) painted.add(`rgb(${all[i]}, ${all[i + 1]}, ${all[i + 2]})`);
      return [...document.querySelectorAll('#timeline .legend .key')].map(key => painted.has(getComputedStyle(key).backgroundColor));
    }), [true, true, true]);
  }
});

test('of ten thousand slots the first that are in view are listed', async () => {
  const page = await open('busy');
  await page.locator('[data-lazy] > summary').first().click();
  await timeline(page).getByRole('button', {name: 'Show all'}).click();
  await page.waitForTimeout(100);
  assert.equal(await page.locator('[data-lazy] tbody').first().locator('tr').count(), 500);
  assert.match(await page.locator('[data-lazy] .lead').first().textContent(), /10,000 items/);
});
