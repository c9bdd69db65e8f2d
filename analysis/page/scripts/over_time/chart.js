// One chart: rows of items over the shared time, on a canvas.
import {actions, charts, end, pan, redraw, show, view, zoom} from './view.js';
import {all, clamp, colour, element, time} from './words.js';

// `kind`: {rows, items: [row][item], rowHeight, paint(brush, items, first, last), say(row, item), columns, cells(row, item)};
// items of a row are sorted by their start, and `reach` is the latest end of an item and those before it.
export const makeChart = (figure, kind) => {
  for (const items of kind.items) items.reduce((reach, item) => item.reach = Math.max(reach, item.to), 0);
  const canvas = figure.querySelector('canvas'), tip = figure.querySelector('.tip');
  const brush = canvas.getContext('2d');
  const axis = 22;
  let width = 0, gutter = 0, marked = null;

  const x = t => gutter + (t - view.from) / (view.to - view.from) * (width - gutter);
  const t = px => view.from + (px - gutter) / (width - gutter) * (view.to - view.from);
  const top = row => axis + row * kind.rowHeight;

  // The first item of a row that ends after `time`.
  const firstAfter = (items, time) => {
    let low = 0, high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (items[middle].reach > time) high = middle; else low = middle + 1;
    }
    return low;
  };

  const drawAxis = () => {
    const rough = (view.to - view.from) / Math.max(2, (width - gutter) / 110);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find(k => k * power >= rough) * power;
    brush.fillStyle = colour('--quiet');
    brush.strokeStyle = colour('--line');
    brush.textAlign = 'center';
    brush.beginPath();
    for (let i = Math.ceil(view.from / step); i * step <= view.to; ++i) {
      const at = Math.round(x(i * step)) + .5;
      brush.moveTo(at, axis - 4);
      brush.lineTo(at, top(kind.rows.length));
      const text = i === 0 ? '0' : time(i * step, view.to, step), half = brush.measureText(text).width / 2;
      if (at - half >= gutter - 4 && at + half <= width) brush.fillText(text, at, axis / 2 - 1);
    }
    brush.stroke();
    brush.textAlign = 'left';
  };

  const shortened = (text, room) => {
    if (brush.measureText(text).width <= room) return text;
    const letters = [...text];
    while (letters.length && brush.measureText(letters.join('') + '…').width > room) letters.pop();
    return letters.join('') + '…';
  };

  const draw = () => {
    width = canvas.clientWidth;
    const height = top(kind.rows.length) + 1, dots = window.devicePixelRatio || 1;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
    brush.setTransform(dots, 0, 0, dots, 0, 0);
    brush.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    brush.textBaseline = 'middle';
    gutter = Math.min(Math.max(...kind.rows.map(name => brush.measureText(name).width)) + 12, width * .28);
    drawAxis();
    kind.rows.forEach((name, row) => {
      brush.fillStyle = colour('--ink');
      if (kind.rowHeight >= 12 || row % Math.ceil(12 / kind.rowHeight) === 0)
        brush.fillText(shortened(name, gutter - 12), 0, top(row) + kind.rowHeight / 2);
    });
    brush.save();
    brush.beginPath();
    brush.rect(gutter, 0, width - gutter, height);
    brush.clip();
    kind.items.forEach((items, row) => {
      const first = firstAfter(items, view.from);
      let last = first;
      while (last < items.length && items[last].from < view.to) ++last;
      kind.paint(brush, items.slice(first, last), top(row), x);
    });
    if (marked) {
      const item = kind.items[marked.row][marked.index];
      brush.strokeStyle = colour('--ink');
      brush.lineWidth = 2;
      brush.strokeRect(x(item.from), top(marked.row) + 1, Math.max(2, x(item.to) - x(item.from)), kind.rowHeight - 2);
      brush.lineWidth = 1;
    }
    brush.restore();
    placeTip();
    if (details.open) fillDetails();
  };

  // Below the item that it tells about, while that is in view.
  const placeTip = () => {
    const item = marked && kind.items[marked.row][marked.index];
    tip.hidden = !item || item.to < view.from || item.from > view.to;
    if (tip.hidden) return;
    const middle = clamp((x(item.from) + x(item.to)) / 2, gutter, width);
    tip.style.left = `${clamp(middle - tip.offsetWidth / 2, 0, Math.max(0, width - tip.offsetWidth))}px`;
    tip.style.top = `${top(marked.row) + kind.rowHeight + 6}px`;
  };

  const mark = next => {
    if (next?.row === marked?.row && next?.index === marked?.index) return;
    marked = next;
    if (marked) {
      const [title, ...rest] = kind.say(marked.row, kind.items[marked.row][marked.index]);
      tip.replaceChildren(element('b', title), ...rest.flatMap(line => [document.createElement('br'), line]));
    }
    redraw();
  };

  const itemAt = event => {
    const box = canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top - axis) / kind.rowHeight);
    if (!(row >= 0 && row < kind.rows.length) || event.clientX - box.left < gutter) return null;
    const reach = (view.to - view.from) / (width - gutter);  // one pixel, so that the thinnest item can be pointed at
    const at = t(event.clientX - box.left), items = kind.items[row];
    for (let index = firstAfter(items, at - reach); items[index]?.from <= at + reach; ++index)
      if (items[index].to >= at - reach) return {row, index};
    return null;
  };

  // Pointers: one drags, two pinch, none but a mouse hovers.
  const down = new Map();
  canvas.addEventListener('pointerdown', event => {
    down.set(event.pointerId, event.clientX);
    canvas.setPointerCapture(event.pointerId);
    mark(itemAt(event));
  });
  canvas.addEventListener('pointermove', event => {
    if (!down.has(event.pointerId)) return mark(itemAt(event));
    const left = canvas.getBoundingClientRect().left, before = [...down.values()].map(px => t(px - left));
    down.set(event.pointerId, event.clientX);
    const now = [...down.values()].map(px => px - left - gutter), room = width - gutter;
    if (now.length === 1) {
      const shift = before[0] - t(now[0] + gutter);
      show(view.from + shift, view.to + shift);
    } else if (Math.abs(now[1] - now[0]) > 8) {  // keep both times under their fingers
      const span = Math.abs((before[1] - before[0]) / (now[1] - now[0])) * room;
      show(before[0] - now[0] / room * span, before[0] - now[0] / room * span + span);
    }
  });
  for (const name of ['pointerup', 'pointercancel'])
    canvas.addEventListener(name, event => down.delete(event.pointerId));
  canvas.addEventListener('pointerleave', () => document.activeElement === canvas || mark(null));
  canvas.addEventListener('dblclick', event => zoom(1 / 2, t(event.clientX - canvas.getBoundingClientRect().left)));
  canvas.addEventListener('wheel', event => {
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey || event.metaKey)
      zoom(2 ** clamp(event.deltaY / 100, -1, 1), t(event.clientX - canvas.getBoundingClientRect().left));
    else if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) pan(sideways / (width - gutter));
    else return;  // an upright wheel scrolls the page
    event.preventDefault();
  }, {passive: false});

  // Keys: arrows walk from item to item, and the view follows.
  const walk = (rows, items) => {
    const from = marked ?? {row: 0, index: firstAfter(kind.items[0], view.from) - Math.sign(items)};
    const row = clamp(from.row + rows, 0, kind.rows.length - 1), list = kind.items[row];
    if (!list.length) return;
    const middle = marked ? (kind.items[from.row][from.index].from + kind.items[from.row][from.index].to) / 2 : view.from;
    const index = clamp(rows ? firstAfter(list, middle) : from.index + items, 0, list.length - 1);
    const {from: start, to: finish} = list[index], span = view.to - view.from;
    if (start < view.from || finish > view.to) show((start + finish - span) / 2, (start + finish + span) / 2);
    mark({row, index});
  };
  const keys = {
    ArrowLeft: shift => shift ? pan(-.25) : walk(0, -1), ArrowRight: shift => shift ? pan(.25) : walk(0, 1),
    ArrowUp: () => walk(-1, 0), ArrowDown: () => walk(1, 0), '+': actions.in, '=': actions.in, '-': actions.out,
    '0': actions.fit, Home: actions.fit, Escape: () => mark(null),
  };
  canvas.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key](event.shiftKey);
  });
  canvas.addEventListener('blur', () => mark(null));

  const buttons = figure.querySelector('.buttons');
  buttons.hidden = false;
  all('button', buttons).forEach(button => button.addEventListener('click', actions[button.dataset.act]));

  // The text alternative: the items in view, as many as can be read.
  const details = figure.querySelector('[data-lazy]'), most = 500;
  const fillDetails = () => {
    const found = [];
    let count = 0;
    kind.items.forEach((items, row) => {
      for (let i = firstAfter(items, view.from); i < items.length && items[i].from < view.to; ++i)
        if (++count <= most) found.push(kind.cells(row, items[i]));
    });
    const table = element('table', '', {class: 'data'}), head = table.createTHead().insertRow(), body = table.createTBody();
    for (const name of kind.columns) head.append(element('th', name, {scope: 'col'}));
    for (const cells of found) {
      const row = body.insertRow();
      cells.forEach(cell => { row.insertCell().textContent = cell; });
    }
    const said = `${time(view.from, end)} to ${time(view.to, end)}: ${count.toLocaleString('en')} items` +
      (count > most ? `, the first ${most} of them below; zoom in for others.` : '.');
    const scroll = element('div', '', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Items in view'});
    scroll.append(table);
    details.lastElementChild.replaceChildren(element('p', said, {class: 'lead'}), scroll);
  };
  details.addEventListener('toggle', () => details.open && fillDetails());

  new ResizeObserver(redraw).observe(canvas.parentElement);
  charts.push({draw});
};
